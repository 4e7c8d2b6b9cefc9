//! Values behind references, boxes, counted references and `Cow`.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};
use crate::abi::cell::CellRef;

macro_rules! pointers {
    ($([$($generics:tt)*] $ty:ty),* $(,)?) => {$(
        impl<$($generics)*> ToValue for $ty {
            #[inline]
            fn to_value<'v>(
                &'v self,
                scratch: &'v Scratch,
            ) -> Result<ValueRef<'v>, ConversionError> {
                (**self).to_value(scratch)
            }
        }
    )*};
}

pointers! {
    [T: ToValue + ?Sized] &T,
    [T: ToValue + ?Sized] Box<T>,
    [T: ToValue + ?Sized] Rc<T>,
    [T: ToValue + ?Sized] Arc<T>,
    [T: ToValue + ToOwned + ?Sized] Cow<'_, T>,
}

macro_rules! texts {
    ($($ty:ty => $name:literal),* $(,)?) => {$(
        impl<'a> FromValue<'a> for $ty {
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                <&str>::from_value(value).map(Into::into).map_err(|error| error.for_type($name))
            }

            #[inline(always)]
            fn from_cell(cell: CellRef<'a>) -> Option<Self> {
                cell.as_text().map(Into::into)
            }
        }
    )*};
}

texts! {
    String => "String",
    Box<str> => "Box<str>",
    Rc<str> => "Rc<str>",
    Arc<str> => "Arc<str>",
    Cow<'a, str> => "Cow<str>",
}

/// Borrows from the row.
impl<'a> FromValue<'a> for Cow<'a, [u8]> {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        <&[u8]>::from_value(value).map(Cow::Borrowed).map_err(|error| error.for_type("Cow<[u8]>"))
    }
}
