//! What comes while nothing was asked: the end of the session, notices, notifications.

use aludel::dbapi::Notification;
use aludel::error::Result;

use super::link::{Link, fail, unexpected};
use crate::error::from_server;
use crate::wire::ErrorFields;

impl Link {
    /// Takes in what came while the connection was idle.
    pub(super) fn hear(&mut self) -> Result<()> {
        match self.inbox.fill_now(&mut self.stream) {
            Ok(false) if self.inbox.is_empty() => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(self.broken(error)),
        }
        while let Some(message) = self.inbox.next().map_err(|error| fail(&mut self.alive, error))? {
            if message.tag == b'E' {
                self.alive = false;
                return Err(from_server(&ErrorFields::parse(message.body), None).disconnected());
            }
            if !self.talk.is_aside(message.tag) {
                return Err(fail(&mut self.alive, unexpected(message.tag)));
            }
            self.talk.put_aside(message).map_err(|error| fail(&mut self.alive, error))?;
        }
        Ok(())
    }

    /// A notification that has come.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn notification_now(&mut self) -> Result<Option<Notification>> {
        self.hear()?;
        Ok(self.talk.unasked.next_notification())
    }

    /// Waits for a notification until the deadline.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn next_notification(&mut self) -> Result<Option<Notification>> {
        loop {
            let notification = self.notification_now()?;
            if notification.is_some() {
                return Ok(notification);
            }
            match self.inbox.fill(&mut self.stream, self.deadline) {
                Ok(()) => {}
                Err(error) if error.is_timeout() => return Ok(None),
                Err(error) => return Err(self.broken(error)),
            }
        }
    }
}
