//! A row that is read by the names of its columns.

use super::any_row::AnyRow;
use super::from_row::FromRow;
use super::owned::OwnedRow;
use crate::error::Result;
use crate::value::{FromValue, Value};

/// An owned row as names and values (SQLAlchemy's `RowMapping`), in the order of the columns.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let engine = aludel::create_engine("sqlite://")?;
/// use aludel::Value;
///
/// let row = engine.execute("select 1 as id, 'a' as name", ())?.mappings().one()?;
/// assert_eq!(row.get::<i64>("id")?, 1);
/// let map: std::collections::BTreeMap<&str, &Value> = row.iter().collect();
/// assert_eq!(map["name"], &Value::from("a"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct RowMapping(OwnedRow);

impl RowMapping {
    /// The value in the column of this name, as a Rust type. Names are compared exactly.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none or more than one of the name; `Conversion` when it does
    /// not fit.
    pub fn get<'r, T: FromValue<'r>>(&'r self, name: &str) -> Result<T> {
        self.0.get_by(name)
    }

    /// The names of the columns; some may come more than once.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.columns().iter().map(|column| column.name.as_str())
    }

    /// The values.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.values().iter()
    }

    /// Names and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.keys().zip(self.0.values())
    }

    /// Number of values.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True for a row without values.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The row.
    pub fn into_row(self) -> OwnedRow {
        self.0
    }
}

impl From<OwnedRow> for RowMapping {
    fn from(row: OwnedRow) -> Self {
        RowMapping(row)
    }
}

impl<'r> FromRow<'r> for RowMapping {
    fn from_row<R: AnyRow<'r>>(row: &R) -> Result<Self> {
        OwnedRow::from_row(row).map(RowMapping)
    }
}
