//! A statement of which somebody may want to know, from before it is sent until its last row.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Span;

use super::beginning::Beginning;
use super::metering::Metered;
use super::sent::{Sent, ShownParameters};
use super::spent::Spent;
use super::told::{self, Told};
use super::voice::Voice;
use crate::engine::{Connection, EngineState};
use crate::error::Error;

/// What executing a statement brought.
#[derive(Clone, Copy)]
pub(crate) struct Brought {
    /// Rows that it changed, where that is known.
    pub(crate) affected: Option<u64>,
    pub(crate) returns_rows: bool,
    /// Another result follows this one.
    pub(crate) goes_on: bool,
}

/// A statement, from before it is sent until its last row, or the error that ended it: its span, its
/// clock, and what is told of it. Dropped before, it tells what it knows.
pub(crate) struct Statement {
    engine: Arc<EngineState>,
    pub(super) token: Option<Arc<str>>,
    /// The connection's number in the pool.
    pub(super) number: Option<u64>,
    pub(super) caller: &'static Location<'static>,
    /// What the statement does is done in it.
    pub(super) span: Span,
    pub(super) spent: Spent,
    /// When what the database does now began.
    since: Instant,
    is_prepared: bool,
    pub(super) affected: Option<u64>,
    pub(super) returns_rows: bool,
    /// Rows that the database has delivered.
    pub(super) rows: u64,
    /// A subscriber has read of it, or will.
    is_heard: bool,
    kept: Option<Kept>,
    is_told: bool,
    pub(super) metered: Option<Metered>,
}

/// What is kept of the words of a statement while its rows are read.
struct Kept {
    text: Box<str>,
    /// For a warning.
    parameters: Option<Box<str>>,
}

/// The words of a statement at its end, as far as somebody wants them.
#[derive(Clone, Copy)]
pub(super) struct Words<'w> {
    pub(super) text: Option<&'w str>,
    pub(super) parameters: Option<&'w dyn fmt::Display>,
}

impl Statement {
    /// Tells that the statement is about to be executed, which is not the database's time.
    pub(crate) fn begin(connection: &mut Connection, sent: &Sent<'_>) -> Self {
        let begun = Instant::now();
        let (number, checkout) = connection.lease.checkout_to_tell();
        let beginning = Beginning::new(connection.voice(), sent, number);
        let span = beginning.span();
        let is_read = span.in_scope(|| beginning.tell());
        let is_heard = is_read || !span.is_disabled();
        let since = Instant::now();
        connection.note_told(since.duration_since(begun));
        Statement {
            engine: Arc::clone(connection.lease.engine()),
            token: connection.options.logging_token.clone(),
            number,
            caller: sent.caller,
            span,
            spent: Spent { checkout, ..Spent::default() },
            since,
            is_prepared: false,
            affected: None,
            returns_rows: false,
            rows: 0,
            is_heard,
            kept: None,
            is_told: false,
            metered: None,
        }
    }

    /// One of which nobody is told, and whose rows are counted.
    pub(super) fn counting(connection: &Connection) -> Self {
        Statement {
            engine: Arc::clone(connection.lease.engine()),
            token: None,
            number: None,
            caller: Location::caller(),
            span: Span::none(),
            spent: Spent::default(),
            since: Instant::now(),
            is_prepared: false,
            affected: None,
            returns_rows: true,
            rows: 0,
            is_heard: false,
            kept: None,
            is_told: true,
            metered: None,
        }
    }

    /// The span in which the statement is executed.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The statement was prepared before, which took this long.
    pub(crate) fn prepared_in(&mut self, time: Duration) {
        self.spent.prepare = time;
        self.is_prepared = true;
    }

    /// The statement is prepared.
    pub(crate) fn prepared(&mut self) {
        let now = Instant::now();
        self.spent.prepare = now.duration_since(self.since);
        self.since = now;
        self.is_prepared = true;
    }

    /// The statement was executed. Gives it back where there is more to tell of it.
    pub(crate) fn executed(mut self, sent: &Sent<'_>, brought: Brought) -> Option<Told> {
        self.stop();
        (self.affected, self.returns_rows) = (brought.affected, brought.returns_rows);
        if brought.returns_rows || brought.goes_on {
            self.keep(sent);
            return told::of(self);
        }
        self.end_of(sent, None);
        None
    }

    /// The statement could not be prepared, or not be executed.
    pub(crate) fn failed(mut self, sent: &Sent<'_>, error: &Error) {
        self.stop();
        self.end_of(sent, Some(error));
    }

    /// Has the driver go on with the result, in the span and by the clock of the statement.
    #[cold]
    #[inline(never)] // nothing of it stands in the way of results of which nobody is told
    pub(crate) fn fetching<T>(&mut self, step: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let done = self.span.in_scope(step);
        self.spent.fetch += started.elapsed();
        done
    }

    /// The database has delivered rows at which nobody looks.
    pub(crate) fn passed_over(&mut self, rows: u64) {
        self.rows += rows;
    }

    /// The next result has begun.
    pub(crate) fn goes_on(&mut self, returns_rows: bool) {
        self.returns_rows |= returns_rows;
    }

    /// The database could not go on with the result.
    pub(crate) fn failed_later(&mut self, error: &Error) {
        if !self.is_told {
            self.end_kept(Some(error));
        }
        self.meter(Some(error));
    }

    pub(super) fn voice(&self) -> Voice<'_> {
        Voice::new(&self.engine.source, self.token.as_deref())
    }

    fn stop(&mut self) {
        let time = self.since.elapsed();
        match self.is_prepared {
            true => self.spent.execute = time,
            false => self.spent.prepare = time,
        }
    }

    fn keep(&mut self, sent: &Sent<'_>) {
        let reporting = &self.engine.source.reporting;
        let may_be_slow = reporting.slow_query_threshold().is_some();
        if self.is_heard || may_be_slow {
            let hides = reporting.hide_parameters;
            let parameters = || ShownParameters::new(sent, hides).text().into();
            let parameters = may_be_slow.then(parameters);
            self.kept = Some(Kept { text: sent.text().into(), parameters });
        }
    }

    fn end_of(&mut self, sent: &Sent<'_>, error: Option<&Error>) {
        let reporting = &self.engine.source.reporting;
        let is_wanted = self.is_heard || reporting.slow_query_threshold().is_some();
        let parameters = ShownParameters::new(sent, reporting.hide_parameters);
        let text = is_wanted.then(|| sent.text());
        self.is_told = true;
        self.end(Words { text: text.as_deref(), parameters: Some(&parameters) }, error);
    }

    fn end_kept(&mut self, error: Option<&Error>) {
        self.is_told = true;
        let kept = self.kept.as_ref();
        let parameters = kept.and_then(|kept| kept.parameters.as_ref());
        let parameters = parameters.map(|text| text as &dyn fmt::Display);
        self.end(Words { text: kept.map(|kept| &*kept.text), parameters }, error);
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        if !self.is_told {
            self.end_kept(None);
        }
        self.meter(None);
    }
}
