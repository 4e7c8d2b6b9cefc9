//! The result of a statement: how far it is read, and when it is closed.

use std::num::NonZeroUsize;
use std::sync::Arc;

use super::arrangement::Arrangement;
use super::prepared::{Executed, Outcome};
use super::source::Source;
use super::streamed::{Held, Streamed};
use crate::abi::host::Row;
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::Value;

/// The rows of a statement, and what it changed (SQLAlchemy's `CursorResult` and `Result`).
///
/// Rows stream: memory holds one batch, unless rows are collected. A result of
/// [`Engine::execute`](crate::Engine::execute) holds its connection and is `'static + Send`; one of
/// [`Connection::execute`](crate::Connection::execute) borrows it.
///
/// # Reading
/// [`next`](Self::next) lends row by row and allocates nothing. The methods that return rows read
/// them as any [`FromRow`](crate::FromRow): a tuple, a struct, or an
/// [`OwnedRow`](crate::OwnedRow), which takes what comes.
///
/// | method | no row | many rows | then the result is |
/// | --- | --- | --- | --- |
/// | [`next`](Self::next), [`fetch_one`](Self::fetch_one) | `None` | the next | exhausted at the end |
/// | [`fetch_many`](Self::fetch_many), [`all`](Self::all), [`partitions`](Self::partitions) | empty | up to so many | exhausted at the end |
/// | [`first`](Self::first) | `None` | the first | closed |
/// | [`one`](Self::one), [`scalar_one`](Self::scalar_one) | `NoRow` | `MultipleRows` | closed |
/// | [`one_or_none`](Self::one_or_none), [`scalar_one_or_none`](Self::scalar_one_or_none) | `None` | `MultipleRows` | closed |
/// | [`scalar`](Self::scalar) | reads as NULL | of the first | closed |
///
/// An *exhausted* result (SQLAlchemy's soft close) has given up what it held and goes on saying
/// that there is nothing more. A *closed* one refuses to be read: `ResourceClosed`. So does the
/// result of a statement without rows. What is known of the columns and of changed rows can be
/// asked at any time.
///
/// Dropping a result abandons rows that were not read and leaves the connection ready for the next
/// statement; what the statement changed stays changed.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// let engine = aludel::create_engine("sqlite://")?;
/// let mut rows = engine.execute("select 1 as x, 'a' as y union all select 2, 'b'", ())?;
/// while let Some(row) = rows.next()? {
///     let (x, y): (i64, &str) = row.get()?;
///     assert_eq!((x, y), if x == 1 { (1, "a") } else { (2, "b") });
/// }
/// assert!(rows.next()?.is_none(), "the end stays the end");
/// assert_eq!(rows.keys()?, ["x", "y"]);
/// # Ok(())
/// # }
/// ```
pub struct CursorResult<'c> {
    pub(super) source: Source<'c>,
    state: State,
    closed: bool,
    /// Rows of a partition, and of a batch at most.
    pub(super) yield_per: Option<NonZeroUsize>,
    pub(super) arrangement: Option<Box<Arrangement>>,
}

/// What a fetch finds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// It is open, and its rows are told of.
    Told,
    /// Everything was read: fetches are empty.
    Exhausted,
    /// Fetches are refused.
    Closed,
    /// The statement returns no rows: fetches are refused.
    WithoutRows,
}

impl State {
    /// That of a result of which nothing was read.
    #[inline]
    fn of(source: &Source<'_>) -> Self {
        match source {
            Source::Streamed(streamed) if streamed.is_told() && streamed.returns_rows() => {
                State::Told
            }
            source if source.returns_rows() => State::Open,
            _ => State::WithoutRows,
        }
    }
}

impl<'c> CursorResult<'c> {
    #[inline]
    pub(super) fn new(held: Held<'c>, executed: Executed) -> Self {
        let yield_per = executed.yield_per;
        let executed = match executed {
            Executed { outcome: Outcome::Collected(memory), .. } => {
                return CursorResult { yield_per, ..CursorResult::of(Source::Memory(memory)) };
            }
            executed => executed,
        };
        let mut streamed = Streamed::new(held, executed);
        if !streamed.returns_rows() {
            streamed.release_if_read();
        }
        CursorResult { yield_per, ..CursorResult::of(Source::Streamed(streamed)) }
    }

    #[inline]
    pub(super) fn of(source: Source<'c>) -> Self {
        let state = State::of(&source);
        CursorResult { source, state, closed: false, yield_per: None, arrangement: None }
    }

    /// The next row, valid until the next call; `None` at the end. Allocates nothing. Blocks when
    /// a batch is used up.
    ///
    /// # Errors
    /// What the database reports, and the result is closed then; rows that came before have been
    /// delivered. `ResourceClosed` for a closed result and for a statement without rows.
    #[allow(clippy::should_implement_trait)] // it lends, which Iterator cannot
    #[inline]
    pub fn next(&mut self) -> Result<Option<Row<'_>>> {
        if self.advance()? { self.current().map(Some) } else { Ok(None) }
    }

    /// Goes on to the next row; false at the end.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool> {
        if let (State::Open, None, Source::Streamed(streamed)) =
            (self.state, &self.arrangement, &mut self.source)
            && streamed.step()
        {
            return Ok(true);
        }
        self.advance_slowly()
    }

    fn advance_slowly(&mut self) -> Result<bool> {
        self.check_readable()?;
        if self.state == State::Exhausted {
            return Ok(false);
        }
        let there = self.next_wanted();
        match there {
            Ok(true) => {}
            Ok(false) => self.exhaust(),
            // The error is what matters; that of giving up after it says nothing new.
            Err(_) => drop(self.close()),
        }
        there
    }

    /// Goes on to the next row that is not left out as a duplicate.
    fn next_wanted(&mut self) -> Result<bool> {
        while self.source.advance()? {
            let Some(arrangement) = &mut self.arrangement else { return Ok(true) };
            if arrangement.wants(&mut self.source)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The row that was come to.
    #[inline]
    pub(super) fn current(&mut self) -> Result<Row<'_>> {
        match &mut self.arrangement {
            None => self.source.current(),
            Some(arrangement) => arrangement.row(&mut self.source),
        }
    }

    /// # Errors
    /// `ResourceClosed` when rows cannot be asked for.
    fn check_readable(&self) -> Result<()> {
        match self.state {
            State::Open | State::Told | State::Exhausted => Ok(()),
            State::Closed => Err(closed()),
            State::WithoutRows => Err(without_rows(self.sql())),
        }
    }

    fn exhaust(&mut self) {
        self.state = State::Exhausted;
        if let Source::Streamed(streamed) = &mut self.source {
            streamed.reached_end();
        }
    }

    /// Closes the result: what was not read is abandoned, and reading is refused from now on. A
    /// connection that the result holds is given back. Closing again does nothing.
    ///
    /// # Errors
    /// What the database reports; the result is closed all the same.
    pub fn close(&mut self) -> Result<()> {
        if self.closed {
            return Ok(());
        }
        self.closed = true;
        if self.state != State::WithoutRows {
            self.state = State::Closed;
        }
        self.source.abandon()
    }

    /// True once the result was closed, by [`close`](Self::close), by an error, or by a method that
    /// wants one row. One that was read to its end is not closed, and is empty.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// True when the statement returns rows, though there may be none.
    pub fn returns_rows(&self) -> bool {
        self.source.returns_rows()
    }

    /// What the columns are called, in order; names may come more than once. Also after the result
    /// is closed.
    ///
    /// # Errors
    /// `ResourceClosed` when the statement returns no rows; otherwise when the dialect cannot tell.
    pub fn keys(&mut self) -> Result<Vec<String>> {
        if self.state == State::WithoutRows {
            return Err(without_rows(self.sql()));
        }
        Ok(self.description()?.iter().map(|column| column.name.clone()).collect())
    }

    /// Names, types and origins of the columns (PEP 249's `description`); none for statements that
    /// return no rows. Also after the result is closed.
    ///
    /// # Errors
    /// When the dialect cannot tell.
    pub fn description(&mut self) -> Result<Arc<[Column]>> {
        match &self.arrangement {
            Some(arrangement) => arrangement.columns(&mut self.source),
            None => self.source.columns(),
        }
    }

    /// Goes on to the next result of the statement and abandons the rest of this one; false when
    /// there is none. Columns are those of the new result, in its own order.
    ///
    /// # Errors
    /// What the database reports; `ResourceClosed` for a closed result.
    pub fn next_result(&mut self) -> Result<bool> {
        if self.closed {
            return Err(closed());
        }
        let Source::Streamed(streamed) = &mut self.source else { return Ok(false) };
        let there = streamed.next_result()?;
        if there {
            self.arrangement = None;
            self.state = State::of(&self.source);
        } else if self.state != State::WithoutRows {
            self.exhaust();
        } else {
            streamed.reached_end();
        }
        Ok(there)
    }

    /// Reads to the end without looking at rows, so that every error is seen and
    /// [`rowcount`](CursorResult::rowcount) is known.
    ///
    /// # Errors
    /// What the database reports.
    pub fn finish(&mut self) -> Result<()> {
        if let Source::Streamed(streamed) = &mut self.source {
            streamed.drain()?;
        } else {
            self.source.abandon()?;
        }
        if matches!(self.state, State::Open | State::Told) {
            self.exhaust();
        }
        Ok(())
    }

    /// The current row's values, owned.
    pub(super) fn next_values(&mut self) -> Result<Option<Vec<Value>>> {
        let Some(row) = self.next()? else { return Ok(None) };
        (0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_>>().map(Some)
    }

    pub(super) fn sql(&self) -> &str {
        match &self.source {
            Source::Streamed(streamed) => streamed.sql(),
            Source::Memory(memory) => &memory.done.sql,
            Source::Merged(_) => "",
        }
    }
}

#[cold]
fn closed() -> Error {
    Error::resource_closed("this result object is closed")
        .with_help("execute the statement again, or collect its rows with all() or freeze()")
}

#[cold]
fn without_rows(sql: &str) -> Error {
    Error::resource_closed(
        "this result object does not return rows; it has been closed automatically",
    )
    .with_statement(sql)
    .with_help("ask returns_rows() first, or rowcount() for what a statement changed")
}

impl std::fmt::Debug for CursorResult<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CursorResult")
            .field("sql", &self.sql())
            .field("returns_rows", &self.returns_rows())
            .field("rowcount", &self.rowcount())
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}
