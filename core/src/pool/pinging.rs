//! Testing connections: those that are about to be handed out, and idle ones.

use std::time::{Duration, Instant};

use super::call::Call;
use super::core::Core;
use super::manager::Manager;
use super::record::Record;
use super::timed::took;
use crate::error::{Error, Result};

/// What became of asking a connection whether it works.
pub(super) enum Tested {
    /// It does, or need not be asked.
    Passed,
    /// It does not; with `others`, those that are as old are taken not to work either.
    Failed { error: Error, others: bool },
    /// No time was left for it.
    Late,
}

impl<M: Manager> Core<M> {
    /// Pre-ping, where it is asked for and due.
    pub(super) fn test(&self, record: &mut Record<M>, call: &Call, fresh: bool) -> Tested {
        if !self.config.pre_ping {
            return Tested::Passed;
        }
        let number = record.number;
        if fresh {
            let text = format_args!("Connection {number} is fresh, skipping pre-ping");
            self.say_in_detail(number, text);
            return Tested::Passed;
        }
        let ping_idle = self.config.ping_idle;
        if !ping_idle.is_zero()
            && record.times.is_some_and(|times| times.last_used.elapsed() < ping_idle)
        {
            let text = format_args!("Connection {number} was used just now, skipping pre-ping");
            self.say_in_detail(number, text);
            return Tested::Passed;
        }
        let Some(connection) = &mut record.connection else { return Tested::Passed };
        let limit = self.config.ping_timeout;
        let Some(within) = call.left_of(limit) else { return Tested::Late };
        let hurried = (within < limit).then(Instant::now);
        self.say_in_detail(number, format_args!("Pool pre-ping on connection {number}"));
        let Err(error) = self.ping(connection, within) else { return Tested::Passed };
        // What one connection has met, all others have met as well, unless it was only the end of what
        // was left of the caller's time.
        let out_of_time = hurried.is_some_and(|begun| begun.elapsed() >= within);
        let others = !out_of_time && self.manager.loss_is_of_all(connection, &error);
        let which = if others { "pool" } else { "connection" };
        let text =
            format_args!("Pool pre-ping on connection {number} failed, will invalidate {which}");
        self.say_in_detail(number, text);
        Tested::Failed { error, others }
    }

    /// Asks a connection whether it works.
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
