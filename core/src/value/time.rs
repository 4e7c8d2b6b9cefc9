//! Conversions for the crate `time`.

use ::time::{
    Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset,
};

use super::civil::{Clock, Day, beyond, offset_minutes, read_timestamp, timestamp};
use super::nanos::{length, length_value, moment, moment_value};
use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

fn day(date: Date) -> Day {
    Day { year: date.year(), month: date.month().into(), day: date.day() }
}

fn clock(time: Time) -> Clock {
    let (hour, minute, second, nanos) = time.as_hms_nano();
    Clock { hour, minute, second, nanos }
}

fn date(day: Day) -> Option<Date> {
    let month = Month::try_from(day.month).ok()?;
    Date::from_calendar_date(day.year, month, day.day).ok()
}

fn time(clock: Clock) -> Option<Time> {
    Time::from_hms_nano(clock.hour, clock.minute, clock.second, clock.nanos).ok()
}

impl ToValue for Date {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        day(*self).date("time::Date").map(ValueRef::Date)
    }
}

/// Years from -9999 to 9999, as the crate has them.
impl<'a> FromValue<'a> for Date {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        date(Day::read(value, "time::Date")?).ok_or_else(|| beyond("time::Date", value))
    }
}

impl ToValue for Time {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        Ok(ValueRef::Time(clock(*self).time()))
    }
}

impl<'a> FromValue<'a> for Time {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        time(Clock::read(value, "time::Time")?).ok_or_else(|| beyond("time::Time", value))
    }
}

impl ToValue for PrimitiveDateTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        timestamp(day(self.date()), clock(self.time()), "PrimitiveDateTime")
            .map(ValueRef::Timestamp)
    }
}

impl<'a> FromValue<'a> for PrimitiveDateTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let (day, clock) = read_timestamp(value, "PrimitiveDateTime")?;
        let both = date(day).zip(time(clock));
        let (date, time) = both.ok_or_else(|| beyond("PrimitiveDateTime", value))?;
        Ok(PrimitiveDateTime::new(date, time))
    }
}

/// The moment with its offset from UTC.
impl ToValue for OffsetDateTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let minutes = offset_minutes(self.offset().whole_seconds(), "OffsetDateTime")?;
        moment_value(self.unix_timestamp_nanos(), Some(minutes), "OffsetDateTime")
    }
}

/// The moment with the offset that it was written with, in UTC where that is not known.
impl<'a> FromValue<'a> for OffsetDateTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "OffsetDateTime";
        let (nanos, minutes) = moment(value, NAME)?;
        OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .ok()
            .zip(UtcOffset::from_whole_seconds(i32::from(minutes.unwrap_or(0)) * 60).ok())
            .and_then(|(moment, offset)| moment.checked_to_offset(offset))
            .ok_or_else(|| beyond(NAME, value))
    }
}

impl ToValue for UtcDateTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        moment_value(self.unix_timestamp_nanos(), Some(0), "UtcDateTime")
    }
}

/// The moment; the offset that it was written with is not kept.
impl<'a> FromValue<'a> for UtcDateTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let (nanos, _) = moment(value, "UtcDateTime")?;
        UtcDateTime::from_unix_timestamp_nanos(nanos).map_err(|_| beyond("UtcDateTime", value))
    }
}

/// An interval without months and days.
impl ToValue for Duration {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        length_value(self.whole_nanoseconds(), "time::Duration")
    }
}

/// From an interval without months and days, or from MySQL's TIME.
impl<'a> FromValue<'a> for Duration {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        // 2^63 microseconds are far less than 2^63 seconds.
        length(value, "time::Duration").map(Duration::nanoseconds_i128)
    }
}
