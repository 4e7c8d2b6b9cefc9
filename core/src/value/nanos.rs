//! Moments and lengths of time counted in nanoseconds, which every library of times can count in.

use super::{ConversionError, Interval, Timestamp, TimestampTz, ValueRef};

impl Timestamp {
    /// The timestamp this many nanoseconds after 1970-01-01 00:00:00; `None` beyond the range of
    /// microseconds in 64 bits, about 292,000 years either way.
    pub fn from_nanos(nanos: i128) -> Option<Self> {
        let micros = i64::try_from(nanos.div_euclid(1000)).ok()?;
        let timestamp = Timestamp::from_micros(micros);
        let rest = nanos.rem_euclid(1000) as u16;
        timestamp.is_finite().then(|| timestamp.with_nanos(rest))
    }

    /// Nanoseconds since 1970-01-01 00:00:00; `None` for the infinities.
    pub fn as_nanos(self) -> Option<i128> {
        let nanos = i128::from(self.micros()) * 1000 + i128::from(self.nanos());
        self.is_finite().then_some(nanos)
    }

    /// False for the infinities.
    pub const fn is_finite(self) -> bool {
        self.micros() != i64::MAX && self.micros() != i64::MIN
    }
}

/// The moment of a value, in nanoseconds since 1970-01-01 00:00:00 UTC, and its offset in minutes.
pub(super) fn moment(
    value: ValueRef<'_>,
    wanted: &'static str,
) -> Result<(i128, Option<i16>), ConversionError> {
    use super::FromValue;
    let moment = TimestampTz::from_value(value).map_err(|error| error.for_type(wanted))?;
    let nanos = moment.utc().as_nanos().ok_or_else(|| infinite(wanted, "timestamptz"))?;
    Ok((nanos, moment.offset_minutes()))
}

/// The value of a moment.
pub(super) fn moment_value(
    nanos: i128,
    offset_minutes: Option<i16>,
    from: &'static str,
) -> Result<ValueRef<'static>, ConversionError> {
    let utc = Timestamp::from_nanos(nanos).ok_or_else(|| {
        ConversionError::unsendable(from, "it is more than 292,000 years from 1970")
    })?;
    let moment = TimestampTz::from_utc(utc);
    Ok(ValueRef::TimestampTz(match offset_minutes {
        Some(minutes) => moment.with_offset(minutes),
        None => moment,
    }))
}

/// The length of an interval, or of MySQL's TIME, in nanoseconds.
pub(super) fn length(value: ValueRef<'_>, wanted: &'static str) -> Result<i128, ConversionError> {
    match value {
        ValueRef::Interval(Interval { months: 0, days: 0, micros }) => {
            Ok(i128::from(micros) * 1000)
        }
        ValueRef::Interval(Interval::INFINITY | Interval::NEG_INFINITY) => {
            Err(infinite(wanted, "interval"))
        }
        ValueRef::Interval(_) => Err(ConversionError::because(
            wanted,
            "interval",
            "its months and days have no length of their own, and `Interval` holds them",
        )),
        ValueRef::Time(time) if time.offset_minutes().is_none() => {
            let sign = if time.micros() < 0 { -1 } else { 1 };
            Ok(i128::from(time.micros()) * 1000 + i128::from(time.nanos()) * sign)
        }
        ValueRef::Null => Err(ConversionError::null(wanted)),
        other => Err(ConversionError::wrong_type(wanted, other.kind_name())),
    }
}

/// The value of a length in nanoseconds.
pub(super) fn length_value(
    nanos: i128,
    from: &'static str,
) -> Result<ValueRef<'static>, ConversionError> {
    interval(nanos, from).map(ValueRef::Interval)
}

/// The interval of a length in nanoseconds.
pub(super) fn interval(nanos: i128, from: &'static str) -> Result<Interval, ConversionError> {
    if nanos % 1000 != 0 {
        let reason = "intervals hold microseconds, and it has nanoseconds beside them";
        return Err(ConversionError::unsendable(from, reason));
    }
    let micros = i64::try_from(nanos / 1000)
        .map_err(|_| ConversionError::unsendable(from, "it is longer than the longest interval"))?;
    Ok(Interval { months: 0, days: 0, micros })
}

#[cold]
pub(super) fn infinite(wanted: &'static str, found: &'static str) -> ConversionError {
    ConversionError::because(wanted, found, "it is infinite")
}

#[cfg(test)]
mod tests {
    use crate::value::Timestamp;

    proptest::proptest! {
        #[test]
        fn nanoseconds_survive_the_round_trip(nanos in i128::from(i64::MIN) * 999..i128::from(i64::MAX) * 999) {
            let timestamp = Timestamp::from_nanos(nanos).expect("within range");
            proptest::prop_assert_eq!(timestamp.as_nanos(), Some(nanos));
        }
    }

    #[test]
    fn there_are_no_nanoseconds_beyond_the_range() {
        for micros in [i64::MAX, i64::MIN] {
            assert_eq!(Timestamp::from_nanos(i128::from(micros) * 1000), None);
            assert_eq!(Timestamp::from_micros(micros).as_nanos(), None);
        }
        assert_eq!(Timestamp::from_nanos(i128::MAX), None);
    }
}
