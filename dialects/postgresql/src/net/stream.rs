//! The stream that everything above works with: plain or TLS over TCP or a Unix socket.

use std::fmt;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::socket::PlainSocket;
use super::{Deadline, Ready};
use crate::config::Keepalives;

/// Where a stream leads: enough to reach the very same server again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The address that was connected to.
    Tcp(SocketAddr),
    /// The path of the socket.
    Unix(PathBuf),
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Peer::Tcp(address) => address.fmt(f),
            Peer::Unix(path) => path.display().fmt(f),
        }
    }
}

/// A connected stream.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: PlainSocket,
    peer: Peer,
}

impl Stream {
    /// Connects to one address.
    ///
    /// # Errors
    /// The system's, and `TimedOut` when the deadline passes before.
    pub(crate) fn connect(
        peer: &Peer,
        keepalives: &Keepalives,
        user_timeout: Option<Duration>,
        deadline: Deadline,
    ) -> io::Result<Self> {
        let socket = match peer {
            Peer::Tcp(address) => PlainSocket::tcp(*address, keepalives, user_timeout, deadline)?,
            Peer::Unix(path) => PlainSocket::unix(Path::new(path), deadline)?,
        };
        Ok(Stream { socket, peer: peer.clone() })
    }

    /// Where this stream leads.
    pub(crate) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Waits for bytes, at least one, or the end of the stream (0).
    ///
    /// # Errors
    /// The system's, and `TimedOut` when the deadline passes before.
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.socket.read(buffer, deadline)
    }

    /// Reads what is there without waiting; `None` when nothing is, 0 at the end of the stream.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        self.socket.try_read(buffer)
    }

    /// Writes everything, as few calls as the kernel allows.
    ///
    /// # Errors
    /// The system's, and `TimedOut` when the deadline passes before.
    pub(crate) fn write_all(&mut self, pieces: &[&[u8]], deadline: Deadline) -> io::Result<()> {
        let mut slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        let mut left = slices.as_mut_slice();
        IoSlice::advance_slices(&mut left, 0);
        while !left.is_empty() {
            match self.socket.try_write(left)? {
                0 => drop(self.socket.wait(false, true, deadline)?),
                written => IoSlice::advance_slices(&mut left, written),
            }
        }
        Ok(())
    }

    /// Writes what can be written without waiting; 0 when nothing can.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.try_write(&[IoSlice::new(bytes)])
    }

    /// Waits until bytes can be read or written.
    ///
    /// # Errors
    /// `TimedOut` when the deadline passes before.
    pub(crate) fn wait(
        &mut self,
        read: bool,
        write: bool,
        deadline: Deadline,
    ) -> io::Result<Ready> {
        self.socket.wait(read, write, deadline)
    }
}
