//! What a session hears of its server: notices and notifications.

use std::time::Duration;

use aludel::abi::host::Limits;
use aludel::dbapi::{Notice, Notification};

use crate::flaw::{Flaw, Step};
use crate::session::{Session, done};

impl Session {
    /// All notices that have not been taken yet, oldest first.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect fails.
    pub fn notices(&mut self) -> Step<Vec<Notice>> {
        self.note("take notices");
        let mut notices = Vec::new();
        while let Some(notice) = done("next_notice", self.raw().next_notice())? {
            notices.push(notice);
            if notices.len() > MOST {
                return Err(Flaw::mismatch("next_notice", "an end", format!("{MOST} notices")));
            }
        }
        Ok(notices)
    }

    /// The next notification; `None` when none comes in time.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn notification(&mut self, within: Duration) -> Step<Option<Notification>> {
        self.note("wait for a notification");
        done("next_notification", self.raw().next_notification(Limits::within(within)))
    }
}

/// More notices than any case has sent.
const MOST: usize = 10_000;
