//! Telling the recorder of metrics what a connection does.

use std::time::Duration;

use super::meter::{self, Meter, Operation};
use super::rows::{RowWatch, Spent};
use crate::engine::Connection;
use crate::error::Error;

/// A statement of which the recorder is told once its rows are read.
#[derive(Clone, Copy)]
pub(super) struct Metered {
    pub(super) operation: Operation,
    /// How long it took until the first of them could be.
    pub(super) took: Duration,
}

impl Connection {
    /// True when the program wants metrics. One relaxed load where they are compiled in.
    #[inline]
    pub(crate) fn is_metered(&self) -> bool {
        meter::is_on()
    }

    fn meter(&self) -> &Meter {
        &self.source().reporting.meter
    }

    /// Tells the recorder of a statement that is done, and how many rows it returned if it does.
    pub(crate) fn meter_done(&self, sql: &str, took: Duration, rows: Option<u64>) {
        self.meter().statement(&self.voice().database(), Operation::of(sql), took, rows);
    }

    /// Has the recorder told of a statement, which took this long until here, once its rows are read:
    /// by who watches them, or else by somebody who does nothing but count.
    pub(crate) fn meter_rows(
        &self,
        sql: &str,
        took: Duration,
        watch: Option<Box<RowWatch>>,
    ) -> Box<RowWatch> {
        let (prepare, fetch) = (Duration::ZERO, Duration::ZERO);
        let spent = Spent { prepare, execute: took, fetch, checkout: None };
        let watch = watch.unwrap_or_else(|| Box::new(self.row_watch(None, true, spent, None)));
        watch.metered(Metered { operation: Operation::of(sql), took })
    }

    /// Tells the recorder of a statement that has failed.
    #[cold]
    pub(crate) fn meter_failure(&self, sql: &str, took: Duration, error: &Error) {
        let operation = Operation::of(sql);
        self.meter().failure(&self.voice().database(), operation, took, error);
    }

    /// Counts a transaction that was begun, committed or rolled back.
    #[inline]
    pub(crate) fn count_transaction(&self, outcome: &'static str) {
        if meter::is_on() {
            self.meter().transaction(&self.voice().database(), outcome);
        }
    }

    /// Counts a text that the engine had compiled before, or had not.
    pub(in crate::engine) fn count_compiled(&self, cached: bool) {
        if meter::is_on() {
            self.meter().compiled(&self.voice().database(), cached);
        }
    }
}
