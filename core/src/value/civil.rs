//! Dates and times taken apart, and put together from the parts of other libraries.

use super::nanos::infinite;
use super::{ConversionError, Date, FromValue, Time, Timestamp, ValueRef};

const SECONDS_PER_DAY: i64 = 86_400;

/// Year (0 is 1 BC), month and day.
#[derive(Clone, Copy)]
pub(super) struct Day {
    pub(super) year: i32,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// A time of a day that has 24 hours of 60 minutes of 60 seconds.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) nanos: u32,
}

impl Day {
    pub(super) fn of(date: Date, wanted: &'static str) -> Result<Self, ConversionError> {
        if matches!(date, Date::INFINITY | Date::NEG_INFINITY) {
            return Err(infinite(wanted, "date"));
        }
        let (year, month, day) = date.ymd();
        Ok(Day { year, month, day })
    }

    pub(super) fn read(value: ValueRef<'_>, wanted: &'static str) -> Result<Self, ConversionError> {
        Day::of(Date::from_value(value).map_err(|error| error.for_type(wanted))?, wanted)
    }

    pub(super) fn date(self, from: &'static str) -> Result<Date, ConversionError> {
        Date::from_ymd(self.year, self.month, self.day)
            .ok_or_else(|| ConversionError::unsendable(from, "databases have no such date"))
    }
}

impl Clock {
    /// The time this many seconds and nanoseconds after midnight.
    fn since_midnight(seconds: i64, nanos: u32) -> Self {
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        Clock { hour: hour as u8, minute: minute as u8, second: second as u8, nanos }
    }

    /// Refuses 24:00:00, MySQL's longer or negative times, and times with an offset from UTC.
    pub(super) fn read(value: ValueRef<'_>, wanted: &'static str) -> Result<Self, ConversionError> {
        let time = Time::from_value(value).map_err(|error| error.for_type(wanted))?;
        if time.offset_minutes().is_some() {
            let reason = "it has an offset from UTC, and `Time` holds it";
            return Err(ConversionError::because(wanted, "time", reason));
        }
        let seconds = time.micros().div_euclid(1_000_000);
        if !(0..SECONDS_PER_DAY).contains(&seconds) {
            let reason = "it is not between 00:00:00 and 24:00:00, and `Time` holds it";
            return Err(ConversionError::because(wanted, "time", reason));
        }
        let micros = time.micros().rem_euclid(1_000_000) as u32;
        Ok(Clock::since_midnight(seconds, micros * 1000 + u32::from(time.nanos())))
    }

    /// Microseconds since midnight and nanoseconds beside them.
    fn split(self) -> (i64, u16) {
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute);
        let seconds = minutes * 60 + i64::from(self.second);
        (seconds * 1_000_000 + i64::from(self.nanos / 1000), (self.nanos % 1000) as u16)
    }

    pub(super) fn time(self) -> Time {
        let (micros, nanos) = self.split();
        Time::from_micros(micros).with_nanos(nanos)
    }
}

/// The parts of a timestamp without a time zone.
pub(super) fn read_timestamp(
    value: ValueRef<'_>,
    wanted: &'static str,
) -> Result<(Day, Clock), ConversionError> {
    let timestamp = Timestamp::from_value(value).map_err(|error| error.for_type(wanted))?;
    if !timestamp.is_finite() {
        return Err(infinite(wanted, "timestamp"));
    }
    let seconds = timestamp.micros().div_euclid(1_000_000);
    let micros = timestamp.micros().rem_euclid(1_000_000) as u32;
    // 2^63 microseconds are 107 million days.
    let date = Date::from_days(seconds.div_euclid(SECONDS_PER_DAY) as i32);
    let nanos = micros * 1000 + u32::from(timestamp.nanos());
    let clock = Clock::since_midnight(seconds.rem_euclid(SECONDS_PER_DAY), nanos);
    Ok((Day::of(date, wanted)?, clock))
}

/// The timestamp of a day and a time of it.
pub(super) fn timestamp(
    day: Day,
    clock: Clock,
    from: &'static str,
) -> Result<Timestamp, ConversionError> {
    let (micros, nanos) = clock.split();
    i64::from(day.date(from)?.days())
        .checked_mul(SECONDS_PER_DAY * 1_000_000)
        .and_then(|days| days.checked_add(micros))
        .map(|micros| Timestamp::from_micros(micros).with_nanos(nanos))
        .filter(|timestamp| timestamp.is_finite())
        .ok_or_else(|| ConversionError::unsendable(from, "databases have no such timestamp"))
}

/// Whole minutes of an offset from UTC in seconds.
#[cfg(any(feature = "chrono", feature = "time"))]
pub(super) fn offset_minutes(seconds: i32, from: &'static str) -> Result<i16, ConversionError> {
    match i16::try_from(seconds / 60) {
        Ok(minutes) if seconds % 60 == 0 => Ok(minutes),
        _ => Err(ConversionError::unsendable(
            from,
            "its offset from UTC is not one of whole minutes; the same moment in UTC can be sent",
        )),
    }
}

/// The error for parts that the library refuses.
#[cold]
pub(super) fn beyond(wanted: &'static str, value: ValueRef<'_>) -> ConversionError {
    ConversionError::because(wanted, value.kind_name(), "it is beyond the range of the type")
}
