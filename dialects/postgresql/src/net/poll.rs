//! Waiting until a socket can be read or written, or the deadline passes.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::Deadline;

/// What can be done without waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ready {
    /// Bytes, the end of the stream, or an error can be read.
    pub(crate) readable: bool,
    /// Bytes can be written, or an error is reported by doing so.
    pub(crate) writable: bool,
}

/// Waits until one of the wanted is possible.
///
/// # Errors
/// `TimedOut` when the deadline passes before, or has passed: a peer that never falls silent must
/// not keep us beyond it.
pub(super) fn wait(
    socket: BorrowedFd<'_>,
    read: bool,
    write: bool,
    deadline: Deadline,
) -> io::Result<Ready> {
    let mut wanted = PollFlags::empty();
    wanted.set(PollFlags::POLLIN, read);
    wanted.set(PollFlags::POLLOUT, write);
    deadline.check()?;
    loop {
        let mut sockets = [PollFd::new(socket, wanted)];
        let found = match poll(&mut sockets, timeout(deadline)) {
            Ok(found) => found,
            Err(Errno::EINTR) => 0,
            Err(error) => return Err(error.into()),
        };
        if found > 0 {
            let events = sockets[0].revents().unwrap_or(PollFlags::POLLERR);
            let over =
                events.intersects(PollFlags::POLLERR | PollFlags::POLLHUP | PollFlags::POLLNVAL);
            return Ok(Ready {
                readable: read && (over || events.contains(PollFlags::POLLIN)),
                writable: write && (over || events.contains(PollFlags::POLLOUT)),
            });
        }
        deadline.check()?;
    }
}

/// Rounded up to the next millisecond, so that the wait does not end before the deadline.
fn timeout(deadline: Deadline) -> PollTimeout {
    let Some(left) = deadline.remaining() else { return PollTimeout::NONE };
    let left = left.saturating_add(Duration::from_nanos(999_999)).as_millis();
    PollTimeout::from(u16::try_from(left).unwrap_or(u16::MAX))
}
