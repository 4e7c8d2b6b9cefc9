//! A free port of this machine that can be closed and opened again.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::os::fd::{AsRawFd, OwnedFd};

use nix::sys::socket::{
    AddressFamily, Backlog, SockFlag, SockType, SockaddrIn, bind, getsockname, listen, setsockopt,
    socket, sockopt,
};

/// A port on 127.0.0.1, kept by a socket that never listens, so that nobody else is given it
/// while it is closed.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddrV4,
    _keeper: OwnedFd,
}

impl Port {
    /// Takes a free port, on which nobody listens yet: connections are refused.
    ///
    /// # Errors
    /// What the system reports.
    pub(crate) fn free() -> io::Result<Self> {
        let keeper = bound(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
        let address: SockaddrIn = getsockname(keeper.as_raw_fd())?;
        Ok(Self { address: address.into(), _keeper: keeper })
    }

    /// The address that a client connects to.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address.into()
    }

    /// Listens, with room for `backlog` connections that nobody has accepted.
    ///
    /// # Errors
    /// What the system reports.
    pub(crate) fn listen(&self, backlog: i32) -> io::Result<TcpListener> {
        let fd = bound(self.address)?;
        listen(&fd, Backlog::new(backlog)?)?;
        Ok(TcpListener::from(fd))
    }
}

/// A socket on this address that does not block.
fn bound(address: SocketAddrV4) -> io::Result<OwnedFd> {
    let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
    let fd = socket(AddressFamily::Inet, SockType::Stream, flags, None)?;
    // The keeper and the listener have the same address.
    setsockopt(&fd, sockopt::ReuseAddr, &true)?;
    bind(fd.as_raw_fd(), &SockaddrIn::from(address))?;
    Ok(fd)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::net::TcpStream;

    #[test]
    fn a_port_refuses_listens_and_refuses_again() {
        let port = Port::free().unwrap();
        let refused = |port: &Port| TcpStream::connect(port.address()).unwrap_err().kind();
        assert_eq!(refused(&port), ErrorKind::ConnectionRefused);
        for _ in 0..3 {
            let listener = port.listen(8).unwrap();
            let client = TcpStream::connect(port.address()).unwrap();
            // Accepted connections must not keep the port from being opened again.
            listener.set_nonblocking(false).unwrap();
            let accepted = listener.accept().unwrap();
            drop(listener);
            assert_eq!(refused(&port), ErrorKind::ConnectionRefused);
            drop((accepted, client));
        }
    }

    #[test]
    fn a_closed_port_is_given_to_nobody_else() {
        let port = Port::free().unwrap();
        drop(port.listen(8).unwrap());
        let flags = SockFlag::SOCK_CLOEXEC;
        let other = socket(AddressFamily::Inet, SockType::Stream, flags, None).unwrap();
        let taken = bind(other.as_raw_fd(), &SockaddrIn::from(port.address));
        assert_eq!(taken, Err(nix::errno::Errno::EADDRINUSE));
    }
}
