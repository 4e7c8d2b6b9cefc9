//! Conversions for the crate `chrono`.

use ::chrono::{
    DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Timelike, Utc,
};

use super::civil::{Clock, Day, beyond, offset_minutes, read_timestamp, timestamp};
use super::nanos::{length, length_value, moment, moment_value};
use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

fn day(date: NaiveDate) -> Day {
    Day { year: date.year(), month: date.month() as u8, day: date.day() as u8 }
}

/// chrono writes a leap second as the 59th with more than 999,999,999 nanoseconds.
fn clock(time: NaiveTime, from: &'static str) -> Result<Clock, ConversionError> {
    if time.nanosecond() >= 1_000_000_000 {
        return Err(leap_second(from));
    }
    Ok(Clock {
        hour: time.hour() as u8,
        minute: time.minute() as u8,
        second: time.second() as u8,
        nanos: time.nanosecond(),
    })
}

#[cold]
fn leap_second(from: &'static str) -> ConversionError {
    ConversionError::unsendable(from, "databases have no leap seconds")
}

fn naive_date(day: Day) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year, u32::from(day.month), u32::from(day.day))
}

fn naive_time(clock: Clock) -> Option<NaiveTime> {
    let Clock { hour, minute, second, nanos } = clock;
    NaiveTime::from_hms_nano_opt(u32::from(hour), u32::from(minute), u32::from(second), nanos)
}

impl ToValue for NaiveDate {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        day(*self).date("NaiveDate").map(ValueRef::Date)
    }
}

impl<'a> FromValue<'a> for NaiveDate {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        naive_date(Day::read(value, "NaiveDate")?).ok_or_else(|| beyond("NaiveDate", value))
    }
}

impl ToValue for NaiveTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        clock(*self, "NaiveTime").map(|clock| ValueRef::Time(clock.time()))
    }
}

impl<'a> FromValue<'a> for NaiveTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        naive_time(Clock::read(value, "NaiveTime")?).ok_or_else(|| beyond("NaiveTime", value))
    }
}

impl ToValue for NaiveDateTime {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        const NAME: &str = "NaiveDateTime";
        timestamp(day(self.date()), clock(self.time(), NAME)?, NAME).map(ValueRef::Timestamp)
    }
}

impl<'a> FromValue<'a> for NaiveDateTime {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let (day, clock) = read_timestamp(value, "NaiveDateTime")?;
        let both = naive_date(day).zip(naive_time(clock));
        let (date, time) = both.ok_or_else(|| beyond("NaiveDateTime", value))?;
        Ok(NaiveDateTime::new(date, time))
    }
}

/// The moment with its offset from UTC; the name of a time zone is not sent.
impl<Z: TimeZone> ToValue for DateTime<Z> {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let subsecond = self.timestamp_subsec_nanos();
        if subsecond >= 1_000_000_000 {
            return Err(leap_second("DateTime"));
        }
        let minutes = offset_minutes(self.offset().fix().local_minus_utc(), "DateTime")?;
        let nanos = i128::from(self.timestamp()) * 1_000_000_000 + i128::from(subsecond);
        moment_value(nanos, Some(minutes), "DateTime")
    }
}

fn utc(value: ValueRef<'_>, wanted: &'static str) -> Result<(DateTime<Utc>, i16), ConversionError> {
    let (nanos, minutes) = moment(value, wanted)?;
    let seconds = nanos.div_euclid(1_000_000_000) as i64;
    let moment = DateTime::from_timestamp(seconds, nanos.rem_euclid(1_000_000_000) as u32);
    Ok((moment.ok_or_else(|| beyond(wanted, value))?, minutes.unwrap_or(0)))
}

/// The moment; the offset that it was written with is not kept.
impl<'a> FromValue<'a> for DateTime<Utc> {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        utc(value, "DateTime<Utc>").map(|(moment, _)| moment)
    }
}

/// The moment with the offset that it was written with, in UTC where that is not known.
impl<'a> FromValue<'a> for DateTime<FixedOffset> {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let (moment, minutes) = utc(value, "DateTime<FixedOffset>")?;
        let offset = FixedOffset::east_opt(i32::from(minutes) * 60);
        let offset = offset.ok_or_else(|| beyond("DateTime<FixedOffset>", value))?;
        // chrono cannot show a local time beyond its range.
        let local = moment.naive_utc().checked_add_offset(offset);
        local.ok_or_else(|| beyond("DateTime<FixedOffset>", value))?;
        Ok(moment.with_timezone(&offset))
    }
}

/// An interval without months and days.
impl ToValue for TimeDelta {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        let nanos = i128::from(self.num_seconds()) * 1_000_000_000;
        length_value(nanos + i128::from(self.subsec_nanos()), "TimeDelta")
    }
}

/// From an interval without months and days, or from MySQL's TIME.
impl<'a> FromValue<'a> for TimeDelta {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let nanos = length(value, "TimeDelta")?;
        let seconds = nanos.div_euclid(1_000_000_000) as i64;
        TimeDelta::new(seconds, nanos.rem_euclid(1_000_000_000) as u32)
            .ok_or_else(|| beyond("TimeDelta", value))
    }
}
