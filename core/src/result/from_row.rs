//! From a row to tuples, structs and whatever else a row can be read as.

use super::any_row::AnyRow;
use super::owned::OwnedRow;
use crate::abi::host::Row;
use crate::error::{Error, Result};
use crate::value::FromValue;

/// A type that a row can be read as: tuples of as many values as the row has, and structs with
/// `#[derive(FromRow)]`, which reads the columns that the fields name.
///
/// Written by hand it reads what it likes, from rows that are lent and from owned ones:
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// use aludel::FromRow;
/// use aludel::result::AnyRow;
///
/// struct Range(std::ops::Range<i64>);
///
/// impl<'r> FromRow<'r> for Range {
///     fn from_row<R: AnyRow<'r>>(row: &R) -> aludel::Result<Self> {
///         Ok(Range(row.get_by("low")?..row.get_by("high")?))
///     }
/// }
///
/// let engine = aludel::create_engine("sqlite:///:memory:")?;
/// let Range(range) = engine.execute("select 1 as low, 5 as high", ())?.one()?;
/// assert_eq!(range, 1..5);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a row cannot be read as `{Self}`",
    label = "not a row",
    note = "write `#[derive(aludel::FromRow)]` on it, or ask for a tuple such as `(i64, &str)`",
    note = "a single value is read with `scalar`, `get_at` or `get_by`, or as a tuple of one"
)]
pub trait FromRow<'r>: Sized {
    /// Converts.
    ///
    /// # Errors
    /// `Argument` when the row has another number of values; `NoSuchColumn` when it does not have
    /// a column by its name; `Conversion` when a value does not fit.
    fn from_row<R: AnyRow<'r>>(row: &R) -> Result<Self>;
}

impl<'r> Row<'r> {
    /// The row as a tuple or struct.
    ///
    /// # Errors
    /// As [`FromRow::from_row`].
    #[inline(always)]
    pub fn get<T: FromRow<'r>>(&self) -> Result<T> {
        T::from_row(self)
    }
}

impl OwnedRow {
    /// The row as a tuple or struct, which may borrow from it.
    ///
    /// # Errors
    /// As [`FromRow::from_row`].
    pub fn get<'r, T: FromRow<'r>>(&'r self) -> Result<T> {
        T::from_row(&self)
    }
}

/// Refuses rows that do not have this many values.
///
/// # Errors
/// `Argument`, with both numbers.
#[doc(hidden)]
#[inline(always)]
pub fn check_width(found: usize, wanted: usize) -> Result<()> {
    if found == wanted { Ok(()) } else { Err(wrong_width(wanted, found)) }
}

#[cold]
fn wrong_width(wanted: usize, found: usize) -> Error {
    Error::argument(format!("the row has {found} values, the tuple {wanted}"))
        .with_help("read it as a tuple of the same number of values, or by place or name")
}

macro_rules! tuples {
    ($len:literal $($name:ident $index:literal)+) => {
        impl<'r, $($name: FromValue<'r>),+> FromRow<'r> for ($($name,)+) {
            #[inline(always)]
            fn from_row<R: AnyRow<'r>>(row: &R) -> Result<Self> {
                check_width(row.width(), $len)?;
                Ok(($(row.get_at::<$name>($index)?,)+))
            }
        }
    };
}

tuples!(1 A 0);
tuples!(2 A 0 B 1);
tuples!(3 A 0 B 1 C 2);
tuples!(4 A 0 B 1 C 2 D 3);
tuples!(5 A 0 B 1 C 2 D 3 E 4);
tuples!(6 A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(7 A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
