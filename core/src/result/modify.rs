//! Results made of results: other columns, no duplicates, several in one, kept in memory.

use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::num::NonZeroUsize;

use super::cursor::CursorResult;
use super::frozen::FrozenResult;
use super::mappings::MappingResult;
use super::scalars::ScalarResult;
use super::source::{Merged, Source};
use super::unique::Seen;
use crate::abi::host::{Row, column_index};
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::value::FromValue;

/// What names a column of a result: its place from 0, or its name.
pub trait ColumnKey {
    /// The place of the column.
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none, or more than one of the name.
    fn place(&self, columns: &[Column]) -> Result<usize>;
}

impl ColumnKey for usize {
    fn place(&self, columns: &[Column]) -> Result<usize> {
        if *self < columns.len() {
            return Ok(*self);
        }
        Err(Error::no_such_column(format!(
            "no column {self}: the row has {}, counted from 0",
            columns.len()
        )))
    }
}

impl ColumnKey for str {
    fn place(&self, columns: &[Column]) -> Result<usize> {
        column_index(columns, self)
    }
}

impl ColumnKey for String {
    fn place(&self, columns: &[Column]) -> Result<usize> {
        self.as_str().place(columns)
    }
}

impl<K: ColumnKey + ?Sized> ColumnKey for &K {
    fn place(&self, columns: &[Column]) -> Result<usize> {
        (**self).place(columns)
    }
}

impl<'c> CursorResult<'c> {
    /// These columns alone, in this order; a column may be named more than once.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let result = engine.execute("select 1 as a, 2 as b, 3 as c", ())?;
    /// let row: (i64, i64) = result.columns(["c", "a"])?.one()?;
    /// assert_eq!(row, (3, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NoSuchColumn` when there is none, or more than one of the name; `ResourceClosed` when the
    /// statement returns no rows.
    pub fn columns<K: ColumnKey>(mut self, keys: impl IntoIterator<Item = K>) -> Result<Self> {
        self.keys()?;
        let columns = self.description()?;
        let order = keys.into_iter().map(|key| key.place(&columns)).collect::<Result<_>>()?;
        self.arrangement.get_or_insert_default().reorder(order, &columns);
        Ok(self)
    }

    /// Leaves out rows whose values have all been seen before. Integers and floats of one value are
    /// the same, and NULL is the same as NULL. Memory grows with the number of different rows.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let mut result = engine.execute("values (1, 'a'), (1, 'b'), (1, 'a')", ())?.unique();
    /// assert_eq!(result.all::<(i64, String)>()?.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn unique(mut self) -> Self {
        let mut seen = Seen::default();
        let strategy = Box::new(move |row: &Row<'_>| seen.insert(row));
        self.arrangement.get_or_insert_default().filter(strategy);
        self
    }

    /// Leaves out rows whose key has been seen before. Memory grows with the number of different
    /// keys.
    #[must_use]
    pub fn unique_by<K: Hash + Eq + Send + 'static>(
        mut self,
        mut key: impl FnMut(&Row<'_>) -> Result<K> + Send + 'static,
    ) -> Self {
        let mut seen = HashSet::new();
        let strategy = Box::new(move |row: &Row<'_>| Ok(seen.insert(key(row)?)));
        self.arrangement.get_or_insert_default().filter(strategy);
        self
    }

    /// Fetches batches of at most `rows` rows from now on, and makes it the size of
    /// [`partitions`](Self::partitions) and [`fetch_many`](Self::fetch_many). Batches are of at most
    /// 256 rows in any case. To have the first batch bounded as well, say it when the statement is
    /// executed: [`ExecutionOptions`](crate::ExecutionOptions). 0 is taken as 1.
    #[must_use]
    pub fn yield_per(mut self, rows: usize) -> Self {
        let rows = NonZeroUsize::new(rows).unwrap_or(NonZeroUsize::MIN);
        self.yield_per = Some(rows);
        if let Source::Streamed(streamed) = &mut self.source {
            streamed.set_batch_rows(rows);
        }
        self
    }

    /// The values of one column, by its place from 0 or by its name: `scalars::<i64>(0)`.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let names = engine.execute("select 1 as id, 'a' as name", ())?.scalars::<String>("name")?;
    /// assert_eq!(names.collect::<aludel::Result<Vec<_>>>()?, ["a"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`columns`](Self::columns).
    pub fn scalars<T: for<'r> FromValue<'r>>(
        self,
        key: impl ColumnKey,
    ) -> Result<ScalarResult<'c, T>> {
        Ok(ScalarResult::new(self.columns([key])?))
    }

    /// Rows that are read by the names of their columns.
    pub fn mappings(self) -> MappingResult<'c> {
        MappingResult::new(self)
    }

    /// This result and then the others, as one. They must have as many columns; names are those of
    /// this one. For results of several databases, or kept ones ([`freeze`](Self::freeze)): a
    /// connection has one open result.
    ///
    /// # Errors
    /// `Argument` when the numbers of columns differ; `ResourceClosed` when one returns no rows.
    pub fn merge(mut self, others: impl IntoIterator<Item = CursorResult<'c>>) -> Result<Self> {
        let width = self.keys()?.len();
        let columns = self.description()?;
        let mut results = VecDeque::from([self]);
        for mut other in others {
            let found = other.keys()?.len();
            if found != width {
                return Err(Error::argument(format!(
                    "a result of {found} columns cannot be merged with one of {width}"
                ))
                .with_help("give each result the same columns, for example with columns()"));
            }
            results.push_back(other);
        }
        Ok(CursorResult::of(Source::Merged(Box::new(Merged::new(columns, results)))))
    }

    /// Reads what is left into memory, from where it can be read any number of times.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let frozen = engine.execute("values (1), (2)", ())?.freeze()?;
    /// assert_eq!(frozen.result().all::<(i64,)>()?, [(1,), (2,)]);
    /// assert_eq!(frozen.result().first::<(i64,)>()?, Some((1,)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`fetch_one`](Self::fetch_one).
    pub fn freeze(mut self) -> Result<FrozenResult> {
        let rows = self.all()?;
        Ok(FrozenResult::new(self.description()?, rows))
    }
}
