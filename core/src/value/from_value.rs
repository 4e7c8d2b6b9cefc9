//! From a borrowed value to a Rust type, refusing whatever would lose information.

use crate::abi::cell::CellRef;

use super::sequence::elements;
use super::{
    Array, ArrayRef, ConversionError, Date, Decimal, Interval, Time, Timestamp, TimestampTz, Uuid,
    Value, ValueRef,
};

/// A type that a column can be read as.
///
/// Integers convert among each other when the number fits, integers to floats when the float holds
/// it exactly, 0 and 1 to `bool`; dates and times also from ISO 8601 text, which is how SQLite holds
/// them. Everything else must be the type that the column has. NULL only goes into `Option`,
/// [`Value`] and [`ValueRef`]. `docs/values.md` has the whole table.
///
/// A type that only wraps another one, or an enum without fields, derives it; text and bytes may be
/// borrowed from the row for `'a`.
///
/// ```
/// use aludel::{FromValue, ValueRef};
/// use aludel::value::ConversionError;
///
/// #[derive(Debug, PartialEq)]
/// struct Percent(u8);
///
/// impl<'a> FromValue<'a> for Percent {
///     fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
///         let number = u8::from_value(value).map_err(|error| error.for_type("Percent"))?;
///         if number > 100 {
///             return Err(ConversionError::out_of_range("Percent", value.kind_name()));
///         }
///         Ok(Percent(number))
///     }
/// }
///
/// assert_eq!(Percent::from_value(ValueRef::I64(50)), Ok(Percent(50)));
/// assert!(Percent::from_value(ValueRef::I64(101)).is_err());
/// ```
#[diagnostic::on_unimplemented(
    message = "a column cannot be read as `{Self}`",
    label = "not a value",
    note = "write `#[derive(aludel::FromValue)]` on it, read it as `aludel::value::Json`, or turn on \
            the feature of `aludel` for the crate that it comes from"
)]
pub trait FromValue<'a>: Sized {
    /// Converts.
    ///
    /// # Errors
    /// When the value is of another kind, out of range, or would lose digits.
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError>;

    /// Reads the kind of cell that this type usually comes from, without the way over a value;
    /// `None` sends the reader that way. Not for implementing: the ABI may change it.
    #[doc(hidden)]
    #[inline(always)]
    fn from_cell(cell: CellRef<'a>) -> Option<Self> {
        let _ = cell;
        None
    }

    /// Reads a list of this type: an array, but bytes for `u8`. Not for implementing.
    ///
    /// # Errors
    /// Those of the elements, with their place.
    #[doc(hidden)]
    fn vec_from_value(value: ValueRef<'a>) -> Result<Vec<Self>, ConversionError> {
        elements(value)
    }
}

/// The error for a value of another kind.
#[cold]
fn mismatch(wanted: &'static str, value: &ValueRef<'_>) -> ConversionError {
    match value {
        ValueRef::Null => ConversionError::null(wanted),
        other => ConversionError::wrong_type(wanted, other.kind_name()),
    }
}

macro_rules! integers {
    ($($ty:ident $({$($more:tt)*})?),*) => {$(
        impl<'a> FromValue<'a> for $ty {
            #[inline]
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                const NAME: &str = stringify!($ty);
                let converted = match value {
                    ValueRef::I64(number) => number.try_into().ok(),
                    ValueRef::U64(number) => number.try_into().ok(),
                    ValueRef::I128(number) => number.try_into().ok(),
                    ValueRef::U128(number) => number.try_into().ok(),
                    ref other => return Err(mismatch(NAME, other)),
                };
                converted.ok_or_else(|| ConversionError::out_of_range(NAME, value.kind_name()))
            }

            #[inline(always)]
            fn from_cell(cell: CellRef<'a>) -> Option<Self> {
                cell.as_i64().and_then(|number| number.try_into().ok())
            }

            $($($more)*)?
        }
    )*};
}

integers!(i8, i16, i32, i64, i128, isize, u16, u32, u64, u128, usize);

integers!(u8 {
    fn vec_from_value(value: ValueRef<'a>) -> Result<Vec<Self>, ConversionError> {
        <&[u8]>::from_value(value).map(<[u8]>::to_vec).map_err(|_| mismatch("Vec<u8>", &value))
    }
});

impl<'a> FromValue<'a> for bool {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Bool(value) => Ok(value),
            ValueRef::I64(0) | ValueRef::U64(0) => Ok(false),
            ValueRef::I64(1) | ValueRef::U64(1) => Ok(true),
            ValueRef::I64(_) | ValueRef::U64(_) => {
                Err(ConversionError::out_of_range("bool", value.kind_name()))
            }
            ref other => Err(mismatch("bool", other)),
        }
    }
}

impl<'a> FromValue<'a> for f64 {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let exact = match value {
            ValueRef::F64(number) => return Ok(number),
            ValueRef::F32(number) => return Ok(f64::from(number)),
            ValueRef::I64(number) => {
                (number as f64 as i128 == i128::from(number)).then_some(number as f64)
            }
            ValueRef::U64(number) => {
                (number as f64 as u128 == u128::from(number)).then_some(number as f64)
            }
            ref other => return Err(mismatch("f64", other)),
        };
        exact.ok_or_else(|| ConversionError::inexact("f64", value.kind_name()))
    }

    #[inline(always)]
    fn from_cell(cell: CellRef<'a>) -> Option<Self> {
        cell.as_f64()
    }
}

impl<'a> FromValue<'a> for f32 {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let wide = match value {
            ValueRef::F32(number) => return Ok(number),
            ValueRef::Null => return Err(ConversionError::null("f32")),
            other => f64::from_value(other)
                .map_err(|error| ConversionError::wrong_type("f32", error.found()))?,
        };
        let narrow = wide as f32;
        if f64::from(narrow) == wide || wide.is_nan() {
            return Ok(narrow);
        }
        Err(ConversionError::inexact("f32", value.kind_name()))
    }
}

impl<'a> FromValue<'a> for &'a str {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Text(text) | ValueRef::Json(text) | ValueRef::Decimal(text) => Ok(text),
            ValueRef::Other { text, .. } => Ok(text),
            ref other => Err(mismatch("&str", other)),
        }
    }

    #[inline(always)]
    fn from_cell(cell: CellRef<'a>) -> Option<Self> {
        cell.as_text()
    }
}

impl<'a> FromValue<'a> for &'a [u8] {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Bytes(bytes) => Ok(bytes),
            ValueRef::Text(text) | ValueRef::Json(text) => Ok(text.as_bytes()),
            ref other => Err(mismatch("&[u8]", other)),
        }
    }
}

/// Types that are themselves, or are read from their text form.
macro_rules! from_text {
    ($($ty:ident => $name:literal),*) => {$(
        impl<'a> FromValue<'a> for $ty {
            #[inline]
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                match value {
                    ValueRef::$ty(value) => Ok(value),
                    ValueRef::Text(text) => {
                        text.parse().map_err(|_| ConversionError::malformed($name, "text"))
                    }
                    ref other => Err(mismatch($name, other)),
                }
            }
        }
    )*};
}

from_text!(Date => "Date", Time => "Time", Timestamp => "Timestamp", TimestampTz => "TimestampTz");

/// From UUIDs, text, and 16 bytes in network order, where databases have no type for them.
impl<'a> FromValue<'a> for Uuid {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let malformed = || ConversionError::malformed("Uuid", value.kind_name());
        match value {
            ValueRef::Uuid(uuid) => Ok(uuid),
            ValueRef::Text(text) => text.parse().map_err(|_| malformed()),
            ValueRef::Bytes(bytes) => bytes.try_into().map(Uuid).map_err(|_| malformed()),
            ref other => Err(mismatch("Uuid", other)),
        }
    }
}

impl<'a> FromValue<'a> for Interval {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Interval(value) => Ok(value),
            ref other => Err(mismatch("Interval", other)),
        }
    }
}

impl<'a> FromValue<'a> for Decimal {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let text = match value {
            ValueRef::Decimal(text) | ValueRef::Text(text) => text.to_owned(),
            ValueRef::I64(number) => number.to_string(),
            ValueRef::U64(number) => number.to_string(),
            ValueRef::I128(number) => number.to_string(),
            ValueRef::U128(number) => number.to_string(),
            ref other => return Err(mismatch("Decimal", other)),
        };
        text.parse().map_err(|_| ConversionError::malformed("Decimal", value.kind_name()))
    }
}

impl<'a> FromValue<'a> for ArrayRef<'a> {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Array(array) => Ok(array),
            ref other => Err(mismatch("ArrayRef", other)),
        }
    }
}

impl<'a> FromValue<'a> for Array {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Array(array) => Ok(array.to_owned()),
            ref other => Err(mismatch("Array", other)),
        }
    }
}

impl<'a> FromValue<'a> for ValueRef<'a> {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        Ok(value)
    }
}

impl<'a> FromValue<'a> for Value {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        Ok(value.to_owned())
    }
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Option<T> {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }

    #[inline(always)]
    fn from_cell(cell: CellRef<'a>) -> Option<Self> {
        if cell.is_null() { Some(None) } else { T::from_cell(cell).map(Some) }
    }
}
