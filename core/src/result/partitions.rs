//! Rows in groups of one size.

use std::marker::PhantomData;

use super::cursor::CursorResult;
use super::from_row::FromRow;
use crate::error::{Error, Result};

/// The rows of a result in groups; made by [`CursorResult::partitions`]. It ends after an error.
pub struct Partitions<'a, 'c, T> {
    result: &'a mut CursorResult<'c>,
    size: usize,
    ended: bool,
    rows: PhantomData<fn() -> T>,
}

impl<'a, 'c, T> Partitions<'a, 'c, T> {
    /// Rows of a group unless something else is said: those of a batch.
    pub(super) const SIZE: usize = 256;

    pub(super) fn new(result: &'a mut CursorResult<'c>, size: usize) -> Self {
        Partitions { result, size, ended: false, rows: PhantomData }
    }
}

impl<T: for<'r> FromRow<'r>> Iterator for Partitions<'_, '_, T> {
    type Item = Result<Vec<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let group = match self.size {
            0 => Err(Error::argument("a partition of 0 rows was asked for")
                .with_help("give a number of at least 1, or None")),
            size => self.result.fetch_many(size),
        };
        self.ended = group.as_ref().map_or(true, Vec::is_empty);
        match group {
            Ok(rows) if rows.is_empty() => None,
            other => Some(other),
        }
    }
}
