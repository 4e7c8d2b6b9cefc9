//! Conversions for the crate `jiff`.
//!
//! `Zoned` has none: databases do not hold the name of a time zone. Its `timestamp()` has.

use ::jiff::civil::{Date, DateTime, Time};
use ::jiff::{SignedDuration, Span, Timestamp};

use super::civil::{Clock, Day, beyond, read_timestamp, timestamp};
use super::nanos::{infinite, interval, length, length_value, moment, moment_value};
use super::{ConversionError, FromValue, Interval, Scratch, ToValue, ValueRef};

fn day(date: Date) -> Day {
    Day { year: date.year().into(), month: date.month() as u8, day: date.day() as u8 }
}

fn clock(time: Time) -> Clock {
    Clock {
        hour: time.hour() as u8,
        minute: time.minute() as u8,
        second: time.second() as u8,
        nanos: time.subsec_nanosecond() as u32,
    }
}

fn date(day: Day) -> Option<Date> {
    Date::new(i16::try_from(day.year).ok()?, day.month as i8, day.day as i8).ok()
}

fn time(clock: Clock) -> Option<Time> {
    let Clock { hour, minute, second, nanos } = clock;
    Time::new(hour as i8, minute as i8, second as i8, nanos as i32).ok()
}

impl ToValue for Date {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        day(*self).date("jiff::civil::Date").map(ValueRef::Date)
    }
}

/// Years from -9999 to 9999, as the crate has them.
impl<'a> FromValue<'a> for Date {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "jiff::civil::Date";
        date(Day::read(value, NAME)?).ok_or_else(|| beyond(NAME, value))
    }
}

impl ToValue for Time {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        Ok(ValueRef::Time(clock(*self).time()))
    }
}

impl<'a> FromValue<'a> for Time {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "jiff::civil::Time";
        time(Clock::read(value, NAME)?).ok_or_else(|| beyond(NAME, value))
    }
}

impl ToValue for DateTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        timestamp(day(self.date()), clock(self.time()), "jiff::civil::DateTime")
            .map(ValueRef::Timestamp)
    }
}

impl<'a> FromValue<'a> for DateTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "jiff::civil::DateTime";
        let (day, clock) = read_timestamp(value, NAME)?;
        let (date, time) = date(day).zip(time(clock)).ok_or_else(|| beyond(NAME, value))?;
        Ok(DateTime::from_parts(date, time))
    }
}

/// A moment in UTC.
impl ToValue for Timestamp {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        moment_value(self.as_nanosecond(), Some(0), "jiff::Timestamp")
    }
}

/// The moment; the offset that it was written with is not kept.
impl<'a> FromValue<'a> for Timestamp {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        const NAME: &str = "jiff::Timestamp";
        let (nanos, _) = moment(value, NAME)?;
        Timestamp::from_nanosecond(nanos).map_err(|_| beyond(NAME, value))
    }
}

/// An interval without months and days.
impl ToValue for SignedDuration {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        length_value(self.as_nanos(), "SignedDuration")
    }
}

/// From an interval without months and days, or from MySQL's TIME.
impl<'a> FromValue<'a> for SignedDuration {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let nanos = length(value, "SignedDuration")?;
        let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        // 2^63 microseconds are far less than 2^63 seconds.
        Ok(SignedDuration::new(seconds as i64, rest as i32))
    }
}

/// An interval: years as months, weeks as days, and everything below a day as microseconds.
impl ToValue for Span {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let minutes = i128::from(self.get_hours()) * 60 + i128::from(self.get_minutes());
        let seconds = minutes * 60 + i128::from(self.get_seconds());
        let millis = seconds * 1000 + i128::from(self.get_milliseconds());
        let micros = millis * 1000 + i128::from(self.get_microseconds());
        let nanos = micros * 1000 + i128::from(self.get_nanoseconds());
        let interval = interval(nanos, "Span")?;
        // A span has at most 19,998 years, 239,976 months, 1,043,497 weeks and 7,304,484 days.
        let months = i32::from(self.get_years()) * 12 + self.get_months();
        let days = self.get_weeks() * 7 + self.get_days();
        Ok(ValueRef::Interval(Interval { months, days, ..interval }))
    }
}

/// The interval's months, days and microseconds, each within what a span holds of it; all of one
/// sign, as a span has but one.
impl<'a> FromValue<'a> for Span {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let interval = Interval::from_value(value).map_err(|error| error.for_type("Span"))?;
        if matches!(interval, Interval::INFINITY | Interval::NEG_INFINITY) {
            return Err(infinite("Span", "interval"));
        }
        let Interval { months, days, micros } = interval;
        let signs = [months.signum().into(), days.signum().into(), micros.signum()];
        if signs.contains(&1) && signs.contains(&-1) {
            let reason = "its parts have different signs, and `Interval` holds them";
            return Err(ConversionError::because("Span", "interval", reason));
        }
        Span::new()
            .try_months(months)
            .and_then(|span| span.try_days(days))
            .and_then(|span| span.try_microseconds(micros))
            .map_err(|_| beyond("Span", value))
    }
}
