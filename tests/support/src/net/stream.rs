//! A connection over TCP or a Unix socket that can also be torn.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use nix::sys::socket::{setsockopt, sockopt};

use super::{kernel, unread};

/// Bytes that are thrown away at most before an orderly close.
const DRAIN: usize = 16 << 20;

/// A connected stream that does not block.
#[derive(Debug)]
pub(crate) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Takes over an accepted connection: no blocking, and each write is sent at once.
    ///
    /// # Errors
    /// What the system reports.
    pub(crate) fn accepted(tcp: TcpStream) -> io::Result<Self> {
        tcp.set_nonblocking(true)?;
        tcp.set_nodelay(true)?;
        Ok(Self::Tcp(tcp))
    }

    /// Sends the end of file; the other direction goes on.
    pub(crate) fn end_writing(&self) {
        // A stream that is gone has nobody to tell.
        let _ = match self {
            Self::Tcp(tcp) => tcp.shutdown(Shutdown::Write),
            Self::Unix(unix) => unix.shutdown(Shutdown::Write),
        };
    }

    /// Tears the connection: over TCP the peer sees a reset, never an end of file.
    ///
    /// A Unix socket has no reset but for bytes that were not read; its peer sees the end.
    pub(crate) fn reset(self) {
        if let Self::Tcp(tcp) = &self {
            let now = libc::linger { l_onoff: 1, l_linger: 0 };
            // Fails only for what is no socket.
            let _ = setsockopt(tcp, sockopt::Linger, &now);
        }
    }

    /// Closes as a program does that has read everything: the peer sees the end of file.
    ///
    /// What it sends later is answered by a reset.
    pub(crate) fn close(self) {
        // A close with bytes unread would be a reset.
        let mut buffer = [0; 4096];
        let mut drained = 0;
        while let Ok(count @ 1..) = (&self).read(&mut buffer)
            && drained < DRAIN
        {
            drained += count;
        }
    }

    /// Segments with data that arrived; none where the system does not tell.
    pub(crate) fn segments_in(&self) -> Option<u64> {
        match self {
            Self::Tcp(tcp) => Some(kernel::counters(tcp).segments_in),
            Self::Unix(_) => None,
        }
    }

    /// Whether everything that was written has left for the peer.
    pub(crate) fn is_sent(&self) -> bool {
        match self {
            Self::Tcp(tcp) => kernel::counters(tcp).unsent == 0,
            Self::Unix(_) => true,
        }
    }

    /// Whether the peer has read everything; true as well where the system does not tell.
    pub(crate) fn is_read(&self) -> bool {
        match self {
            Self::Tcp(tcp) => unread::by_peer(tcp).unwrap_or(0) == 0,
            Self::Unix(_) => true,
        }
    }
}

impl Read for &Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Tcp(tcp) => (&mut &*tcp).read(buffer),
            Stream::Unix(unix) => (&mut &*unix).read(buffer),
        }
    }
}

impl Write for &Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Tcp(tcp) => (&mut &*tcp).write(bytes),
            Stream::Unix(unix) => (&mut &*unix).write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Self::Tcp(tcp) => tcp.as_fd(),
            Self::Unix(unix) => unix.as_fd(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::net::TcpListener;

    /// A client, and a server's end at which bytes lie unread.
    fn unread() -> (TcpStream, Stream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(&[7; 10_000]).unwrap();
        let (server, _) = listener.accept().unwrap();
        server.peek(&mut [0]).unwrap();
        (client, Stream::accepted(server).unwrap())
    }

    #[test]
    fn a_close_is_an_end_of_file_even_with_bytes_unread() {
        let (mut client, server) = unread();
        server.close();
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    }

    #[test]
    fn a_reset_is_none() {
        let (mut client, server) = unread();
        server.reset();
        assert_eq!(client.read(&mut [0]).unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
}
