//! TLS over a socket: records in and out, without waiting longer than the caller does.

use std::io::{self, IoSlice, Read, Write};
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

use super::certificate::Certificate;
use crate::net::socket::PlainSocket;
use crate::net::{Deadline, Ready};

/// Room for several records, so that a large result does not cost a system call for each.
const ROOM: usize = 64 << 10;

/// An encrypted conversation.
pub(in crate::net) struct TlsSession {
    tls: Box<ClientConnection>,
    /// Bytes from the socket that rustls has not taken.
    arrived: Box<[u8]>,
    start: usize,
    end: usize,
}

impl TlsSession {
    /// Shakes hands.
    pub(in crate::net) fn begin(
        socket: &PlainSocket,
        config: Arc<ClientConfig>,
        name: ServerName<'static>,
        deadline: Deadline,
    ) -> io::Result<Self> {
        let tls = Box::new(ClientConnection::new(config, name).map_err(io::Error::other)?);
        let arrived = vec![0; ROOM].into_boxed_slice();
        let mut session = TlsSession { tls, arrived, start: 0, end: 0 };
        while session.tls.is_handshaking() {
            session.flush(socket, deadline)?;
            if session.tls.is_handshaking() && !session.receive(socket, deadline)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        session.flush(socket, deadline)?;
        Ok(session)
    }

    /// The hash that binds SCRAM to this channel; `None` where the certificate has none.
    pub(in crate::net) fn server_end_point(&self) -> Option<Vec<u8>> {
        let certificate = self.tls.peer_certificates()?.first()?;
        Certificate::read(certificate)?.end_point_hash(certificate)
    }

    /// The protocol that ALPN agreed on.
    pub(in crate::net) fn application_protocol(&self) -> Option<&[u8]> {
        self.tls.alpn_protocol()
    }

    /// Waits for bytes; as much as has come already, at least one byte, or 0 at the end.
    pub(in crate::net) fn read(
        &mut self,
        socket: &PlainSocket,
        buffer: &mut [u8],
        deadline: Deadline,
    ) -> io::Result<usize> {
        loop {
            if let Some(count) = self.read_decrypted(buffer)? {
                return Ok(count);
            }
            if !self.receive(socket, deadline)? {
                return Ok(0);
            }
        }
    }

    /// As [`TlsSession::read`], without waiting: `None` when nothing is there.
    pub(in crate::net) fn try_read(
        &mut self,
        socket: &PlainSocket,
        buffer: &mut [u8],
    ) -> io::Result<Option<usize>> {
        loop {
            if let Some(count) = self.read_decrypted(buffer)? {
                return Ok(Some(count));
            }
            // A peer that takes nothing more may have said why before.
            let flushed = self.flush_now(socket);
            match socket.try_read(&mut self.arrived)? {
                None => return flushed.map(|_| None),
                Some(0) => return Ok(Some(0)),
                Some(count) => (self.start, self.end) = (0, count),
            }
        }
    }

    /// Encrypts and writes everything.
    pub(in crate::net) fn write_all(
        &mut self,
        socket: &PlainSocket,
        mut pieces: &mut [IoSlice<'_>],
        deadline: Deadline,
    ) -> io::Result<()> {
        while !pieces.is_empty() {
            let taken = self.tls.writer().write_vectored(pieces)?;
            IoSlice::advance_slices(&mut pieces, taken);
            if !pieces.is_empty() {
                self.flush(socket, deadline)?;
            }
        }
        self.flush(socket, deadline)
    }

    /// Takes bytes and writes what can be written; 0 when earlier ones still wait. What was taken
    /// and not written follows with the next call of any method here.
    pub(in crate::net) fn try_write(
        &mut self,
        socket: &PlainSocket,
        bytes: &[u8],
    ) -> io::Result<usize> {
        if !self.flush_now(socket)? {
            return Ok(0);
        }
        let taken = self.tls.writer().write(bytes)?;
        self.flush_now(socket)?;
        Ok(taken)
    }

    /// Waits until there may be something to read, or bytes can be taken.
    pub(in crate::net) fn wait(
        &mut self,
        socket: &PlainSocket,
        read: bool,
        write: bool,
        deadline: Deadline,
    ) -> io::Result<Ready> {
        loop {
            if read && self.has_decrypted()? {
                return Ok(Ready { readable: true, writable: false });
            }
            let pending = self.tls.wants_write();
            let ready = socket.wait(read, write || pending, deadline)?;
            let flushed = !ready.writable || self.flush_now(socket)?;
            let writable = write && ready.writable && flushed;
            if ready.readable || writable {
                return Ok(Ready { readable: ready.readable, writable });
            }
        }
    }

    /// Tells the peer that this is the end, if it can be told at once.
    pub(in crate::net) fn say_goodbye(&mut self, socket: &PlainSocket) -> io::Result<()> {
        self.tls.send_close_notify();
        self.flush_now(socket).map(drop)
    }

    /// Copies out what is decrypted, and decrypts what has arrived, while there is room.
    fn read_decrypted(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let mut total = 0;
        loop {
            match self.tls.reader().read(&mut buffer[total..]) {
                // Either the end, or no more room.
                Ok(0) => return Ok(Some(total)),
                Ok(count) => total += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if !self.decrypt()? {
                        return Ok((total > 0).then_some(total));
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn has_decrypted(&mut self) -> io::Result<bool> {
        loop {
            let state = self.tls.process_new_packets().map_err(broken)?;
            if state.plaintext_bytes_to_read() > 0 || state.peer_has_closed() {
                return Ok(true);
            }
            if !self.decrypt()? {
                return Ok(false);
            }
        }
    }

    /// Gives rustls some of what has arrived; false when there is nothing.
    fn decrypt(&mut self) -> io::Result<bool> {
        if self.start == self.end {
            return Ok(false);
        }
        let mut arrived = &self.arrived[self.start..self.end];
        let taken = self.tls.read_tls(&mut arrived)?;
        self.start += taken;
        self.tls.process_new_packets().map_err(broken)?;
        Ok(true)
    }

    /// Waits for bytes of the peer, and writes what still waits when it can; false at the end. A
    /// peer that does not read before it was read from is no deadlock.
    fn receive(&mut self, socket: &PlainSocket, deadline: Deadline) -> io::Result<bool> {
        while self.tls.wants_write() && !self.flush_now(socket)? {
            if socket.wait(true, true, deadline)?.readable {
                break;
            }
        }
        if self.start == self.end {
            let count = socket.read(&mut self.arrived, deadline)?;
            (self.start, self.end) = (0, count);
        }
        match self.decrypt() {
            Ok(more) => Ok(more),
            Err(error) => {
                // The alert that says why; whether it arrives does not change the error.
                drop(self.flush_now(socket));
                Err(error)
            }
        }
    }

    fn flush(&mut self, socket: &PlainSocket, deadline: Deadline) -> io::Result<()> {
        while !self.flush_now(socket)? {
            socket.wait(false, true, deadline)?;
        }
        Ok(())
    }

    /// Writes what can be written; true when nothing is left.
    fn flush_now(&mut self, socket: &PlainSocket) -> io::Result<bool> {
        while self.tls.wants_write() {
            match self.tls.write_tls(&mut Outlet(socket)) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}

impl std::fmt::Debug for TlsSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TlsSession")
            .field("version", &self.tls.protocol_version())
            .finish_non_exhaustive()
    }
}

fn broken(error: rustls::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// Writes records to the socket without waiting.
struct Outlet<'a>(&'a PlainSocket);

impl Write for Outlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match self.0.try_write(pieces)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            written => Ok(written),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
