//! How much the other end of a local connection has not read yet.
//!
//! TCP does not tell a sender this, only what has arrived; the kernel does, since it holds the other
//! end too: through `sock_diag`, which looks one connection up. Its table in `/proc` would have to be
//! read as a whole, at 25 ms a time.

use std::net::{IpAddr, SocketAddr, TcpStream};
use std::os::fd::AsRawFd;

use nix::libc;
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
};

/// Message types: a question for a connection by its ends, and the answer.
const SOCK_DIAG_BY_FAMILY: u16 = 20;
/// Where the receive queue stands in the answer: behind its head, four bytes and the ends.
const QUEUE: usize = 16 + 4 + 48 + 4;

/// Bytes that lie in the receive queue of the peer of `stream`; none when it is not on this
/// machine, or gone.
pub(crate) fn by_peer(stream: &TcpStream) -> Option<u64> {
    let question = question(stream.peer_addr().ok()?, stream.local_addr().ok()?);
    let protocol = SockProtocol::NetlinkSockDiag;
    let kernel =
        socket(AddressFamily::Netlink, SockType::Raw, SockFlag::SOCK_CLOEXEC, protocol).ok()?;
    send(kernel.as_raw_fd(), &question, MsgFlags::empty()).ok()?;
    let mut answer = [0; 1024];
    // The kernel answers while it is asked, so this does not wait.
    let length = recv(kernel.as_raw_fd(), &mut answer, MsgFlags::MSG_DONTWAIT).ok()?;
    let answer = &answer[..length];
    if answer.get(4..6)? != SOCK_DIAG_BY_FAMILY.to_ne_bytes() {
        return None;
    }
    let queue = answer.get(QUEUE..QUEUE + 4)?.try_into().ok()?;
    Some(u32::from_ne_bytes(queue).into())
}

/// The question for the socket that is bound to `local` and connected to `remote`.
fn question(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    let family = if local.is_ipv4() { libc::AF_INET } else { libc::AF_INET6 };
    let mut body = vec![family as u8, libc::IPPROTO_TCP as u8, 0, 0];
    // In whatever state.
    body.extend(u32::MAX.to_ne_bytes());
    body.extend(local.port().to_be_bytes());
    body.extend(remote.port().to_be_bytes());
    body.extend(address(local.ip()));
    body.extend(address(remote.ip()));
    // By any interface, and without the kernel's own number for it.
    body.extend([0; 4]);
    body.extend([0xff; 8]);

    let mut message = Vec::with_capacity(16 + body.len());
    message.extend((16 + body.len() as u32).to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend((libc::NLM_F_REQUEST as u16).to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    message
}

/// Sixteen bytes; an IPv4 address takes the first four.
fn address(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => {
            let mut bytes = [0; 16];
            bytes[..4].copy_from_slice(&ip.octets());
            bytes
        }
        IpAddr::V6(ip) => ip.octets(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;

    fn seen_on(address: &str) {
        let listener = TcpListener::bind(address).unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        assert_eq!(by_peer(&client), Some(0));
        client.write_all(b"abc").unwrap();
        server.peek(&mut [0]).unwrap();
        assert_eq!(by_peer(&client), Some(3));
        server.read_exact(&mut [0; 2]).unwrap();
        assert_eq!(by_peer(&client), Some(1));
        assert_eq!(by_peer(&server), Some(0));
    }

    #[test]
    fn what_the_peer_has_not_read_is_seen_until_it_reads() {
        seen_on("127.0.0.1:0");
        // Some machines have no IPv6.
        if TcpListener::bind("[::1]:0").is_ok() {
            seen_on("[::1]:0");
        }
    }
}
