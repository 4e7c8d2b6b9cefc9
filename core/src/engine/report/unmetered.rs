//! In place of the metrics of an engine where the feature is off: nothing.

use std::time::Duration;

use super::voice::Database;
use crate::error::Error;

#[inline]
pub(in crate::engine) fn is_on() -> bool {
    false
}

#[derive(Clone, Copy)]
pub(super) struct Operation;

impl Operation {
    pub(super) fn of(_: &str) -> Self {
        Operation
    }
}

pub(in crate::engine) struct Meter;

impl Meter {
    pub(super) fn new() -> Self {
        Meter
    }

    pub(super) fn statement(&self, _: &Database<'_>, _: Operation, _: Duration, _: Option<u64>) {}

    pub(super) fn failure(&self, _: &Database<'_>, _: Operation, _: Duration, _: &Error) {}

    pub(super) fn transaction(&self, _: &Database<'_>, _: &'static str) {}

    pub(super) fn compiled(&self, _: &Database<'_>, _: bool) {}
}
