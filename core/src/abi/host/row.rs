//! A row as it lies in the batch, read by place or by name.

use std::sync::Arc;

use super::connection::DriverConnection;
use super::statement::DriverStatement;
use crate::abi::cell::CellRef;
use crate::abi::data::Cell;
use crate::dbapi::{Column, SqlType};
use crate::error::{Error, Result};
use crate::value::{ConversionError, FromValue, Value, ValueRef};

/// A row, valid until the next one is asked for. Nothing is copied until a value is read as an
/// owned type.
#[derive(Clone, Copy)]
pub struct Row<'r> {
    cells: &'r [Cell],
    described: Described<'r>,
}

/// Where a row's columns are found.
#[derive(Clone, Copy)]
pub(super) enum Described<'r> {
    /// The connection knows them, or asks its dialect.
    ByStatement(&'r DriverConnection, DriverStatement),
    /// The row was put together for them.
    As(&'r Arc<[Column]>),
}

impl<'r> Row<'r> {
    #[inline(always)]
    pub(super) fn new(cells: &'r [Cell], described: Described<'r>) -> Self {
        Row { cells, described }
    }

    pub(super) fn described(&self) -> Described<'r> {
        self.described
    }

    pub(super) fn cells(&self) -> &'r [Cell] {
        self.cells
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// True for a row without values.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The columns of the row.
    ///
    /// # Errors
    /// When the dialect cannot tell.
    pub fn columns(&self) -> Result<Arc<[Column]>> {
        match self.described {
            Described::ByStatement(connection, statement) => connection.columns(&statement),
            Described::As(columns) => Ok(Arc::clone(columns)),
        }
    }

    /// The value at this place, from 0, as a Rust type.
    ///
    /// # Errors
    /// `NoSuchColumn` beyond the last; `Conversion` (naming column, wanted and found type) when the
    /// value does not fit.
    #[inline(always)]
    pub fn get_at<T: FromValue<'r>>(&self, index: usize) -> Result<T> {
        let Some(cell) = self.cells.get(index) else { return Err(self.no_such_index(index)) };
        // SAFETY: what the cell points to lives until the next call on the connection, or the next
        // row of what put this one together; the row keeps either borrowed for `'r`. The maker of
        // the cell vouches for its pointers.
        let cell = unsafe { CellRef::new(cell) };
        match T::from_cell(cell) {
            Some(value) => Ok(value),
            None => self.convert(index, cell),
        }
    }

    /// Every conversion that is not the usual one.
    #[inline(never)]
    fn convert<T: FromValue<'r>>(&self, index: usize, cell: CellRef<'r>) -> Result<T> {
        cell.value().and_then(T::from_value).map_err(|error| self.does_not_fit(index, error))
    }

    /// The value in the column of this name, as a Rust type. Names are compared exactly.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none or more than one of the name; `Conversion` as
    /// [`get_at`](Row::get_at).
    pub fn get_by<T: FromValue<'r>>(&self, name: &str) -> Result<T> {
        self.get_at(self.index_of(name)?)
    }

    /// The value at this place, borrowed.
    ///
    /// # Errors
    /// As [`get_at`](Row::get_at).
    pub fn value(&self, index: usize) -> Result<ValueRef<'r>> {
        self.get_at(index)
    }

    /// The bytes of text or bytes at this place, without a check for UTF-8; `None` for NULL.
    ///
    /// # Errors
    /// `NoSuchColumn` beyond the last; `Conversion` for other kinds of value.
    pub fn bytes_at(&self, index: usize) -> Result<Option<&'r [u8]>> {
        use crate::abi::constants::tag;
        let Some(cell) = self.cells.get(index) else { return Err(self.no_such_index(index)) };
        match cell.tag {
            tag::NULL => Ok(None),
            tag::TEXT | tag::BYTES | tag::JSON | tag::DECIMAL | tag::OTHER => {
                // SAFETY: as for `get_at`.
                Ok(Some(unsafe { cell.bytes() }))
            }
            _ => self.get_at::<&[u8]>(index).map(Some),
        }
    }

    /// The place of the column of this name.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none (with the names that there are) or more than one.
    pub fn index_of(&self, name: &str) -> Result<usize> {
        column_index(&self.columns()?, name)
    }

    /// The value at this place, owned; values of unknown types carry their type's name, also within
    /// arrays and composites.
    ///
    /// # Errors
    /// As [`get_at`](Row::get_at).
    pub fn owned_value(&self, index: usize) -> Result<Value> {
        let mut value = self.value(index)?.to_owned();
        if matches!(value, Value::Other { .. } | Value::Array(_) | Value::Struct(_))
            && let Some(column) = self.columns().ok().as_deref().and_then(|all| all.get(index))
        {
            name_types(&mut value, &column.sql_type);
        }
        Ok(value)
    }

    #[cold]
    fn no_such_index(&self, index: usize) -> Error {
        Error::no_such_column(format!(
            "no column {index}: the row has {}, counted from 0",
            self.cells.len()
        ))
    }

    #[cold]
    fn does_not_fit(&self, index: usize, error: ConversionError) -> Error {
        let name = self
            .columns()
            .ok()
            .and_then(|columns| columns.get(index).map(|column| format!(" (`{}`)", column.name)));
        let help = error.help();
        Error::conversion(format!("column {index}{}: {error}", name.unwrap_or_default()))
            .with_help(help)
            .with_source(error)
    }
}

impl std::fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = (0..self.len()).map(|index| self.value(index));
        f.debug_list().entries(values).finish()
    }
}

/// The place of the column of this name.
pub(crate) fn column_index(columns: &[Column], name: &str) -> Result<usize> {
    let mut places = columns.iter().enumerate().filter(|(_, column)| column.name == name);
    match (places.next(), places.next()) {
        (Some((index, _)), None) => Ok(index),
        (Some(_), Some(_)) => Err(Error::no_such_column(format!(
            "column name `{name}` is ambiguous: the result has more than one"
        ))
        .with_help("give the columns different names with AS, or read them by place")),
        (None, _) => {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            Err(Error::no_such_column(format!("no column `{name}`"))
                .with_help(format!("the result has: {}", names.join(", "))))
        }
    }
}

/// Gives values of unknown types the names that the column's type tells.
fn name_types(value: &mut Value, sql_type: &SqlType) {
    match value {
        Value::Other { type_name, .. } if type_name.is_empty() => {
            sql_type.vendor_name.as_ref().clone_into(type_name);
        }
        Value::Array(array) => {
            let Some(element) = &sql_type.element else { return };
            array.elements_mut().iter_mut().for_each(|value| name_types(value, element));
        }
        Value::Struct(fields) => {
            for (value, (_, sql_type)) in fields.iter_mut().zip(&sql_type.fields) {
                name_types(value, sql_type);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::name_types;
    use crate::dbapi::{SqlType, TypeKind};
    use crate::value::{Array, Value};

    #[test]
    fn values_of_unknown_types_are_named_by_the_column_at_any_depth() {
        let other =
            |type_name: &str| Value::Other { type_name: type_name.into(), text: "x".into() };
        let inet = SqlType::new(TypeKind::Other, "inet");
        let mut array = SqlType::new(TypeKind::Array, "inet[]");
        array.element = Some(Box::new(inet.clone()));
        let mut composite = SqlType::new(TypeKind::Struct, "pair");
        composite.fields = vec![("a".into(), inet), ("b".into(), array)];
        let mut value =
            Value::Struct(vec![other(""), Value::Array(Array::new(vec![other("own"), other("")]))]);
        name_types(&mut value, &composite);
        let expected = Value::Array(Array::new(vec![other("own"), other("inet")]));
        assert_eq!(value, Value::Struct(vec![other("inet"), expected]));
    }
}
