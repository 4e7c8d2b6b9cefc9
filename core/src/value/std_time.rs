//! The standard library's moments and lengths of time.

use std::time::{Duration, SystemTime};

use super::nanos::{length, length_value, moment, moment_value};
use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

/// Nanoseconds of at most 2^63 microseconds, the most that values hold.
fn from_nanos(nanos: u128) -> Duration {
    Duration::new((nanos / 1_000_000_000) as u64, (nanos % 1_000_000_000) as u32)
}

/// An interval without months and days.
impl ToValue for Duration {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        // 2^64 seconds in nanoseconds are 94 bits.
        length_value(self.as_nanos() as i128, "Duration")
    }
}

/// From an interval without months and days, or from MySQL's TIME.
impl<'a> FromValue<'a> for Duration {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let nanos = u128::try_from(length(value, "Duration")?).map_err(|_| {
            ConversionError::because("Duration", value.kind_name(), "it is negative")
        })?;
        Ok(from_nanos(nanos))
    }
}

/// A moment in UTC.
impl ToValue for SystemTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let nanos = match self.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(since) => since.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        };
        moment_value(nanos, None, "SystemTime")
    }
}

/// From a moment; its offset from UTC is not kept.
impl<'a> FromValue<'a> for SystemTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let (nanos, _) = moment(value, "SystemTime")?;
        let distance = from_nanos(nanos.unsigned_abs());
        let epoch = SystemTime::UNIX_EPOCH;
        let time =
            if nanos < 0 { epoch.checked_sub(distance) } else { epoch.checked_add(distance) };
        let out_of_range = || ConversionError::out_of_range("SystemTime", value.kind_name());
        let time = time.ok_or_else(out_of_range)?;
        // Some systems count in steps that are longer than a nanosecond.
        let exact = time.duration_since(epoch).unwrap_or_else(|before| before.duration());
        if exact == distance {
            return Ok(time);
        }
        Err(ConversionError::inexact("SystemTime", value.kind_name()))
    }
}
