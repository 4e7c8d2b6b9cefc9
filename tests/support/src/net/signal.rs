//! A flag that wakes whoever waits for sockets.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// Raised by one thread, seen by every other one that waits with it.
#[derive(Debug)]
pub(crate) struct Signal {
    raise: UnixStream,
    seen: UnixStream,
}

impl Signal {
    /// A signal that is not raised.
    ///
    /// # Errors
    /// When the system has no descriptor left.
    pub(crate) fn new() -> io::Result<Self> {
        let (raise, seen) = UnixStream::pair()?;
        raise.set_nonblocking(true)?;
        seen.set_nonblocking(true)?;
        Ok(Self { raise, seen })
    }

    /// Raises it; it stays so until it is lowered.
    pub(crate) fn raise(&self) {
        // Full means that it is raised already.
        let _ = (&self.raise).write(&[1]);
    }

    /// Lowers it.
    pub(crate) fn lower(&self) {
        while matches!((&self.seen).read(&mut [0; 64]), Ok(64)) {}
    }

    /// Whether it is raised now.
    pub(crate) fn is_raised(&self) -> bool {
        self.wait(&[], Some(Instant::now()))
    }

    /// Waits until one of `others` is ready, the signal is raised, or the time has come.
    ///
    /// Returns whether the signal is raised.
    pub(crate) fn wait(
        &self,
        others: &[(BorrowedFd<'_>, PollFlags)],
        until: Option<Instant>,
    ) -> bool {
        let mut fds = vec![PollFd::new(self.seen.as_fd(), PollFlags::POLLIN)];
        fds.extend(others.iter().map(|(fd, events)| PollFd::new(*fd, *events)));
        loop {
            match poll(&mut fds, timeout(until)) {
                Ok(0) if until.is_some_and(|until| Instant::now() < until) => {}
                Err(Errno::EINTR) => {}
                _ => return fds[0].any().unwrap_or(false),
            }
        }
    }

    /// Reads from a stream that does not block, until the time has come or the signal is raised.
    ///
    /// # Errors
    /// [`ErrorKind::TimedOut`], [`ErrorKind::Interrupted`] when the signal is raised, else what the
    /// stream reports.
    pub(crate) fn read(
        &self,
        mut stream: &super::Stream,
        buffer: &mut [u8],
        until: Instant,
    ) -> io::Result<usize> {
        loop {
            match stream.read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.ready(stream.as_fd(), PollFlags::POLLIN, until)?;
                }
                other => return other,
            }
        }
    }

    /// Writes all bytes to a stream that does not block.
    ///
    /// # Errors
    /// As [`Signal::read`].
    pub(crate) fn write(
        &self,
        mut stream: &super::Stream,
        mut bytes: &[u8],
        until: Instant,
    ) -> io::Result<()> {
        while !bytes.is_empty() {
            match stream.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.ready(stream.as_fd(), PollFlags::POLLOUT, until)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn ready(&self, fd: BorrowedFd<'_>, events: PollFlags, until: Instant) -> io::Result<()> {
        if self.wait(&[(fd, events)], Some(until)) {
            return Err(ErrorKind::Interrupted.into());
        }
        if Instant::now() >= until {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl AsFd for Signal {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.seen.as_fd()
    }
}

/// In whole milliseconds, rounded up, so that poll does not return before the time.
fn timeout(until: Option<Instant>) -> PollTimeout {
    let Some(until) = until else {
        return PollTimeout::NONE;
    };
    let left = until.saturating_duration_since(Instant::now());
    let left = left + Duration::from_nanos(999_999);
    PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX)
}
