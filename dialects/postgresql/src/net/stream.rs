//! The stream that everything above works with: plain or TLS over TCP or a Unix socket.

use std::fmt;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;

use super::socket::PlainSocket;
use super::tls::TlsSession;
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
            // A NUL begins the names of Linux's abstract sockets, and is written as @.
            Peer::Unix(path) => f.write_str(&path.display().to_string().replace('\0', "@")),
        }
    }
}

/// A connected stream.
#[derive(Debug)]
pub(crate) struct Stream {
    socket: PlainSocket,
    tls: Option<TlsSession>,
    peer: Peer,
}

/// Pieces of a flight that go out by one system call.
const PIECES: usize = 16;

impl Stream {
    /// Connects to one address.
    ///
    /// # Errors
    /// The system's, and `TimedOut` when the deadline passes before, as for every method here.
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
        Ok(Stream { socket, tls: None, peer: peer.clone() })
    }

    /// Encrypts everything from here on.
    ///
    /// # Errors
    /// A `rustls::Error` inside when it is TLS that fails.
    pub(crate) fn start_tls(
        mut self,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        deadline: Deadline,
    ) -> io::Result<Self> {
        self.tls = Some(TlsSession::begin(&self.socket, config, name, deadline)?);
        Ok(self)
    }

    /// Where this stream leads.
    pub(crate) fn peer(&self) -> &Peer {
        &self.peer
    }

    /// True when nobody between here and the server can read along.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// The hash that binds SCRAM to this channel (RFC 5929, `tls-server-end-point`); `None` without
    /// TLS, and where the server's certificate has none.
    pub(crate) fn tls_server_end_point(&self) -> Option<Vec<u8>> {
        self.tls.as_ref()?.server_end_point()
    }

    /// The protocol that the server chose by ALPN.
    pub(crate) fn application_protocol(&self) -> Option<&[u8]> {
        self.tls.as_ref()?.application_protocol()
    }

    /// Waits for bytes, at least one, or the end of the stream (0).
    ///
    /// # Errors
    /// As [`Stream::connect`].
    #[inline]
    pub(crate) fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        match &mut self.tls {
            None => self.socket.read(buffer, deadline),
            Some(tls) => tls.read(&self.socket, buffer, deadline),
        }
    }

    /// Reads what is there without waiting; `None` when nothing is, 0 at the end of the stream.
    ///
    /// # Errors
    /// The system's.
    #[inline]
    pub(crate) fn try_read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        match &mut self.tls {
            None => self.socket.try_read(buffer),
            Some(tls) => tls.try_read(&self.socket, buffer),
        }
    }

    /// Writes everything, by as few system calls as the kernel allows.
    ///
    /// # Errors
    /// As [`Stream::connect`].
    pub(crate) fn write_all(&mut self, pieces: &[&[u8]], deadline: Deadline) -> io::Result<()> {
        for pieces in pieces.chunks(PIECES) {
            let mut slices = [IoSlice::new(&[]); PIECES];
            for (slice, piece) in slices.iter_mut().zip(pieces) {
                *slice = IoSlice::new(piece);
            }
            let mut left = &mut slices[..pieces.len()];
            IoSlice::advance_slices(&mut left, 0);
            match &mut self.tls {
                None => self.socket.write_all(left, deadline)?,
                Some(tls) => tls.write_all(&self.socket, left, deadline)?,
            }
        }
        Ok(())
    }

    /// Writes what can be written without waiting; 0 when nothing can.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.tls {
            None => self.socket.try_write(&[IoSlice::new(bytes)]),
            Some(tls) => tls.try_write(&self.socket, bytes),
        }
    }

    /// Waits until bytes may be read or written; with TLS it may turn out that none can.
    ///
    /// # Errors
    /// As [`Stream::connect`].
    pub(crate) fn wait(
        &mut self,
        read: bool,
        write: bool,
        deadline: Deadline,
    ) -> io::Result<Ready> {
        match &mut self.tls {
            None => self.socket.wait(read, write, deadline),
            Some(tls) => tls.wait(&self.socket, read, write, deadline),
        }
    }

    /// Sends these last bytes and closes, without waiting for anything: what the kernel does not
    /// take at once is lost, and a server that is gone is no error.
    pub(crate) fn finish(mut self, last: &[u8]) {
        if self.try_write(last).is_ok()
            && let Some(tls) = &mut self.tls
        {
            drop(tls.say_goodbye(&self.socket));
        }
    }
}
