//! Exact decimals and UUIDs as small types of their own.

use std::fmt;
use std::str::FromStr;

/// An exact decimal in text form: what databases call NUMERIC or DECIMAL.
///
/// Kept as text because no binary type holds every database's range. Also `NaN`, `Infinity` and
/// `-Infinity`, which PostgreSQL knows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// The text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text form.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl FromStr for Decimal {
    type Err = crate::Error;

    /// # Errors
    /// `Data` for text that is no decimal number.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_decimal(text) {
            return Ok(Decimal(text.to_owned()));
        }
        Err(crate::Error::data(format!("{text:?} is not a decimal number")).with_help(
            "write digits with an optional sign, point and exponent, for example -12.50",
        ))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

pub(crate) fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, "NaN" | "Infinity") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count();
    let points = mantissa.bytes().filter(|&byte| byte == b'.').count();
    let exponent_is_number = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && exponent.bytes().all(|byte| byte.is_ascii_digit())
    });
    digits > 0 && points <= 1 && digits + points == mantissa.len() && exponent_is_number
}

/// A UUID: 16 bytes in network order (RFC 9562).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uuid(pub [u8; 16]);

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Uuid {
    type Err = crate::Error;

    /// Reads 32 hexadecimal digits; hyphens may stand where RFC 9562 puts them.
    ///
    /// # Errors
    /// `Data` for anything else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || crate::Error::data(format!("{text:?} is not a UUID"));
        let mut bytes = [0; 16];
        let mut digits = 0;
        for (at, character) in text.char_indices() {
            if character == '-' && text.len() == 36 && matches!(at, 8 | 13 | 18 | 23) {
                continue;
            }
            let digit = character.to_digit(16).ok_or_else(malformed)?;
            let byte = bytes.get_mut(digits / 2).ok_or_else(malformed)?;
            *byte = *byte << 4 | digit as u8;
            digits += 1;
        }
        if digits == 32 { Ok(Uuid(bytes)) } else { Err(malformed()) }
    }
}
