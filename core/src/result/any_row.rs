//! What rows have in common, whether they are lent or owned.

use super::owned::OwnedRow;
use crate::abi::host::{NamedColumn, Row};
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::{FromValue, Value, ValueRef};
use std::sync::Arc;

/// A row of a result, lent ([`Row`]) or owned ([`OwnedRow`]), that lends its values for `'r`.
///
/// What [`FromRow`](crate::FromRow) is written against, so that a type can be read from both.
pub trait AnyRow<'r> {
    /// Number of values.
    fn width(&self) -> usize;

    /// The value at this place, from 0, as a Rust type.
    ///
    /// # Errors
    /// `NoSuchColumn` beyond the last; `Conversion` (naming column, wanted and found type) when the
    /// value does not fit.
    fn get_at<T: FromValue<'r>>(&self, index: usize) -> Result<T>;

    /// The columns of the row.
    ///
    /// # Errors
    /// When the dialect cannot tell.
    fn columns(&self) -> Result<Arc<[Column]>>;

    /// The places of columns that a type names, from 0; [`MISSING`](super::MISSING) for optional ones that are not
    /// there. Looked up once for a result that lends.
    ///
    /// # Errors
    /// `NoSuchColumn` with all names that a column is missing for, or for an ambiguous one.
    fn places<const N: usize>(&self, wanted: &'static [NamedColumn; N]) -> Result<[usize; N]>;

    /// The value at this place, borrowed.
    ///
    /// # Errors
    /// As [`get_at`](AnyRow::get_at).
    fn value(&self, index: usize) -> Result<ValueRef<'r>> {
        self.get_at(index)
    }

    /// The value at this place, owned.
    ///
    /// # Errors
    /// As [`get_at`](AnyRow::get_at).
    fn owned_value(&self, index: usize) -> Result<Value> {
        Ok(self.value(index)?.to_owned())
    }

    /// The value in the column of this name, as a Rust type. Names are compared exactly.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none or more than one of the name; `Conversion` as
    /// [`get_at`](AnyRow::get_at).
    fn get_by<T: FromValue<'r>>(&self, name: &str) -> Result<T> {
        self.get_at(crate::abi::host::column_index(&self.columns()?, name)?)
    }

    /// The value at this place as a type that is made from another one, `V`.
    ///
    /// # Errors
    /// As [`get_at`](AnyRow::get_at), and `Conversion` with the reason of `T`.
    fn get_try<V, T>(&self, index: usize) -> Result<T>
    where
        V: FromValue<'r>,
        T: TryFrom<V>,
        T::Error: std::fmt::Display,
    {
        T::try_from(self.get_at(index)?).map_err(|reason| {
            let columns = self.columns().ok();
            let name = columns.as_deref().and_then(|columns| columns.get(index));
            let name = name.map(|column| format!(" (`{}`)", column.name)).unwrap_or_default();
            Error::conversion(format!("column {index}{name}: {reason}"))
        })
    }
}

impl<'r> AnyRow<'r> for Row<'r> {
    #[inline(always)]
    fn width(&self) -> usize {
        self.len()
    }

    #[inline(always)]
    fn get_at<T: FromValue<'r>>(&self, index: usize) -> Result<T> {
        Row::get_at(self, index)
    }

    fn columns(&self) -> Result<Arc<[Column]>> {
        Row::columns(self)
    }

    /// Values of unknown types carry their type's name.
    fn owned_value(&self, index: usize) -> Result<Value> {
        Row::owned_value(self, index)
    }

    #[inline]
    fn places<const N: usize>(&self, wanted: &'static [NamedColumn; N]) -> Result<[usize; N]> {
        Row::places(self, wanted)
    }
}

impl<'r> AnyRow<'r> for &'r OwnedRow {
    fn width(&self) -> usize {
        self.len()
    }

    fn get_at<T: FromValue<'r>>(&self, index: usize) -> Result<T> {
        OwnedRow::get_at(self, index)
    }

    fn columns(&self) -> Result<Arc<[Column]>> {
        Ok(Arc::clone(&self.columns))
    }

    fn places<const N: usize>(&self, wanted: &'static [NamedColumn; N]) -> Result<[usize; N]> {
        NamedColumn::find(wanted, OwnedRow::columns(self))
    }
}
