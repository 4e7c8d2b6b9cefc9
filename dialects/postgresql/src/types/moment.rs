//! Dates, times and timestamps: from the wire's epoch, 2000-01-01, and back.

use aludel::value::{Date, Time, Timestamp, TimestampTz};

use super::malformed::{Malformed, Read, fixed};

/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
/// Microseconds of those days.
const EPOCH_MICROS: i64 = EPOCH_DAYS as i64 * DAY;
/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

const BEYOND: Malformed = Malformed("it is beyond every date");

pub(super) fn date(bytes: &[u8]) -> Read<Date> {
    match i32::from_be_bytes(fixed(bytes)?) {
        i32::MAX => Ok(Date::INFINITY),
        i32::MIN => Ok(Date::NEG_INFINITY),
        days => days.checked_add(EPOCH_DAYS).map(Date::from_days).ok_or(BEYOND),
    }
}

/// The days of a date on the wire; `None` for one that is too early to have any.
pub(super) fn date_days(date: Date) -> Option<i32> {
    match date {
        Date::INFINITY => Some(i32::MAX),
        Date::NEG_INFINITY => Some(i32::MIN),
        // The smallest number stands for infinity.
        date => date.days().checked_sub(EPOCH_DAYS).filter(|days| *days != i32::MIN),
    }
}

/// A timestamp, or the microseconds since 2000 of one that microseconds since 1970 cannot express:
/// one of the last thirty years before the end of PostgreSQL's range in 294276.
pub(super) enum Moment {
    Timestamp(Timestamp),
    Beyond(i64),
}

pub(super) fn timestamp(bytes: &[u8]) -> Read<Moment> {
    Ok(Moment::Timestamp(match i64::from_be_bytes(fixed(bytes)?) {
        i64::MAX => Timestamp::INFINITY,
        i64::MIN => Timestamp::NEG_INFINITY,
        micros => match micros.checked_add(EPOCH_MICROS) {
            // The largest number stands for infinity.
            None | Some(i64::MAX) => return Ok(Moment::Beyond(micros)),
            Some(micros) => Timestamp::from_micros(micros),
        },
    }))
}

/// The microseconds of a timestamp on the wire; `None` for one that is too early to have any.
pub(super) fn timestamp_micros(timestamp: Timestamp) -> Option<i64> {
    match timestamp {
        Timestamp::INFINITY => Some(i64::MAX),
        Timestamp::NEG_INFINITY => Some(i64::MIN),
        timestamp => {
            timestamp.micros().checked_sub(EPOCH_MICROS).filter(|micros| *micros != i64::MIN)
        }
    }
}

/// The text of a timestamp this many microseconds after 2000.
pub(super) fn beyond_text(micros: i64) -> String {
    let days = micros.div_euclid(DAY) as i32;
    let clock = clock_text(Time::from_micros(micros.rem_euclid(DAY)));
    format!("{} {clock}", Date::from_days(days.saturating_add(EPOCH_DAYS)))
}

pub(super) fn time(bytes: &[u8]) -> Read<Time> {
    clock(i64::from_be_bytes(fixed(bytes)?))
}

fn clock(micros: i64) -> Read<Time> {
    match micros {
        0..=DAY => Ok(Time::from_micros(micros)),
        _ => Err(Malformed("it is not within a day")),
    }
}

/// A time and its offset from UTC in seconds, east being positive.
pub(super) fn time_tz(bytes: &[u8]) -> Read<(Time, i32)> {
    let bytes: [u8; 12] = fixed(bytes)?;
    let [m0, m1, m2, m3, m4, m5, m6, m7, zone @ ..] = bytes;
    let time = clock(i64::from_be_bytes([m0, m1, m2, m3, m4, m5, m6, m7]))?;
    let west = i32::from_be_bytes(zone);
    if west.unsigned_abs() >= 86_400 {
        return Err(Malformed("its offset is more than a day"));
    }
    Ok((time, -west))
}

/// The text of a time whose offset has seconds, which [`Time`] has no place for.
pub(super) fn time_tz_text(time: Time, east: i32) -> String {
    let sign = if east < 0 { '-' } else { '+' };
    let seconds = east.unsigned_abs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let clock = clock_text(time);
    format!("{clock}{sign}{hours:02}:{minutes:02}:{seconds:02}")
}

/// The time without zeros at the end of the fraction, as the server writes it.
fn clock_text(time: Time) -> String {
    let mut clock = time.to_string();
    if clock.contains('.') {
        clock.truncate(clock.trim_end_matches('0').len());
    }
    clock
}

/// Reads the date that the server writes under `DateStyle` ISO: `0044-03-15 BC`.
pub(super) fn parse_date(text: &str) -> Option<Date> {
    match text {
        "infinity" => return Some(Date::INFINITY),
        "-infinity" => return Some(Date::NEG_INFINITY),
        _ => {}
    }
    match text.strip_suffix(" BC") {
        Some(date) => parse_ymd(date, true),
        None => parse_ymd(text, false),
    }
}

fn parse_ymd(text: &str, bc: bool) -> Option<Date> {
    let mut parts = text.split('-');
    let mut number = |len: std::ops::RangeInclusive<usize>| {
        let digits = parts.next()?;
        let well_formed =
            len.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        well_formed.then(|| digits.parse::<i32>().ok()).flatten()
    };
    let (year, month, day) = (number(4..=7)?, number(2..=2)?, number(2..=2)?);
    let year = if bc { 1 - year } else { year };
    let date = Date::from_ymd(year, month as u8, day as u8)?;
    parts.next().is_none().then_some(date)
}

/// Reads the timestamp that the server writes under `DateStyle` ISO.
pub(super) fn parse_timestamp(text: &str) -> Option<Timestamp> {
    match text {
        "infinity" => return Some(Timestamp::INFINITY),
        "-infinity" => return Some(Timestamp::NEG_INFINITY),
        _ => {}
    }
    let (text, bc) = strip_era(text);
    let (date, clock) = text.split_once(' ')?;
    let clock: Time = clock.parse().ok()?;
    if clock.offset_minutes().is_some() {
        return None;
    }
    at(parse_ymd(date, bc)?, clock.micros())
}

/// Reads the timestamp with time zone that the server writes under `DateStyle` ISO. The offset is
/// the session's and not a part of the value.
pub(super) fn parse_timestamp_tz(text: &str) -> Option<TimestampTz> {
    match text {
        "infinity" => return Some(TimestampTz::INFINITY),
        "-infinity" => return Some(TimestampTz::NEG_INFINITY),
        _ => {}
    }
    let (text, bc) = strip_era(text);
    let (date, clock) = text.split_once(' ')?;
    let (clock, east) = parse_time_tz(clock)?;
    let utc = clock.micros().checked_sub(i64::from(east) * 1_000_000)?;
    at(parse_ymd(date, bc)?, utc).map(TimestampTz::from_utc)
}

fn strip_era(text: &str) -> (&str, bool) {
    text.strip_suffix(" BC").map_or((text, false), |text| (text, true))
}

fn at(date: Date, micros: i64) -> Option<Timestamp> {
    // Both numbers have the sign of the sum's larger part, so the sum is taken in 128 bits.
    let sum = i128::from(date.days()) * i128::from(DAY) + i128::from(micros);
    match i64::try_from(sum) {
        Ok(i64::MAX | i64::MIN) | Err(_) => None,
        Ok(micros) => Some(Timestamp::from_micros(micros)),
    }
}

/// Reads a time of day with its offset from UTC in seconds: `12:30:00.5+05:30`.
pub(super) fn parse_time_tz(text: &str) -> Option<(Time, i32)> {
    let at = text.rfind(['+', '-'])?;
    let time: Time = text[..at].parse().ok()?;
    let sign = if text.as_bytes()[at] == b'-' { -1 } else { 1 };
    let mut east = 0;
    let mut parts = text[at + 1..].split(':');
    for unit in [3600, 60, 1] {
        let Some(digits) = parts.next() else { break };
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        east += digits.parse::<i32>().ok()? * unit;
    }
    (parts.next().is_none() && time.offset_minutes().is_none()).then_some((time, sign * east))
}

/// The time with its offset, where that is one of whole minutes.
pub(super) fn with_offset(time: Time, east: i32) -> Option<Time> {
    let minutes = i16::try_from(east / 60).ok()?;
    (east % 60 == 0).then(|| time.with_offset(minutes))
}

#[cfg(test)]
mod tests {
    use aludel::value::{Date, Timestamp};

    use super::{EPOCH_DAYS, EPOCH_MICROS, date_days, timestamp_micros};

    #[test]
    fn nothing_finite_goes_out_as_infinity() {
        let first = i32::MIN + EPOCH_DAYS;
        assert_eq!(date_days(Date::from_days(first)), None);
        assert_eq!(date_days(Date::from_days(first + 1)), Some(i32::MIN + 1));
        let first = i64::MIN + EPOCH_MICROS;
        assert_eq!(timestamp_micros(Timestamp::from_micros(first)), None);
        assert_eq!(timestamp_micros(Timestamp::from_micros(first + 1)), Some(i64::MIN + 1));
    }
}
