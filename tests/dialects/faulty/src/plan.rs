//! Which fault a connection makes, and when.

use std::cell::Cell;

use aludel::dialect::ConnectArgs;
use aludel::error::{Error, Result};

use crate::fault::Fault;

/// The value of the URL option `every` for a fault that shows every seventh time.
pub const EVERY_SEVENTH: &str = "7";

/// One fault, or none.
#[derive(Debug)]
pub(crate) struct Plan {
    fault: Option<Fault>,
    every: u64,
    /// Counts calls of every kind, not chances to make the fault.
    counts_calls: bool,
    count: Cell<u64>,
}

impl Plan {
    /// Reads the options `fault` and `every`.
    ///
    /// # Errors
    /// `Argument` for a fault that there is not.
    pub(crate) fn new(args: &ConnectArgs<'_>) -> Result<Self> {
        let fault = match args.option("fault") {
            None => None,
            Some(name) => Some(
                Fault::from_name(name)
                    .ok_or_else(|| Error::argument(format!("there is no fault `{name}`")))?,
            ),
        };
        let every = args.integer_option("every")?.and_then(|every| u64::try_from(every).ok());
        let counts_calls = args.option("count") == Some("calls");
        Ok(Plan { fault, every: every.unwrap_or(1).max(1), counts_calls, count: Cell::new(0) })
    }

    /// True when this is the fault that is made, be it now or at another time.
    pub(crate) fn is_about(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Every so many times.
    pub(crate) fn every(&self) -> u64 {
        self.every
    }

    /// Counts a call of the connection or of one of its statements.
    pub(crate) fn count_call(&self) {
        if self.counts_calls {
            self.count.set(self.count.get() + 1);
        }
    }

    /// True when this fault is to be made now. Each question about the connection's own fault is a
    /// chance to make it, and counts.
    pub(crate) fn makes(&self, fault: Fault) -> bool {
        if self.fault != Some(fault) {
            return false;
        }
        if !self.counts_calls {
            self.count.set(self.count.get() + 1);
        }
        let count = self.count.get();
        count > 0 && count.is_multiple_of(self.every)
    }
}
