//! A result as rows that are read by name.

use super::cursor::CursorResult;
use super::mapping::RowMapping;
use super::modify::ColumnKey;
use super::partitions::Partitions;
use crate::error::Result;

/// The rows of a result as [mappings](RowMapping); made by [`CursorResult::mappings`]. As an
/// iterator it gives one after the other.
///
/// It reads and closes as [`CursorResult`] does.
#[derive(Debug)]
pub struct MappingResult<'c>(CursorResult<'c>);

impl<'c> MappingResult<'c> {
    pub(super) fn new(result: CursorResult<'c>) -> Self {
        MappingResult(result)
    }

    /// As [`CursorResult::keys`].
    ///
    /// # Errors
    /// As [`CursorResult::keys`].
    pub fn keys(&mut self) -> Result<Vec<String>> {
        self.0.keys()
    }

    /// The next row; `None` at the end. Blocks when a batch is used up.
    ///
    /// # Errors
    /// As [`CursorResult::fetch_one`].
    pub fn fetch_one(&mut self) -> Result<Option<RowMapping>> {
        self.0.fetch_one()
    }

    /// The next rows, at most `size` of them. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::fetch_many`].
    pub fn fetch_many(&mut self, size: impl Into<Option<usize>>) -> Result<Vec<RowMapping>> {
        self.0.fetch_many(size)
    }

    /// The rows that are left, collected. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::all`].
    pub fn all(&mut self) -> Result<Vec<RowMapping>> {
        self.0.all()
    }

    /// The first row, `None` when there is none. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::first`].
    pub fn first(&mut self) -> Result<Option<RowMapping>> {
        self.0.first()
    }

    /// The only row. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::one`].
    pub fn one(&mut self) -> Result<RowMapping> {
        self.0.one()
    }

    /// The only row, `None` when there is none. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`CursorResult::one_or_none`].
    pub fn one_or_none(&mut self) -> Result<Option<RowMapping>> {
        self.0.one_or_none()
    }

    /// The rows that are left, in groups.
    pub fn partitions(&mut self, size: impl Into<Option<usize>>) -> Partitions<'_, 'c, RowMapping> {
        self.0.partitions(size)
    }

    /// As [`CursorResult::columns`].
    ///
    /// # Errors
    /// As [`CursorResult::columns`].
    pub fn columns<K: ColumnKey>(self, keys: impl IntoIterator<Item = K>) -> Result<Self> {
        self.0.columns(keys).map(MappingResult)
    }

    /// As [`CursorResult::unique`].
    #[must_use]
    pub fn unique(self) -> Self {
        MappingResult(self.0.unique())
    }

    /// As [`CursorResult::yield_per`].
    #[must_use]
    pub fn yield_per(self, rows: usize) -> Self {
        MappingResult(self.0.yield_per(rows))
    }

    /// As [`CursorResult::close`].
    ///
    /// # Errors
    /// As [`CursorResult::close`].
    pub fn close(&mut self) -> Result<()> {
        self.0.close()
    }

    /// As [`CursorResult::closed`].
    pub fn closed(&self) -> bool {
        self.0.closed()
    }
}

/// It goes on after a row that does not fit, and ends after any other error.
impl Iterator for MappingResult<'_> {
    type Item = Result<RowMapping>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.closed() { None } else { self.fetch_one().transpose() }
    }
}
