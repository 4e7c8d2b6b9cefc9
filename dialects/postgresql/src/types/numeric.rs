//! Exact numbers: groups of four digits on the wire, text for the program.
//!
//! The wire form is a count of groups, the weight of the first one (in powers of 10,000), a sign,
//! and the number of digits to show after the point; then the groups, each 0 to 9999.

use aludel::value::ValueRef;
use bytes::{BufMut, BytesMut};

use super::malformed::{Bytes, Malformed, Read};

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEG_INFINITY: u16 = 0xF000;

/// Most digits after the point that the server takes.
const MAX_SCALE: usize = 16_383;
/// Most digits before the point that the server takes.
const MAX_DIGITS: usize = 131_072;

/// Text of this length is made without an allocation.
const SHORT: usize = 128;

/// Calls `then` with the text of a number in its wire form.
#[inline]
pub(super) fn with_text<R>(bytes: &[u8], then: impl FnOnce(&str) -> R) -> Read<R> {
    let mut bytes = Bytes(bytes);
    let count = usize::from(bytes.u16()?);
    let weight = bytes.u16()? as i16;
    let sign = bytes.u16()?;
    let scale = usize::from(bytes.u16()? & 0x3FFF);
    match sign {
        POSITIVE | NEGATIVE => {}
        NAN => return Ok(then("NaN")),
        INFINITY => return Ok(then("Infinity")),
        NEG_INFINITY => return Ok(then("-Infinity")),
        _ => return Err(Malformed("its sign is unknown")),
    }
    let groups = bytes.take(count * 2)?;
    bytes.end()?;
    let number = Number { negative: sign == NEGATIVE, weight: i32::from(weight), scale, groups };
    let room = number.room();
    if room <= SHORT {
        number.write(&mut [0; SHORT], then)
    } else {
        number.write(&mut vec![0; room], then)
    }
}

/// A number in its wire form.
struct Number<'a> {
    negative: bool,
    weight: i32,
    scale: usize,
    groups: &'a [u8],
}

impl Number<'_> {
    /// Bytes that the text takes at most; the last group may reach beyond the scale.
    fn room(&self) -> usize {
        let before = usize::try_from(self.weight + 1).unwrap_or(0).max(1) * 4;
        1 + before + 1 + self.scale + 4
    }

    /// The group that stands for this power of 10,000.
    fn group(&self, power: i32) -> Read<u16> {
        let index = usize::try_from(self.weight - power).ok();
        let at = index.and_then(|index| self.groups.get(index * 2..index * 2 + 2));
        let Some(&[high, low]) = at else { return Ok(0) };
        match u16::from_be_bytes([high, low]) {
            group @ 0..=9999 => Ok(group),
            _ => Err(Malformed("a group of digits is beyond 9999")),
        }
    }

    fn write<R>(&self, room: &mut [u8], then: impl FnOnce(&str) -> R) -> Read<R> {
        // The sign's place is kept free until the digits are there.
        let start = 1;
        let mut end = start;
        for power in (0..=self.weight).rev() {
            end += put_group(&mut room[end..], self.group(power)?, end > start);
        }
        if end == start {
            room[end] = b'0';
            end += 1;
        }
        if self.scale > 0 {
            room[end] = b'.';
            end += 1;
            let mut power = -1;
            let last = end + self.scale;
            while end < last {
                end += put_group(&mut room[end..], self.group(power)?, true);
                power -= 1;
            }
            end = last;
        }
        let start = if self.negative {
            room[0] = b'-';
            0
        } else {
            start
        };
        Ok(then(std::str::from_utf8(&room[start..end]).expect("invariant: digits are ASCII")))
    }
}

/// Writes four digits, leading zeros only when `padded`; returns how many were written.
#[inline]
fn put_group(to: &mut [u8], group: u16, padded: bool) -> usize {
    let digits = [group / 1000, group / 100 % 10, group / 10 % 10, group % 10];
    let skipped = if padded { 0 } else { digits.iter().take_while(|&&digit| digit == 0).count() };
    for (place, digit) in to.iter_mut().zip(&digits[skipped..]) {
        *place = b'0' + *digit as u8;
    }
    digits.len() - skipped
}

/// A number in text form, taken apart: `digits` are those of the mantissa without sign and point.
struct Parsed<'a> {
    negative: bool,
    before: &'a [u8],
    after: &'a [u8],
    exponent: i32,
}

/// True when the text has a wire form that the server takes.
pub(super) fn is_encodable(text: &str) -> bool {
    special(text).is_some() || parse(text).is_some()
}

fn special(text: &str) -> Option<u16> {
    match text {
        "NaN" => Some(NAN),
        "Infinity" | "+Infinity" => Some(INFINITY),
        "-Infinity" => Some(NEG_INFINITY),
        _ => None,
    }
}

fn parse(text: &str) -> Option<Parsed<'_>> {
    let (negative, unsigned) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let (mantissa, exponent) = match unsigned.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => {
            let exponent = std::str::from_utf8(&unsigned[at + 1..]).ok()?;
            (&unsigned[..at], exponent.parse::<i32>().ok()?)
        }
        None => (unsigned, 0),
    };
    let (before, after) = match mantissa.iter().position(|&byte| byte == b'.') {
        Some(at) => (&mantissa[..at], &mantissa[at + 1..]),
        None => (mantissa, &[][..]),
    };
    let all_digits = before.iter().chain(after).all(u8::is_ascii_digit);
    let parsed = Parsed { negative, before, after, exponent };
    (all_digits && before.len() + after.len() > 0 && parsed.is_in_range()).then_some(parsed)
}

impl Parsed<'_> {
    fn is_in_range(&self) -> bool {
        let before = self.before.len() as i64 + i64::from(self.exponent);
        before <= MAX_DIGITS as i64 && self.scale() <= MAX_SCALE as i64
    }

    /// Digits after the point once the exponent is applied.
    fn scale(&self) -> i64 {
        (self.after.len() as i64 - i64::from(self.exponent)).max(0)
    }

    /// The digit that stands for this power of 10.
    fn digit(&self, power: i64) -> u16 {
        // Index into the mantissa's digits, of which the last before the point is 10^exponent.
        let index = self.before.len() as i64 - 1 - (power - i64::from(self.exponent));
        let Ok(index) = usize::try_from(index) else { return 0 };
        let digit = match index.checked_sub(self.before.len()) {
            None => self.before.get(index),
            Some(index) => self.after.get(index),
        };
        digit.map_or(0, |digit| u16::from(digit - b'0'))
    }

    fn group(&self, power: i64) -> u16 {
        (0..4).rev().fold(0, |group, digit| group * 10 + self.digit(power * 4 + digit))
    }
}

/// Appends the wire form of a number in text form; false, and nothing written, when it has none.
pub(super) fn encode(text: &str, out: &mut BytesMut) -> bool {
    if let Some(sign) = special(text) {
        put_header(out, 0, 0, sign, 0);
        return true;
    }
    let Some(parsed) = parse(text) else { return false };
    let highest = (parsed.before.len() as i64 - 1 + i64::from(parsed.exponent)).div_euclid(4);
    let lowest = (-parsed.scale()).div_euclid(4);
    let mut groups = (lowest..=highest).rev().map(|power| (power, parsed.group(power)));
    let first = groups.by_ref().find(|&(_, group)| group != 0);
    let header = out.len();
    put_header(out, 0, 0, POSITIVE, parsed.scale() as u16);
    let Some((weight, group)) = first else { return true };
    out.put_u16(group);
    // Zeros at the end are not sent; they may turn out to stand between others.
    let mut end = out.len();
    for (_, group) in groups {
        out.put_u16(group);
        if group != 0 {
            end = out.len();
        }
    }
    out.truncate(end);
    let count = (end - header - 8) / 2;
    let sign = if parsed.negative { NEGATIVE } else { POSITIVE };
    out[header..header + 2].copy_from_slice(&(count as u16).to_be_bytes());
    out[header + 2..header + 4].copy_from_slice(&(weight as i16).to_be_bytes());
    out[header + 4..header + 6].copy_from_slice(&sign.to_be_bytes());
    true
}

/// Appends the wire form of an integer.
pub(super) fn encode_integer(negative: bool, mut magnitude: u128, out: &mut BytesMut) {
    let mut groups = [0u16; 10];
    let mut count = 0;
    while magnitude > 0 {
        groups[count] = (magnitude % 10_000) as u16;
        magnitude /= 10_000;
        count += 1;
    }
    let zeros = groups[..count].iter().take_while(|&&group| group == 0).count();
    let sign = if negative { NEGATIVE } else { POSITIVE };
    put_header(out, (count - zeros) as u16, count.saturating_sub(1) as i16, sign, 0);
    for group in groups[zeros..count].iter().rev() {
        out.put_u16(*group);
    }
}

fn put_header(out: &mut BytesMut, count: u16, weight: i16, sign: u16, scale: u16) {
    out.put_u16(count);
    out.put_i16(weight);
    out.put_u16(sign);
    out.put_u16(scale);
}

/// The integer of a value, as sign and magnitude.
pub(super) fn integer(value: ValueRef<'_>) -> Option<(bool, u128)> {
    match value {
        ValueRef::I64(number) => Some((number < 0, u128::from(number.unsigned_abs()))),
        ValueRef::U64(number) => Some((false, u128::from(number))),
        ValueRef::I128(number) => Some((number < 0, number.unsigned_abs())),
        ValueRef::U128(number) => Some((false, number)),
        _ => None,
    }
}
