//! Conversions for the crate `bigdecimal`.

use std::str::FromStr;

use ::bigdecimal::BigDecimal;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

/// Decimal places that are written out; no database has more.
const MAX_PLACES: usize = 16_383;

impl ToValue for BigDecimal {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let text = match usize::try_from(self.fractional_digit_count()) {
            // The crate would write small numbers with an exponent, and zero without its places.
            Ok(places @ 1..=MAX_PLACES) => scratch.text(format_args!("{self:.places$}")),
            _ => scratch.text(self),
        };
        text.map(ValueRef::Decimal)
    }
}

/// From decimals, integers and text. `NaN` and the infinities are refused.
impl<'a> FromValue<'a> for BigDecimal {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "BigDecimal";
        match value {
            ValueRef::Decimal(text) | ValueRef::Text(text) => BigDecimal::from_str(text)
                .map_err(|error| ConversionError::because(NAME, value.kind_name(), error)),
            ValueRef::I64(number) => Ok(number.into()),
            ValueRef::U64(number) => Ok(number.into()),
            ValueRef::I128(number) => Ok(number.into()),
            ValueRef::U128(number) => Ok(number.into()),
            ValueRef::Null => Err(ConversionError::null(NAME)),
            other => Err(ConversionError::wrong_type(NAME, other.kind_name())),
        }
    }
}
