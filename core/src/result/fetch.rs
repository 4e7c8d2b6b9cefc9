//! Reading a result as rows of a type, or as one value.

use super::cursor::CursorResult;
use super::from_row::FromRow;
use super::owned::OwnedRows;
use super::partitions::Partitions;
use crate::error::{Error, ErrorKind, Result};
use crate::value::{FromValue, ValueRef};

/// How many rows are accepted beside exactly one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    One,
    OneOrNone,
}

impl<'c> CursorResult<'c> {
    /// The next row; `None` at the end. Blocks when a batch is used up.
    ///
    /// # Errors
    /// As [`next`](Self::next); `Conversion` when the row does not fit, and the next call reads the
    /// row after it.
    pub fn fetch_one<T: for<'r> FromRow<'r>>(&mut self) -> Result<Option<T>> {
        self.next()?.map(|row| row.get()).transpose()
    }

    /// The next rows, at most `size` of them; none at the end. `None` stands for the number that
    /// [`yield_per`](Self::yield_per) set, or 1, as PEP 249's `arraysize` is. Blocks.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let mut rows = engine.execute("values (1), (2), (3)", ())?;
    /// assert_eq!(rows.fetch_many::<(i64,)>(2)?, [(1,), (2,)]);
    /// assert_eq!(rows.fetch_many::<(i64,)>(2)?, [(3,)]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`fetch_one`](Self::fetch_one); rows of this call that came before are lost.
    pub fn fetch_many<T: for<'r> FromRow<'r>>(
        &mut self,
        size: impl Into<Option<usize>>,
    ) -> Result<Vec<T>> {
        let size = size.into().unwrap_or(self.yield_per.map_or(1, Into::into));
        let mut rows = Vec::new();
        while rows.len() < size
            && let Some(row) = self.fetch_one()?
        {
            rows.push(row);
        }
        Ok(rows)
    }

    /// The rows that are left, collected. Memory grows with their number. Blocks.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let rows: Vec<(i64, String)> = engine.execute("values (1, 'a'), (2, 'b')", ())?.all()?;
    /// assert_eq!(rows, [(1, "a".to_owned()), (2, "b".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`fetch_one`](Self::fetch_one).
    #[doc(alias = "fetchall")]
    pub fn all<T: for<'r> FromRow<'r>>(&mut self) -> Result<Vec<T>> {
        let mut rows = Vec::new();
        while let Some(row) = self.fetch_one()? {
            rows.push(row);
        }
        Ok(rows)
    }

    /// The first row, `None` when there is none. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`fetch_one`](Self::fetch_one).
    pub fn first<T: for<'r> FromRow<'r>>(&mut self) -> Result<Option<T>> {
        let first = self.fetch_one();
        let closed = self.close();
        let first = first?;
        closed.map(|()| first)
    }

    /// The only row. Closes the result. Blocks.
    ///
    /// # Errors
    /// `NoRow` when there is none, `MultipleRows` when there are more; otherwise as
    /// [`fetch_one`](Self::fetch_one).
    pub fn one<T: for<'r> FromRow<'r>>(&mut self) -> Result<T> {
        match self.only(Wanted::One)? {
            Some(row) => Ok(row),
            None => Err(self.no_row()),
        }
    }

    /// The only row, `None` when there is none. Closes the result. Blocks.
    ///
    /// # Errors
    /// `MultipleRows` when there are more; otherwise as [`fetch_one`](Self::fetch_one).
    pub fn one_or_none<T: for<'r> FromRow<'r>>(&mut self) -> Result<Option<T>> {
        self.only(Wanted::OneOrNone)
    }

    /// The first value of the first row. Closes the result. Blocks.
    ///
    /// No row reads as NULL: `scalar::<Option<i64>>()` is `None` for both.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let one: i64 = engine.execute("select 1", ())?.scalar()?;
    /// let none: Option<i64> = engine.execute("select 1 where false", ())?.scalar()?;
    /// assert_eq!((one, none), (1, None));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `NoRow` when there is none and the type has no place for NULL; otherwise as
    /// [`fetch_one`](Self::fetch_one).
    pub fn scalar<T: for<'r> FromValue<'r>>(&mut self) -> Result<T> {
        match self.first()? {
            Some(Scalar(value)) => Ok(value),
            None => T::from_value(ValueRef::Null).map_err(|_| self.no_row()),
        }
    }

    /// The first value of the only row. Closes the result. Blocks.
    ///
    /// # Errors
    /// As [`one`](Self::one).
    pub fn scalar_one<T: for<'r> FromValue<'r>>(&mut self) -> Result<T> {
        self.one().map(|Scalar(value)| value)
    }

    /// The first value of the only row, `None` when there is none. Closes the result. Blocks.
    ///
    /// A NULL is no missing row: ask for `scalar_one_or_none::<Option<i64>>()`, and it is
    /// `Some(None)`.
    ///
    /// # Errors
    /// As [`one_or_none`](Self::one_or_none).
    pub fn scalar_one_or_none<T: for<'r> FromValue<'r>>(&mut self) -> Result<Option<T>> {
        Ok(self.one_or_none()?.map(|Scalar(value)| value))
    }

    /// The rows that are left, in groups of `size`: memory holds one group. `None` stands for the
    /// number that [`yield_per`](Self::yield_per) set, or a batch's 256.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// let mut rows = engine.execute("values (1), (2), (3)", ())?;
    /// let sizes: Vec<usize> =
    ///     rows.partitions::<(i64,)>(2).map(|rows| rows.map(|rows| rows.len())).collect::<Result<_, _>>()?;
    /// assert_eq!(sizes, [2, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn partitions<T: for<'r> FromRow<'r>>(
        &mut self,
        size: impl Into<Option<usize>>,
    ) -> Partitions<'_, 'c, T> {
        let size = size.into().unwrap_or(self.yield_per.map_or(Partitions::<T>::SIZE, Into::into));
        Partitions::new(self, size)
    }

    /// The rows that are left as an iterator of owned rows: `for row in result.owned()`.
    pub fn owned(self) -> OwnedRows<'c> {
        OwnedRows::new(self)
    }

    /// The only row; `None` when there is none, whether that is wanted or not.
    fn only<T: for<'r> FromRow<'r>>(&mut self, wanted: Wanted) -> Result<Option<T>> {
        // Read before the second row takes its place; too many rows are the greater mistake.
        let row = self.next()?.map(|row| row.get());
        let more = row.is_some() && self.advance()?;
        let closed = self.close();
        if more {
            return Err(self.multiple_rows(wanted));
        }
        let row = row.transpose()?;
        closed.map(|()| row)
    }

    #[cold]
    fn no_row(&self) -> Error {
        Error::new(ErrorKind::NoRow, "no row was found when one was required")
            .with_statement(self.sql())
    }

    #[cold]
    fn multiple_rows(&self, wanted: Wanted) -> Error {
        let message = match wanted {
            Wanted::One => "multiple rows were found when exactly one was required",
            Wanted::OneOrNone => "multiple rows were found when one or none was required",
        };
        Error::new(ErrorKind::MultipleRows, message).with_statement(self.sql())
    }
}

/// The first value of a row.
pub(super) struct Scalar<T>(pub(super) T);

impl<'r, T: FromValue<'r>> FromRow<'r> for Scalar<T> {
    #[inline]
    fn from_row<R: super::AnyRow<'r>>(row: &R) -> Result<Self> {
        row.get_at(0).map(Scalar)
    }
}
