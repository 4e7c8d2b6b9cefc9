//! Rows put together apart from a batch: columns in another order, and values from memory.

use std::sync::Arc;

use super::params::unencodable;
use super::row::{Described, Row};
use crate::abi::data::Cell;
use crate::abi::encode::encode;
use crate::abi::scratch::Scratch;
use crate::dbapi::Column;
use crate::error::Result;
use crate::value::Value;

/// Memory for one row at a time, used again for the next one.
pub(crate) struct Arranged {
    columns: Arc<[Column]>,
    cells: Vec<Cell>,
    scratch: Scratch,
}

impl Arranged {
    /// For rows of these columns.
    pub(crate) fn new(columns: Arc<[Column]>) -> Self {
        Arranged { columns, cells: Vec::new(), scratch: Scratch::new() }
    }

    /// The columns.
    pub(crate) fn columns(&self) -> &Arc<[Column]> {
        &self.columns
    }

    /// The values of a row at these places; a place that the row does not have is NULL.
    pub(crate) fn reorder<'r>(&'r mut self, row: Row<'r>, places: &[usize]) -> Row<'r> {
        let cells = row.cells();
        self.cells.clear();
        self.cells
            .extend(places.iter().map(|place| cells.get(*place).copied().unwrap_or(Cell::NULL)));
        Row::new(&self.cells, Described::As(&self.columns))
    }

    /// A row of values. Text and bytes are lent.
    ///
    /// # Errors
    /// `Argument` for values that are nested too deeply.
    pub(crate) fn lend<'r>(&'r mut self, values: &'r [Value]) -> Result<Row<'r>> {
        self.cells.clear();
        self.scratch.clear();
        for value in values {
            let cell = encode(value.as_ref(), &mut &self.scratch).ok_or_else(unencodable)?;
            self.cells.push(cell);
        }
        Ok(Row::new(&self.cells, Described::As(&self.columns)))
    }
}
