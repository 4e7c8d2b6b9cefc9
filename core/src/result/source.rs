//! Where the rows of a result come from: a connection, memory, or several results in turn.

use std::collections::VecDeque;
use std::sync::Arc;

use super::cursor::CursorResult;
use super::insert_many::InsertManyValues;
use super::owned::OwnedRow;
use super::streamed::{Streamed, no_row_here};
use crate::abi::host::{Arranged, Row};
use crate::dbapi::Column;
use crate::error::Result;

/// Where the rows of a result come from.
pub(super) enum Source<'c> {
    Streamed(Streamed<'c>),
    Memory(Box<Memory>),
    Merged(Box<Merged<'c>>),
}

/// Rows in memory, lent one after the other.
pub(super) struct Memory {
    rows: Arc<[OwnedRow]>,
    /// Rows that were come to.
    at: usize,
    arranged: Arranged,
    /// What the statement did that the rows come from.
    pub(super) done: Done,
}

/// What statements did whose rows are in memory; nothing is known of a frozen result's.
#[derive(Default)]
pub(super) struct Done {
    pub(super) sql: Arc<str>,
    pub(super) affected: Option<u64>,
    pub(super) insertmanyvalues: Option<InsertManyValues>,
}

/// Results, one after the other.
pub(super) struct Merged<'c> {
    results: VecDeque<CursorResult<'c>>,
    columns: Arc<[Column]>,
}

impl Memory {
    pub(super) fn len(&self) -> u64 {
        self.rows.len() as u64
    }

    /// Rows that were changed, where that is known.
    pub(super) fn affected(&self) -> Option<u64> {
        self.done.affected
    }

    pub(super) fn new(columns: Arc<[Column]>, rows: Arc<[OwnedRow]>, done: Done) -> Self {
        Memory { rows, at: 0, arranged: Arranged::new(columns), done }
    }
}

impl<'c> Merged<'c> {
    pub(super) fn new(columns: Arc<[Column]>, results: VecDeque<CursorResult<'c>>) -> Self {
        Merged { results, columns }
    }

    fn advance(&mut self) -> Result<bool> {
        while let Some(result) = self.results.front_mut() {
            if result.advance()? {
                return Ok(true);
            }
            self.results.pop_front();
        }
        Ok(false)
    }
}

impl Source<'_> {
    /// Goes on to the next row; false at the end.
    pub(super) fn advance(&mut self) -> Result<bool> {
        match self {
            Source::Streamed(streamed) => {
                if streamed.step() {
                    return Ok(true);
                }
                streamed.refill()
            }
            Source::Memory(memory) => {
                let there = memory.at < memory.rows.len();
                memory.at += usize::from(there);
                Ok(there)
            }
            Source::Merged(merged) => merged.advance(),
        }
    }

    /// The row that was come to.
    #[inline(always)]
    pub(super) fn current(&mut self) -> Result<Row<'_>> {
        match self {
            Source::Streamed(streamed) => streamed.current(),
            other => other.current_elsewhere(),
        }
    }

    #[inline(never)]
    fn current_elsewhere(&mut self) -> Result<Row<'_>> {
        match self {
            Source::Streamed(streamed) => streamed.current(),
            Source::Memory(memory) => {
                let row = memory.at.checked_sub(1).and_then(|at| memory.rows.get(at));
                memory.arranged.lend(row.ok_or_else(no_row_here)?.values())
            }
            Source::Merged(merged) => match merged.results.front_mut() {
                Some(result) => result.current(),
                None => Err(no_row_here()),
            },
        }
    }

    #[inline]
    pub(super) fn returns_rows(&self) -> bool {
        match self {
            Source::Streamed(streamed) => streamed.returns_rows(),
            Source::Memory(_) | Source::Merged(_) => true,
        }
    }

    pub(super) fn columns(&mut self) -> Result<Arc<[Column]>> {
        match self {
            Source::Streamed(streamed) => streamed.columns(),
            Source::Memory(memory) => Ok(Arc::clone(memory.arranged.columns())),
            Source::Merged(merged) => Ok(Arc::clone(&merged.columns)),
        }
    }

    /// Abandons what was not read.
    pub(super) fn abandon(&mut self) -> Result<()> {
        match self {
            Source::Streamed(streamed) => streamed.abandon(),
            Source::Memory(memory) => {
                memory.at = memory.rows.len();
                Ok(())
            }
            Source::Merged(merged) => {
                let results = std::mem::take(&mut merged.results);
                results.into_iter().map(|mut result| result.close()).fold(Ok(()), Result::and)
            }
        }
    }
}
