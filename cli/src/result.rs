//! The rows of a result, one after the other.

use aludel::{CursorResult, ValueRef};

use crate::failure::Failure;

/// Rows that are lent one after the other.
pub(crate) trait Rows {
    /// The values of the next row; `None` at the end.
    fn next_row(&mut self) -> Result<Option<Vec<ValueRef<'_>>>, Failure>;
}

impl Rows for CursorResult<'_> {
    fn next_row(&mut self) -> Result<Option<Vec<ValueRef<'_>>>, Failure> {
        let Some(row) = self.next()? else { return Ok(None) };
        let values = (0..row.len()).map(|index| row.value(index));
        Ok(Some(values.collect::<aludel::Result<_>>()?))
    }
}
