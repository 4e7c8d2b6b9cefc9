//! What is told of the rows of a statement, and at the end of the time that it took.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use tracing::Level;

use super::event::{event, is_taken};
use super::metering::Metered;
use super::tag::five;
use super::voice::{Detail, Voice};
use crate::abi::host::Row;
use crate::dbapi::Column;
use crate::engine::{Connection, EngineState};
use crate::pool::CheckoutTimes;
use crate::value::{Shown, ValueRef};

/// Where the time of a statement went.
#[derive(Clone, Copy)]
pub(super) struct Spent {
    pub(super) prepare: Duration,
    /// Up to the first batch of rows.
    pub(super) execute: Duration,
    /// What the program waited for rows afterwards.
    pub(super) fetch: Duration,
    /// What the checkout of its connection took, of the first statement after it.
    pub(super) checkout: Option<CheckoutTimes>,
}

impl Spent {
    /// The time of the database; that of the checkout does not count.
    pub(super) fn total(self) -> Duration {
        self.prepare + self.execute + self.fetch
    }
}

/// What is to be said of a statement that takes longer than it should.
pub(super) struct Slow {
    pub(super) threshold: Duration,
    pub(super) sql: Box<str>,
    pub(super) parameters: Box<str>,
    pub(super) caller: &'static Location<'static>,
}

/// Watches the rows of a statement. Dropped at their end, it tells of the whole.
pub(crate) struct RowWatch {
    engine: Arc<EngineState>,
    number: Option<u64>,
    token: Option<Arc<str>>,
    rows: u64,
    affected: Option<u64>,
    returns_rows: bool,
    spent: Spent,
    slow: Option<Slow>,
    metered: Option<Metered>,
}

impl Connection {
    pub(super) fn row_watch(
        &self,
        affected: Option<u64>,
        returns_rows: bool,
        spent: Spent,
        slow: Option<Slow>,
    ) -> RowWatch {
        let engine = Arc::clone(self.lease.engine());
        let token = self.options.logging_token.clone();
        let number = self.lease.peek().map(|session| session.number);
        let (rows, metered) = (0, None);
        RowWatch { engine, number, token, rows, affected, returns_rows, spent, slow, metered }
    }
}

impl RowWatch {
    /// Has it tell the recorder of metrics as well.
    pub(super) fn metered(mut self: Box<Self>, metered: Metered) -> Box<Self> {
        self.metered = Some(metered);
        self
    }

    fn voice(&self) -> Voice<'_> {
        Voice::new(&self.engine.source, self.token.as_deref())
    }

    /// True when columns and rows are told of.
    fn tells(&self) -> bool {
        self.voice().prints(Detail::Rows) || self.voice().is_taken(Detail::Rows)
    }

    /// True when the names of the columns are wanted.
    pub(crate) fn wants_columns(&self) -> bool {
        self.returns_rows && self.tells()
    }

    pub(crate) fn columns(&self, columns: &[Column]) {
        let names = columns.iter().map(|column| ValueRef::Text(&column.name));
        self.voice().tell(Detail::Rows, format_args!("Col {}", Tuple(names.collect())));
    }

    /// The program has come to a row.
    pub(crate) fn row(&mut self, row: &Row<'_>) {
        self.rows += 1;
        if self.tells() {
            // What cannot be read is told by the error that the program gets for it.
            let values = (0..row.len()).map(|index| row.value(index).unwrap_or(ValueRef::Null));
            self.voice().tell(Detail::Rows, format_args!("Row {}", Tuple(values.collect())));
        }
    }

    /// The program has waited this long for a row.
    pub(crate) fn waited(&mut self, time: Duration) {
        self.spent.fetch += time;
    }

    fn tell_summary(&self) {
        let (rows, what) = match (self.returns_rows, self.affected) {
            (true, _) => (Some(self.rows), ""),
            (false, affected) => (affected, " changed"),
        };
        let Spent { prepare, execute, fetch, checkout } = self.spent;
        let total = self.spent.total();
        let voice = self.voice();
        if voice.prints(Detail::Rows) {
            let count = Count { rows, what };
            voice.print(
                Detail::Rows,
                format_args!(
                    "[{count}in {}s: prepare {}s, execute {}s, fetch {}s{}]",
                    five(total),
                    five(prepare),
                    five(execute),
                    five(fetch),
                    OfCheckout(checkout)
                ),
            );
        }
        event!(
            Level::DEBUG,
            db.system.name = voice.database().system,
            db.response.returned_rows = self.returns_rows.then_some(self.rows),
            engine = voice.name(),
            token = voice.token(),
            connection = self.number,
            rows,
            pool_wait = checkout.map(|times| times.wait.as_secs_f64()),
            connect = checkout.map(|times| times.connect.as_secs_f64()),
            prepare = prepare.as_secs_f64(),
            execute = execute.as_secs_f64(),
            fetch = fetch.as_secs_f64(),
            elapsed = total.as_secs_f64(),
            "statement done"
        );
    }

    fn meter(&self) {
        let Some(Metered { operation, took }) = self.metered else { return };
        let voice = self.voice();
        let rows = self.returns_rows.then_some(self.rows);
        let meter = &voice.source().reporting.meter;
        meter.statement(&voice.database(), operation, took + self.spent.fetch, rows);
    }

    fn warn_if_slow(&self) {
        let total = self.spent.total();
        let Some(slow) = self.slow.as_ref().filter(|slow| total >= slow.threshold) else { return };
        let Slow { threshold, sql, parameters, caller } = slow;
        let voice = self.voice();
        if !is_taken(Level::WARN) {
            let text = format_args!(
                "slow query: {}s, threshold {}s, at {caller}\n{sql}\n{parameters}",
                five(total),
                five(*threshold)
            );
            voice.warn(text);
        }
        event!(
            Level::WARN,
            db.system.name = voice.database().system,
            db.query.text = &**sql,
            code.file.path = caller.file(),
            code.line.number = caller.line(),
            engine = voice.name(),
            token = voice.token(),
            parameters = &**parameters,
            connection = self.number,
            rows = self.rows,
            pool_wait = self.spent.checkout.map(|times| times.wait.as_secs_f64()),
            connect = self.spent.checkout.map(|times| times.connect.as_secs_f64()),
            prepare = self.spent.prepare.as_secs_f64(),
            execute = self.spent.execute.as_secs_f64(),
            fetch = self.spent.fetch.as_secs_f64(),
            elapsed = total.as_secs_f64(),
            "slow query"
        );
    }
}

impl Drop for RowWatch {
    fn drop(&mut self) {
        self.tell_summary();
        self.warn_if_slow();
        self.meter();
    }
}

/// How many rows, where that is known.
struct Count {
    rows: Option<u64>,
    what: &'static str,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows {
            None => Ok(()),
            Some(1) => write!(f, "1 row{} ", self.what),
            Some(rows) => write!(f, "{rows} rows{} ", self.what),
        }
    }
}

/// What a checkout took, where a statement is the first after it.
struct OfCheckout(Option<CheckoutTimes>);

impl fmt::Display for OfCheckout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(CheckoutTimes { wait, connect }) = self.0 else { return Ok(()) };
        write!(f, "; pool wait {}s, connect {}s", five(wait), five(connect))
    }
}

/// Values as the parameters of a statement are shown, all of them.
struct Tuple<'v>(Vec<ValueRef<'v>>);

impl fmt::Display for Tuple<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (index, value) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", Shown(*value))?;
        }
        f.write_str(if self.0.len() == 1 { ",)" } else { ")" })
    }
}
