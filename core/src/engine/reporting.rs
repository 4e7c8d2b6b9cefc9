//! What an engine tells of its work, and under which names.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::echo::Echo;

/// What an engine tells of its work, shared with its sub-engines.
pub(super) struct Reporting {
    echo: AtomicU8,
    pub(super) logging_name: Option<String>,
    /// No values of parameters in messages.
    pub(super) hide_parameters: bool,
}

impl Reporting {
    pub(super) fn new() -> Self {
        Reporting {
            echo: AtomicU8::new(Echo::Off as u8),
            logging_name: None,
            hide_parameters: false,
        }
    }

    pub(super) fn echo(&self) -> Echo {
        match self.echo.load(Ordering::Relaxed) {
            0 => Echo::Off,
            1 => Echo::On,
            _ => Echo::Debug,
        }
    }

    pub(super) fn set_echo(&self, echo: Echo) {
        self.echo.store(echo as u8, Ordering::Relaxed);
    }
}
