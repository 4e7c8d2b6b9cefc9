//! A result as the values of one column.

use std::marker::PhantomData;

use super::cursor::CursorResult;
use super::fetch::Scalar;
use crate::error::Result;
use crate::value::FromValue;

/// The values of one column of a result; made by [`CursorResult::scalars`]. As an iterator it gives
/// one after the other.
///
/// It reads and closes as [`CursorResult`] does. NULL needs a type with a place for it:
/// `scalars::<Option<i64>>(0)`.
#[derive(Debug)]
pub struct ScalarResult<'c, T> {
    result: CursorResult<'c>,
    values: PhantomData<fn() -> T>,
}

impl<'c, T: for<'r> FromValue<'r>> ScalarResult<'c, T> {
    /// The first column of this result.
    pub(super) fn new(result: CursorResult<'c>) -> Self {
        ScalarResult { result, values: PhantomData }
    }

    /// The next value; `None` at the end. Blocks when a batch is used up.
    ///
    /// # Errors
    /// As [`CursorResult::fetch_one`].
    pub fn fetch_one(&mut self) -> Result<Option<T>> {
        Ok(self.result.fetch_one()?.map(|Scalar(value)| value))
    }

    /// The next values, at most `size` of them. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::fetch_many`].
    pub fn fetch_many(&mut self, size: impl Into<Option<usize>>) -> Result<Vec<T>> {
        Ok(values(self.result.fetch_many(size)?))
    }

    /// The values that are left, collected. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::all`].
    pub fn all(&mut self) -> Result<Vec<T>> {
        Ok(values(self.result.all()?))
    }

    /// The first value, `None` when there is no row. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::first`].
    pub fn first(&mut self) -> Result<Option<T>> {
        Ok(self.result.first()?.map(|Scalar(value)| value))
    }

    /// The only value. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::one`].
    pub fn one(&mut self) -> Result<T> {
        self.result.scalar_one()
    }

    /// The only value, `None` when there is no row. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::one_or_none`].
    pub fn one_or_none(&mut self) -> Result<Option<T>> {
        self.result.scalar_one_or_none()
    }

    /// The values that are left, in groups.
    pub fn partitions(
        &mut self,
        size: impl Into<Option<usize>>,
    ) -> impl Iterator<Item = Result<Vec<T>>> {
        self.result.partitions(size).map(|group| group.map(values))
    }

    /// As [`CursorResult::unique`].
    #[must_use]
    pub fn unique(self) -> Self {
        Self::new(self.result.unique())
    }

    /// As [`CursorResult::yield_per`].
    #[must_use]
    pub fn yield_per(self, rows: usize) -> Self {
        Self::new(self.result.yield_per(rows))
    }

    /// As [`CursorResult::close`].
    ///
    /// # Errors
    /// As [`CursorResult::close`].
    pub fn close(&mut self) -> Result<()> {
        self.result.close()
    }

    /// As [`CursorResult::closed`].
    pub fn closed(&self) -> bool {
        self.result.closed()
    }
}

fn values<T>(rows: Vec<Scalar<T>>) -> Vec<T> {
    rows.into_iter().map(|Scalar(value)| value).collect()
}

/// It goes on after a value that does not fit, and ends after any other error.
impl<T: for<'r> FromValue<'r>> Iterator for ScalarResult<'_, T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.closed() { None } else { self.fetch_one().transpose() }
    }
}
