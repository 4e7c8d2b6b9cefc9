//! Conversions for the crate `rust_decimal`.

use ::rust_decimal::Decimal;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

impl ToValue for Decimal {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        scratch.text(self).map(ValueRef::Decimal)
    }
}

/// From decimals, integers and text. `NaN`, the infinities and numbers of more than 96 bits or 28
/// decimal places are refused; nothing is rounded.
impl<'a> FromValue<'a> for Decimal {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "rust_decimal::Decimal";
        let integer = |number: Option<i128>| {
            let number =
                number.and_then(|number| Decimal::try_from_i128_with_scale(number, 0).ok());
            number.ok_or_else(|| ConversionError::inexact(NAME, value.kind_name()))
        };
        match value {
            ValueRef::Decimal(text) | ValueRef::Text(text) => parse(text)
                .map_err(|reason| ConversionError::because(NAME, value.kind_name(), reason)),
            ValueRef::I64(number) => Ok(number.into()),
            ValueRef::U64(number) => Ok(number.into()),
            ValueRef::I128(number) => integer(Some(number)),
            ValueRef::U128(number) => integer(i128::try_from(number).ok()),
            ValueRef::Null => Err(ConversionError::null(NAME)),
            other => Err(ConversionError::wrong_type(NAME, other.kind_name())),
        }
    }
}

fn parse(text: &str) -> Result<Decimal, String> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return Decimal::from_str_exact(text).map_err(|error| error.to_string());
    };
    let mantissa = Decimal::from_str_exact(mantissa).map_err(|error| error.to_string())?;
    let exponent: i32 = exponent.parse().map_err(|_| "its exponent is no number".to_owned())?;
    scaled(mantissa, exponent).ok_or_else(|| "it has too many digits".to_owned())
}

/// The number times a power of ten; `None` where digits would be lost.
fn scaled(mantissa: Decimal, exponent: i32) -> Option<Decimal> {
    let scale = i64::from(mantissa.scale()) - i64::from(exponent);
    let digits = mantissa.mantissa();
    if let Ok(scale) = u32::try_from(scale) {
        return Decimal::try_from_i128_with_scale(digits, scale).ok();
    }
    let power = 10_i128.checked_pow(u32::try_from(-scale).ok()?)?;
    Decimal::try_from_i128_with_scale(digits.checked_mul(power)?, 0).ok()
}
