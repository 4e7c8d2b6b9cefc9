//! Integers that are not zero.

use std::num::NonZero;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

macro_rules! non_zero {
    ($($ty:ident => $variant:ident as $wide:ident),*) => {$(
        impl ToValue for NonZero<$ty> {
            #[inline]
            fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
                Ok(ValueRef::$variant(self.get() as $wide))
            }
        }

        impl<'a> FromValue<'a> for NonZero<$ty> {
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                const NAME: &str = concat!("NonZero<", stringify!($ty), ">");
                let number = $ty::from_value(value).map_err(|error| error.for_type(NAME))?;
                NonZero::new(number)
                    .ok_or_else(|| ConversionError::because(NAME, value.kind_name(), "it is zero"))
            }
        }
    )*};
}

non_zero! {
    i8 => I64 as i64, i16 => I64 as i64, i32 => I64 as i64, i64 => I64 as i64, isize => I64 as i64,
    u8 => U64 as u64, u16 => U64 as u64, u32 => U64 as u64, u64 => U64 as u64, usize => U64 as u64,
    i128 => I128 as i128, u128 => U128 as u128
}
