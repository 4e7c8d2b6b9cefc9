//! From a row to tuples.

use crate::abi::host::Row;
use crate::error::{Error, Result};
use crate::value::FromValue;

/// A type that a row can be read as: tuples of as many values as the row has.
pub trait FromRow<'r>: Sized {
    /// Converts.
    ///
    /// # Errors
    /// `Argument` when the row has another number of values; `Conversion` when one does not fit.
    fn from_row(row: &Row<'r>) -> Result<Self>;
}

impl<'r> Row<'r> {
    /// The row as a tuple.
    ///
    /// # Errors
    /// As [`FromRow::from_row`].
    #[inline(always)]
    pub fn get<T: FromRow<'r>>(&self) -> Result<T> {
        T::from_row(self)
    }
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
            fn from_row(row: &Row<'r>) -> Result<Self> {
                if row.len() != $len {
                    return Err(wrong_width($len, row.len()));
                }
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
