//! Rows as whatever serde knows.

use serde_core::Deserialize;

use super::row;
use crate::abi::host::Row;
use crate::error::Result;
use crate::result::owned::OwnedRow;

impl<'r> Row<'r> {
    /// The row as a type that serde knows: structs and maps by the names of the columns, tuples and
    /// sequences by place, and a row of one value as that value. Text may be borrowed from the row.
    ///
    /// Columns that the type does not know are left out. NULL goes into `Option`, the text of an
    /// enum into a variant without fields, JSON into anything. Numbers convert when nothing is
    /// lost. Dates, times, decimals and UUIDs are given as text, in the forms of ISO 8601.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::create_engine("sqlite:///:memory:")?;
    /// let mut result = engine.execute("select 'a' as name, 3 as tracks", ())?;
    /// let row = result.next()?.expect("there is one");
    /// let album: std::collections::BTreeMap<String, serde_json::Value> = row.deserialize()?;
    /// assert_eq!(album["tracks"], 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NoSuchColumn` for a column that the type asks for; `Conversion`, naming the column, when a
    /// value does not fit.
    pub fn deserialize<T: Deserialize<'r>>(&self) -> Result<T> {
        row::deserialize(self)
    }
}

impl OwnedRow {
    /// The row as a type that serde knows, as [`Row::deserialize`].
    ///
    /// # Errors
    /// As [`Row::deserialize`].
    pub fn deserialize<'r, T: Deserialize<'r>>(&'r self) -> Result<T> {
        row::deserialize(&self)
    }
}
