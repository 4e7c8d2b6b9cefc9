//! Intervals: three numbers on the wire, four styles of text.

use aludel::value::Interval;

use super::malformed::{Read, fixed};

pub(super) fn from_binary(bytes: &[u8]) -> Read<Interval> {
    let [m0, m1, m2, m3, m4, m5, m6, m7, d0, d1, d2, d3, months @ ..]: [u8; 16] = fixed(bytes)?;
    Ok(Interval {
        months: i32::from_be_bytes(months),
        days: i32::from_be_bytes([d0, d1, d2, d3]),
        micros: i64::from_be_bytes([m0, m1, m2, m3, m4, m5, m6, m7]),
    })
}

pub(super) fn to_binary(interval: Interval) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&interval.micros.to_be_bytes());
    bytes[8..12].copy_from_slice(&interval.days.to_be_bytes());
    bytes[12..].copy_from_slice(&interval.months.to_be_bytes());
    bytes
}

/// Reads the text of the interval styles `postgres`, `postgres_verbose` and `iso_8601`. That of
/// `sql_standard` is not unambiguous: there a sign may stand for one part or for all.
pub(super) fn parse(text: &str) -> Option<Interval> {
    match text {
        "infinity" => return Some(Interval::INFINITY),
        "-infinity" => return Some(Interval::NEG_INFINITY),
        _ => {}
    }
    let mut sum = Sum::default();
    if let Some(iso) = text.strip_prefix('P') {
        sum.add_iso(iso)?;
    } else {
        let text = text.strip_prefix("@ ").unwrap_or(text);
        match text.strip_suffix(" ago") {
            Some(text) => {
                sum.add_words(text)?;
                sum.negate();
            }
            None => sum.add_words(text)?,
        }
    }
    sum.interval()
}

/// The parts, wide enough that no sum of them overflows.
#[derive(Default)]
struct Sum {
    months: i128,
    days: i128,
    micros: i128,
}

const SECOND: i128 = 1_000_000;

impl Sum {
    fn negate(&mut self) {
        self.months = -self.months;
        self.days = -self.days;
        self.micros = -self.micros;
    }

    fn interval(&self) -> Option<Interval> {
        Some(Interval {
            months: self.months.try_into().ok()?,
            days: self.days.try_into().ok()?,
            micros: self.micros.try_into().ok()?,
        })
    }

    /// `1 year 2 mons 3 days 04:05:06.7`, or with the words `hours`, `mins`, `secs`.
    fn add_words(&mut self, text: &str) -> Option<()> {
        if text == "0" {
            return Some(());
        }
        let mut words = text.split(' ');
        while let Some(word) = words.next() {
            if word.contains(':') {
                self.micros += clock(word)?;
                continue;
            }
            let micros = decimal_micros(word)?;
            let unit = words.next()?;
            self.add(micros, unit.strip_suffix('s').unwrap_or(unit))?;
        }
        Some(())
    }

    /// `1Y2M3DT4H5M6.7S`
    fn add_iso(&mut self, text: &str) -> Option<()> {
        let (date, time) = text.split_once('T').unwrap_or((text, ""));
        let units = [
            (date, ["Y", "M", "D"], ["year", "mon", "day"]),
            (time, ["H", "M", "S"], ["hour", "min", "sec"]),
        ];
        for (mut part, letters, words) in units {
            while !part.is_empty() {
                let end = part.find(|c: char| c.is_ascii_alphabetic())?;
                let place = letters.iter().position(|letter| part[end..].starts_with(letter))?;
                self.add(decimal_micros(&part[..end])?, words[place])?;
                part = &part[end + 1..];
            }
        }
        Some(())
    }

    /// Adds an amount in millionths of a unit. Only seconds have fractions.
    fn add(&mut self, millionths: i128, unit: &str) -> Option<()> {
        if unit != "sec" && millionths % SECOND != 0 {
            return None;
        }
        let whole = millionths / SECOND;
        match unit {
            "year" => self.months += whole * 12,
            "mon" => self.months += whole,
            "day" => self.days += whole,
            "hour" => self.micros += millionths * 3600,
            "min" => self.micros += millionths * 60,
            "sec" => self.micros += millionths,
            _ => return None,
        }
        Some(())
    }
}

/// `-04:05:06.7` in microseconds; hours may have any number of digits.
fn clock(text: &str) -> Option<i128> {
    let (negative, unsigned) = sign(text);
    let mut parts = unsigned.split(':');
    let hours = decimal_micros(parts.next()?)? / SECOND;
    let minutes = decimal_micros(parts.next()?)? / SECOND;
    let seconds = parts.next().map_or(Some(0), decimal_micros)?;
    let micros = (hours * 60 + minutes) * 60 * SECOND + seconds;
    parts.next().is_none().then_some(if negative { -micros } else { micros })
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A decimal number in millionths; at most 19 digits before the point and six after it.
fn decimal_micros(text: &str) -> Option<i128> {
    let (negative, unsigned) = sign(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !all_digits || !(1..=19).contains(&whole.len()) || fraction.len() > 6 {
        return None;
    }
    let digits: i128 = format!("{whole}{fraction:0<6}").parse().ok()?;
    Some(if negative { -digits } else { digits })
}
