//! What an engine is to tell of its work, under which name, and where.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use super::meter::Meter;
use crate::echo::{Echo, Sink};

/// Set beside the echo: something else than the echo wants to know of statements.
const THRESHOLD: u8 = 4;
const ECHO: u8 = 3;

/// What an engine tells of its work, shared with its sub-engines.
pub(in crate::engine) struct Reporting {
    /// The echo, and whether there is a threshold: one load tells that there is nothing to do.
    on: AtomicU8,
    pub(in crate::engine) sink: Sink,
    pub(in crate::engine) logging_name: Option<String>,
    /// No values of parameters in messages.
    pub(in crate::engine) hide_parameters: bool,
    slow_query_threshold: Option<Duration>,
    pub(super) meter: Meter,
}

impl Reporting {
    pub(in crate::engine) fn new() -> Self {
        Reporting {
            on: AtomicU8::new(Echo::Off as u8),
            sink: Sink::StandardOutput,
            logging_name: None,
            hide_parameters: false,
            slow_query_threshold: None,
            meter: Meter::new(),
        }
    }

    /// True when the echo is on, or slow queries are to be told of.
    #[inline]
    pub(in crate::engine) fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed) != 0
    }

    pub(in crate::engine) fn echo(&self) -> Echo {
        match self.on.load(Ordering::Relaxed) & ECHO {
            0 => Echo::Off,
            1 => Echo::On,
            _ => Echo::Debug,
        }
    }

    pub(in crate::engine) fn set_echo(&self, echo: Echo) {
        let threshold = if self.slow_query_threshold.is_some() { THRESHOLD } else { 0 };
        self.on.store(threshold | echo as u8, Ordering::Relaxed);
    }

    pub(in crate::engine) fn slow_query_threshold(&self) -> Option<Duration> {
        self.slow_query_threshold
    }

    pub(in crate::engine) fn set_slow_query_threshold(&mut self, threshold: Option<Duration>) {
        self.slow_query_threshold = threshold;
        self.set_echo(self.echo());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn echo_and_threshold_do_not_disturb_each_other() {
        let mut reporting = Reporting::new();
        assert!(!reporting.is_on());
        reporting.set_slow_query_threshold(Some(Duration::ZERO));
        assert!(reporting.is_on() && reporting.echo() == Echo::Off);
        reporting.set_echo(Echo::Debug);
        reporting.set_slow_query_threshold(None);
        assert!(reporting.is_on() && reporting.echo() == Echo::Debug);
        reporting.set_echo(Echo::Off);
        assert!(!reporting.is_on());
    }
}
