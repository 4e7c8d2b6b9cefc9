//! Where the time of a statement went.

use std::fmt;
use std::time::Duration;

use super::tag::five;
use crate::pool::CheckoutTimes;

/// Where the time of a statement went.
#[derive(Clone, Copy, Default)]
pub(super) struct Spent {
    pub(super) prepare: Duration,
    /// Up to the first batch of rows.
    pub(super) execute: Duration,
    /// What the program waited for rows afterwards, and for giving up those that it did not read.
    pub(super) fetch: Duration,
    /// What the checkout of its connection took, of the first statement after it.
    pub(super) checkout: Option<CheckoutTimes>,
}

impl Spent {
    /// The time of the database; that of the checkout does not count.
    pub(super) fn total(self) -> Duration {
        self.prepare + self.execute + self.fetch
    }

    pub(super) fn pool_wait(self) -> Option<f64> {
        self.checkout.map(|times| times.wait.as_secs_f64())
    }

    pub(super) fn connect(self) -> Option<f64> {
        self.checkout.map(|times| times.connect.as_secs_f64())
    }
}

impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Spent { prepare, execute, fetch, checkout } = *self;
        let (total, prepare) = (five(self.total()), five(prepare));
        let (execute, fetch) = (five(execute), five(fetch));
        write!(f, "{total}s: prepare {prepare}s, execute {execute}s, fetch {fetch}s")?;
        let Some(CheckoutTimes { wait, connect }) = checkout else { return Ok(()) };
        write!(f, "; pool wait {}s, connect {}s", five(wait), five(connect))
    }
}
