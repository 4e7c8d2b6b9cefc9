//! Asking a connection whether it still works.

use std::time::Duration;

use super::core::Core;
use super::manager::Manager;
use super::timed::took;
use crate::error::Result;

impl<M: Manager> Core<M> {
    pub(super) fn ping(&self, connection: &mut M::Connection, within: Duration) -> Result<()> {
        let (answered, took) = took(self.timed.is_some(), || self.manager.ping(connection, within));
        match &answered {
            Ok(()) => self.stats.pings.add(),
            Err(_) => self.stats.pings_failed.add(),
        }
        if let (Some(timed), Some(took)) = (&self.timed, took) {
            timed.ping.record(took);
        }
        answered
    }
}
