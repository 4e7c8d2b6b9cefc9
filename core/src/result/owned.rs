//! Rows that own their values.

use std::sync::Arc;

use super::any_row::AnyRow;
use super::cursor::CursorResult;
use super::from_row::FromRow;
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::{FromValue, Value};

/// A row that owns its values and outlives the result.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnedRow {
    pub(super) columns: Arc<[Column]>,
    values: Vec<Value>,
}

impl OwnedRow {
    pub(super) fn new(columns: Arc<[Column]>, values: Vec<Value>) -> Self {
        OwnedRow { columns, values }
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True for a row without values.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The values in order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The values in order.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The value at this place, from 0, as a Rust type.
    ///
    /// # Errors
    /// `NoSuchColumn` beyond the last; `Conversion` when the value does not fit.
    pub fn get_at<'r, T: FromValue<'r>>(&'r self, index: usize) -> Result<T> {
        let value = self.values.get(index).ok_or_else(|| {
            Error::no_such_column(format!(
                "no column {index}: the row has {}, counted from 0",
                self.values.len()
            ))
        })?;
        T::from_value(value.as_ref()).map_err(|error| {
            let name = self.columns.get(index).map_or("", |column| column.name.as_str());
            Error::conversion(format!("column {index} (`{name}`): {error}"))
                .with_help(error.help())
                .with_source(error)
        })
    }

    /// The value in the column of this name, as a Rust type.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none or more than one; `Conversion` when it does not fit.
    pub fn get_by<'r, T: FromValue<'r>>(&'r self, name: &str) -> Result<T> {
        self.get_at(crate::abi::host::column_index(&self.columns, name)?)
    }
}

/// Any row, with the values as the database gave them.
impl<'r> FromRow<'r> for OwnedRow {
    fn from_row<R: AnyRow<'r>>(row: &R) -> Result<Self> {
        let values = (0..row.width()).map(|index| row.owned_value(index)).collect::<Result<_>>()?;
        Ok(OwnedRow { columns: row.columns()?, values })
    }
}

/// An iterator of owned rows. It ends after an error.
pub struct OwnedRows<'c> {
    result: CursorResult<'c>,
    columns: Option<Arc<[Column]>>,
    ended: bool,
}

impl<'c> OwnedRows<'c> {
    pub(super) fn new(result: CursorResult<'c>) -> Self {
        OwnedRows { result, columns: None, ended: false }
    }

    fn advance(&mut self) -> Result<Option<OwnedRow>> {
        let Some(values) = self.result.next_values()? else { return Ok(None) };
        let columns = match &self.columns {
            Some(columns) if columns.len() == values.len() => Arc::clone(columns),
            _ => Arc::clone(self.columns.insert(self.result.description()?)),
        };
        Ok(Some(OwnedRow { columns, values }))
    }
}

impl Iterator for OwnedRows<'_> {
    type Item = Result<OwnedRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.advance().transpose();
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}
