//! Text forms of dates and times: ISO 8601 as databases write it.

use std::fmt;
use std::str::FromStr;

use super::{Date, Interval, Time, Timestamp, TimestampTz};
use crate::error::Error;

const DAY: i64 = 86_400_000_000;

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Date::INFINITY => return f.write_str("infinity"),
            Date::NEG_INFINITY => return f.write_str("-infinity"),
            _ => {}
        }
        let (year, month, day) = self.ymd();
        if year < 0 {
            write!(f, "-{:04}-{month:02}-{day:02}", -i64::from(year))
        } else {
            write!(f, "{year:04}-{month:02}-{day:02}")
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.micros() < 0 {
            f.write_str("-")?;
        }
        write_clock(f, self.micros().unsigned_abs(), self.nanos())?;
        self.offset_minutes().map_or(Ok(()), |minutes| write_offset(f, minutes))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Timestamp::INFINITY => return f.write_str("infinity"),
            Timestamp::NEG_INFINITY => return f.write_str("-infinity"),
            _ => {}
        }
        // i64 microseconds are at most 106,751,992 days, which fit i32.
        let date = Date::from_days(self.micros().div_euclid(DAY) as i32);
        write!(f, "{date} ")?;
        write_clock(f, self.micros().rem_euclid(DAY) as u64, self.nanos())
    }
}

impl fmt::Display for TimestampTz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc();
        if matches!(utc, Timestamp::INFINITY | Timestamp::NEG_INFINITY) {
            return utc.fmt(f);
        }
        let minutes = self.offset_minutes().unwrap_or(0);
        let local = utc.micros().saturating_add(i64::from(minutes) * 60_000_000);
        write!(f, "{}", Timestamp::from_micros(local).with_nanos(utc.nanos()))?;
        write_offset(f, minutes)
    }
}

impl fmt::Display for Interval {
    /// ISO 8601: `P1Y2M3DT4H5M6.5S`; also `infinity` and `-infinity`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Interval::INFINITY => return f.write_str("infinity"),
            Interval::NEG_INFINITY => return f.write_str("-infinity"),
            Interval { months: 0, days: 0, micros: 0 } => return f.write_str("PT0S"),
            _ => {}
        }
        f.write_str("P")?;
        for (amount, unit) in [(self.months / 12, 'Y'), (self.months % 12, 'M'), (self.days, 'D')] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        if self.micros == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        for (amount, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        let seconds = seconds % 60;
        if micros != 0 {
            let sign = if self.micros < 0 { "-" } else { "" };
            let fraction = format!("{:06}", micros.unsigned_abs());
            write!(f, "{sign}{}.{}S", seconds.unsigned_abs(), fraction.trim_end_matches('0'))
        } else if seconds != 0 {
            write!(f, "{seconds}S")
        } else {
            Ok(())
        }
    }
}

fn write_clock(f: &mut fmt::Formatter<'_>, micros: u64, nanos: u16) -> fmt::Result {
    let seconds = micros / 1_000_000;
    write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
    match (micros % 1_000_000, nanos) {
        (0, 0) => Ok(()),
        (fraction, 0) => write!(f, ".{fraction:06}"),
        (fraction, nanos) => write!(f, ".{fraction:06}{nanos:03}"),
    }
}

fn write_offset(f: &mut fmt::Formatter<'_>, minutes: i16) -> fmt::Result {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Reads text from left to right.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn eat(&mut self, character: char) -> Option<()> {
        self.0 = self.0.strip_prefix(character)?;
        Some(())
    }

    fn digits(&mut self, at_least: usize, at_most: usize) -> Option<&'a str> {
        let len = self.0.bytes().take(at_most).take_while(u8::is_ascii_digit).count();
        if len < at_least {
            return None;
        }
        let (digits, rest) = self.0.split_at(len);
        self.0 = rest;
        Some(digits)
    }

    fn number<T: FromStr>(&mut self, at_least: usize, at_most: usize) -> Option<T> {
        self.digits(at_least, at_most)?.parse().ok()
    }

    fn date(&mut self) -> Option<Date> {
        let negative = self.eat('-').is_some();
        let year: i32 = self.number(4, 7)?;
        self.eat('-')?;
        let month = self.number(2, 2)?;
        self.eat('-')?;
        Date::from_ymd(if negative { -year } else { year }, month, self.number(2, 2)?)
    }

    /// Hours, minutes, and seconds with a fraction where there are any; microseconds and nanoseconds.
    fn clock(&mut self) -> Option<(i64, u16)> {
        let hours: i64 = self.number(2, 3)?;
        self.eat(':')?;
        let minutes: i64 = self.number(2, 2)?;
        let (mut seconds, mut fraction) = (0, 0);
        if self.eat(':').is_some() {
            seconds = self.number(2, 2)?;
            if self.eat('.').is_some() {
                let digits = self.digits(1, 9)?;
                fraction = digits.parse::<i64>().ok()? * 10_i64.pow(9 - digits.len() as u32);
            }
        }
        if minutes > 59 || seconds > 59 {
            return None;
        }
        let micros = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction / 1000;
        Some((micros, (fraction % 1000) as u16))
    }

    fn offset(&mut self) -> Option<i16> {
        if self.eat('Z').is_some() {
            return Some(0);
        }
        let sign = if self.eat('-').is_some() { -1 } else { self.eat('+').map(|()| 1)? };
        let hours: i16 = self.number(2, 2)?;
        let colon = self.eat(':').is_some();
        let minutes: i16 = if colon || !self.0.is_empty() { self.number(2, 2)? } else { 0 };
        (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    }

    fn timestamp(&mut self) -> Option<Timestamp> {
        let date = self.date()?;
        if self.0.is_empty() {
            return i64::from(date.days()).checked_mul(DAY).map(Timestamp::from_micros);
        }
        self.eat('T').or_else(|| self.eat(' '))?;
        let (micros, nanos) = self.clock()?;
        if micros > DAY {
            return None;
        }
        let micros = i64::from(date.days()).checked_mul(DAY)?.checked_add(micros)?;
        Some(Timestamp::from_micros(micros).with_nanos(nanos))
    }

    fn end<T>(&self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

macro_rules! from_str {
    ($($ty:ident, $name:literal, $example:literal => |$reader:ident| $body:expr;)*) => {$(
        impl FromStr for $ty {
            type Err = Error;

            /// Reads ISO 8601 text.
            ///
            /// # Errors
            /// `Data` for anything else.
            fn from_str(text: &str) -> Result<Self, Error> {
                let mut reader = Reader(text);
                let $reader = &mut reader;
                let value: Option<$ty> = $body;
                value.and_then(|value| reader.end(value)).ok_or_else(|| {
                    Error::data(format!("{text:?} is not a {}", $name))
                        .with_help(concat!("write it as ", $example))
                })
            }
        }
    )*};
}

from_str! {
    Date, "date", "2024-02-29" => |reader| reader.date();
    Time, "time", "12:30:00" => |reader| {
        let negative = reader.eat('-').is_some();
        // Without microseconds there is no place for the sign.
        let clock = reader.clock().filter(|&(micros, nanos)| !negative || micros > 0 || nanos == 0);
        clock.and_then(|(micros, nanos)| {
            let time = Time::from_micros(if negative { -micros } else { micros }).with_nanos(nanos);
            if reader.0.is_empty() { Some(time) } else { reader.offset().map(|m| time.with_offset(m)) }
        })
    };
    Timestamp, "timestamp", "2024-02-29 12:30:00" => |reader| reader.timestamp();
    TimestampTz, "timestamp with time zone", "2024-02-29 12:30:00+00:00" => |reader| {
        reader.timestamp().and_then(|local| {
            let minutes = reader.offset()?;
            let micros = local.micros().checked_sub(i64::from(minutes) * 60_000_000)?;
            let utc = Timestamp::from_micros(micros).with_nanos(local.nanos());
            Some(TimestampTz::from_utc(utc).with_offset(minutes))
        })
    };
}

#[cfg(test)]
mod tests {
    use super::{Date, Interval, Time, Timestamp, TimestampTz};

    #[test]
    fn text_forms_survive_the_round_trip() {
        for text in ["2024-02-29", "0001-01-01", "-0044-03-15", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in
            ["12:30:00", "23:59:59.999999", "00:00:00.000000001", "-838:59:59", "12:00:00+05:30"]
        {
            assert_eq!(text.parse::<Time>().unwrap().to_string(), text);
        }
        for text in ["2024-02-29 12:30:00", "1969-12-31 23:59:59.999999"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
        for text in ["2024-02-29 12:30:00+00:00", "2024-02-29 12:30:00.500000-08:00"] {
            assert_eq!(text.parse::<TimestampTz>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn text_that_is_no_date_or_time_is_refused() {
        for text in ["", "2024", "2023-02-29", "2024-02-29x", "24-02-29"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        for text in ["1:00", "12:60", "12:30:61", "12:30:00.", "12:30 "] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
        assert!("-00:00:00.0000005".parse::<Time>().is_err());
        assert!("5874897-01-01".parse::<Timestamp>().is_err());
        assert!("2024-02-29 12:30:00".parse::<TimestampTz>().is_err());
    }

    #[test]
    fn infinities_and_intervals_print_as_databases_write_them() {
        assert_eq!(Date::INFINITY.to_string(), "infinity");
        assert_eq!(Timestamp::NEG_INFINITY.to_string(), "-infinity");
        assert_eq!(TimestampTz::INFINITY.to_string(), "infinity");
        assert_eq!(Interval::INFINITY.to_string(), "infinity");
        assert_eq!(Interval::NEG_INFINITY.to_string(), "-infinity");
        let interval = Interval { months: 14, days: 3, micros: 14_706_500_000 };
        assert_eq!(interval.to_string(), "P1Y2M3DT4H5M6.5S");
        assert_eq!(Interval::default().to_string(), "PT0S");
        assert_eq!(Interval { months: 0, days: 0, micros: -500_000 }.to_string(), "PT-0.5S");
    }
}
