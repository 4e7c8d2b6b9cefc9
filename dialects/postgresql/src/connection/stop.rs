//! Getting rid of what the server still does or sends: by reading it, or by a cancel.

use std::time::Duration;

use aludel::error::{Error, Result};

use super::link::{Link, fail};
use crate::net::Deadline;
use crate::wire::WireError;

/// Time that the server has to answer a cancel after the deadline of a call.
const GRACE: Duration = Duration::from_secs(3);

/// Time after which a server that has not stopped is told again: a cancel that arrives before the
/// statement does is lost.
const AGAIN: Duration = Duration::from_millis(100);

/// Time that a query has to end that nobody reads any more and that was cancelled.
const STOP_PATIENCE: Duration = Duration::from_secs(5);

/// Rest of a result that is rather read than cancelled, in bytes.
const DRAIN_LIMIT: usize = 1 << 20;

/// Time to wait for the next bytes of such a rest.
const DRAIN_PATIENCE: Duration = Duration::from_millis(5);

impl Link {
    /// The deadline has passed: the server is told to stop, and gets a moment to say that it has.
    ///
    /// # Errors
    /// For every other failure, and when the moment has passed as well.
    #[cold]
    pub(super) fn recover_from(&mut self, error: WireError) -> Result<()> {
        if !error.is_timeout() || self.talk.owed == 0 {
            return Err(self.broken(error));
        }
        if !self.talk.is_late {
            self.talk.is_late = true;
            self.grace = Deadline::after(GRACE);
            self.cut_short();
        } else if self.grace.has_passed() {
            return Err(self.broken(error));
        }
        self.deadline = self.grace;
        self.stop();
        self.deadline = self.grace.earlier(Deadline::after(AGAIN));
        Ok(())
    }

    /// Reads and discards until the server is ready.
    ///
    /// # Errors
    /// When the connection breaks; errors that the server reports concern nobody.
    pub(super) fn drain(&mut self) -> Result<()> {
        let result = self.until_ready(None, |_| Ok(()));
        if self.alive { Ok(()) } else { result }
    }

    /// Reads and discards what is there or comes at once, up to a limit; true when the server is
    /// ready then.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn drain_soon(&mut self) -> Result<bool> {
        let mut left = DRAIN_LIMIT;
        while self.talk.owed > 0 {
            let next = self.inbox.peek().map_err(|error| fail(&mut self.alive, error))?;
            if let Some(message) = next {
                let Some(rest) = left.checked_sub(message.body.len()) else { return Ok(false) };
                left = rest;
                self.receive_aside()?;
                continue;
            }
            let soon = Deadline::after(DRAIN_PATIENCE).earlier(self.deadline);
            match self.inbox.fill(&mut self.stream, soon) {
                Ok(()) => {}
                Err(error) if error.is_timeout() => return Ok(false),
                Err(error) => return Err(self.broken(error)),
            }
        }
        Ok(true)
    }

    /// Has the server stop, and reads and discards what it sent before; a server that does not stop
    /// is given up.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn drain_stopped(&mut self) -> Result<()> {
        self.stop();
        let own = self.deadline;
        self.deadline = own.earlier(Deadline::after(STOP_PATIENCE));
        let drained = self.drain();
        self.deadline = own;
        drained?;
        self.check_no_late_cancel()
    }

    /// Gives the connection up when a cancel may still hit what runs on it next.
    ///
    /// # Errors
    /// When that is so.
    pub(super) fn check_no_late_cancel(&mut self) -> Result<()> {
        if !self.running.is_at_risk() {
            return Ok(());
        }
        self.alive = false;
        Err(at_risk())
    }

    /// Takes the message at the front, whatever it is.
    pub(super) fn receive_aside(&mut self) -> Result<()> {
        let message = self.inbox.next().map_err(|error| fail(&mut self.alive, error))?;
        let message = message.expect("invariant: the message that was looked at is there");
        let is_aside = self.talk.is_aside(message.tag);
        let noted = if is_aside { self.talk.put_aside(message) } else { self.talk.note(message) };
        noted.map_err(|error| fail(&mut self.alive, error))
    }

    /// Has the server stop what it does. When it cannot be told it goes on, and so does the call.
    pub(super) fn stop(&self) {
        let deadline = self.deadline.earlier(Deadline::after(GRACE));
        self.running.stop(deadline).ok();
    }
}

#[cold]
fn at_risk() -> Error {
    Error::operational(
        "the connection was given up: a cancel was sent and not seen to be taken, \
         and could hit any later statement",
    )
    .with_sqlstate("08006")
    .with_help("connect again")
    .disconnected()
}
