//! A connected socket: made within a deadline, set up as the settings say, read and written.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::socket::{MsgFlags, recv, send, sendmsg};
use socket2::{Domain, Protocol, SockAddr, Socket, TcpKeepalive, Type};

use super::{Deadline, poll};
use crate::config::Keepalives;

/// A connected socket in blocking mode; calls that must not wait say so one by one.
#[derive(Debug)]
pub(super) struct PlainSocket(Socket);

/// A write to a closed peer is an error, never a signal that ends the program.
#[cfg(not(target_vendor = "apple"))]
const NO_SIGNAL: MsgFlags = MsgFlags::MSG_NOSIGNAL;
/// Here the socket itself is told so when it is made.
#[cfg(target_vendor = "apple")]
const NO_SIGNAL: MsgFlags = MsgFlags::empty();

impl PlainSocket {
    /// Connects over TCP and sets up what was asked for.
    pub(super) fn tcp(
        address: SocketAddr,
        keepalives: &Keepalives,
        user_timeout: Option<Duration>,
        deadline: Deadline,
    ) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_tcp_nodelay(true)?;
        set_keepalives(&socket, keepalives)?;
        #[cfg(any(target_os = "linux", target_os = "android", target_os = "fuchsia"))]
        if let Some(time) = user_timeout {
            socket.set_tcp_user_timeout(Some(time))?;
        }
        connect_tcp(&socket, &address.into(), deadline)?;
        Ok(PlainSocket(socket))
    }

    /// Connects to a Unix socket.
    pub(super) fn unix(path: &Path, deadline: Deadline) -> io::Result<Self> {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        connect_unix(&socket, &SockAddr::unix(path)?, deadline)?;
        Ok(PlainSocket(socket))
    }

    /// Reads what is there, at least one byte, or the end (0), until the deadline.
    pub(super) fn read(&self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        if deadline.is_set() {
            self.wait(true, false, deadline)?;
        }
        again(|| recv(self.fd(), buffer, MsgFlags::empty()))
    }

    /// Reads what is there; `None` when nothing is.
    pub(super) fn try_read(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        unless_blocked(again(|| recv(self.fd(), buffer, MsgFlags::MSG_DONTWAIT)))
    }

    /// Writes as much as the kernel takes at once, several pieces in one call.
    pub(super) fn try_write(&self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let flags = MsgFlags::MSG_DONTWAIT | NO_SIGNAL;
        let written = match pieces {
            [piece] => again(|| send(self.fd(), piece, flags)),
            pieces => again(|| sendmsg::<()>(self.fd(), pieces, &[], flags, None)),
        };
        Ok(unless_blocked(written)?.unwrap_or(0))
    }

    /// Waits until the socket can be read or written.
    pub(super) fn wait(
        &self,
        read: bool,
        write: bool,
        deadline: Deadline,
    ) -> io::Result<poll::Ready> {
        poll::wait(self.0.as_fd(), read, write, deadline)
    }

    /// Writes everything.
    pub(super) fn write_all(
        &self,
        mut pieces: &mut [IoSlice<'_>],
        deadline: Deadline,
    ) -> io::Result<()> {
        while !pieces.is_empty() {
            match self.try_write(pieces)? {
                0 => drop(self.wait(false, true, deadline)?),
                written => IoSlice::advance_slices(&mut pieces, written),
            }
        }
        Ok(())
    }

    fn fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl AsFd for PlainSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Connects without blocking, so that the deadline holds while the peer does not answer.
fn connect_tcp(socket: &Socket, address: &SockAddr, deadline: Deadline) -> io::Result<()> {
    deadline.check()?;
    socket.set_nonblocking(deadline.is_set())?;
    match socket.connect(address) {
        // A signal interrupts the wait and not the connection.
        Err(error) if is_under_way(&error) => {
            poll::wait(socket.as_fd(), false, true, deadline)?;
            socket.take_error()?.map_or(Ok(()), Err)?;
        }
        connected => connected?,
    }
    socket.set_nonblocking(false)
}

fn is_under_way(error: &io::Error) -> bool {
    [Errno::EINPROGRESS, Errno::EINTR]
        .iter()
        .any(|errno| error.raw_os_error() == Some(*errno as i32))
}

/// Connects within a timeout of the kernel's: a Unix socket whose queue is full has nothing that
/// could be polled.
fn connect_unix(socket: &Socket, address: &SockAddr, deadline: Deadline) -> io::Result<()> {
    loop {
        deadline.check()?;
        socket.set_write_timeout(deadline.remaining())?;
        match socket.connect(address) {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) => {}
            connected => {
                connected?;
                return socket.set_write_timeout(None);
            }
        }
    }
}

fn set_keepalives(socket: &Socket, keepalives: &Keepalives) -> io::Result<()> {
    socket.set_keepalive(keepalives.enabled)?;
    if !keepalives.enabled {
        return Ok(());
    }
    let mut settings = TcpKeepalive::new();
    if let Some(idle) = keepalives.idle {
        settings = settings.with_time(idle);
    }
    if let Some(interval) = keepalives.interval {
        settings = settings.with_interval(interval);
    }
    if let Some(count) = keepalives.count {
        settings = settings.with_retries(count);
    }
    socket.set_tcp_keepalive(&settings)
}

fn again(mut call: impl FnMut() -> nix::Result<usize>) -> io::Result<usize> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            result => return Ok(result?),
        }
    }
}

fn unless_blocked(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::sync::LazyLock;

    use super::*;
    use crate::config::tests::config;

    /// It outlives the sockets, since a system may not tell the options of one that was reset.
    static PEER: LazyLock<TcpListener> =
        LazyLock::new(|| TcpListener::bind("127.0.0.1:0").expect("a free port of the loopback"));

    /// A socket as the options of a URL have it, connected to the peer.
    fn connected(options: &str) -> Socket {
        let address = PEER.local_addr().unwrap();
        let config = config(&format!("postgresql://u@{address}/d?{options}"));
        let (keepalives, user_timeout) = (&config.keepalives, config.tcp_user_timeout);
        // With a deadline and without one the socket is connected in two ways.
        let [socket, other] = [Deadline::NEVER, Deadline::after(Duration::from_secs(60))]
            .map(|deadline| PlainSocket::tcp(address, keepalives, user_timeout, deadline).unwrap());
        assert_eq!(kept_alive(&socket.0), kept_alive(&other.0), "{options}");
        socket.0
    }

    /// Whether the kernel asks at all, the idle time, the interval and the count.
    fn kept_alive(socket: &Socket) -> (bool, Duration, Duration, u32) {
        (
            socket.keepalive().unwrap(),
            socket.tcp_keepalive_time().unwrap(),
            socket.tcp_keepalive_interval().unwrap(),
            socket.tcp_keepalive_retries().unwrap(),
        )
    }

    /// What the system gives a socket of which nothing was asked.
    fn of_the_system() -> (bool, Duration, Duration, u32) {
        kept_alive(&Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP)).unwrap())
    }

    #[test]
    fn a_socket_is_kept_alive_as_the_options_say_and_else_as_the_system_does() {
        let seconds = Duration::from_secs;
        let all = "keepalives=1&keepalives_idle=41&keepalives_interval=7&keepalives_count=5";
        assert_eq!(kept_alive(&connected(all)), (true, seconds(41), seconds(7), 5));
        let (_, idle, interval, count) = of_the_system();
        assert_eq!(kept_alive(&connected("")), (true, idle, interval, count));
        let (one, zero) = (connected("keepalives_count=3"), connected("keepalives_idle=0"));
        assert_eq!(kept_alive(&one), (true, idle, interval, 3));
        assert_eq!(kept_alive(&zero), (true, idle, interval, count), "0 is the system's");
    }

    #[test]
    fn a_socket_is_not_kept_alive_when_the_options_say_so() {
        let off = connected("keepalives=0&keepalives_idle=41&keepalives_count=5");
        assert_eq!(kept_alive(&off), of_the_system());
        assert!(!off.keepalive().unwrap());
    }

    #[test]
    fn small_messages_are_sent_at_once_and_the_socket_blocks() {
        for options in ["", "keepalives=0", "tcp_user_timeout=1500"] {
            let socket = connected(options);
            assert!(socket.tcp_nodelay().unwrap() && !socket.nonblocking().unwrap(), "{options}");
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android", target_os = "fuchsia"))]
    #[test]
    fn unacknowledged_data_ends_the_connection_after_the_time_in_milliseconds() {
        let time = |options: &str| connected(options).tcp_user_timeout().unwrap();
        assert_eq!(time("tcp_user_timeout=1500"), Some(Duration::from_millis(1500)));
        assert_eq!(time("tcp_user_timeout=0"), time(""), "0 is the system's");
    }
}
