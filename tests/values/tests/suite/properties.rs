//! Whatever a type takes from a value it gives back; what it cannot hold it refuses.

use std::fmt::Debug;
use std::net::IpAddr;
use std::num::NonZero;
use std::time::{Duration, SystemTime};

use aludel::value::{Interval, Json};
use aludel::{FromValue, ToValue, Value};
use proptest::prelude::*;

use crate::strategies;

/// Reads the value as `T`; if `T` takes it, sends it back and compares.
fn there_and_back<T>(value: &Value) -> Result<(), TestCaseError>
where
    T: for<'a> FromValue<'a> + ToValue + Debug,
{
    let Ok(taken) = T::from_value(value.as_ref()) else { return Ok(()) };
    let Ok(back) = Value::of(&taken) else {
        return Err(TestCaseError::fail(format!("{value:?} was taken and cannot be sent back")));
    };
    prop_assert!(same(&back, value), "{:?} became {:?}, then {:?}", value, taken, back);
    Ok(())
}

/// True when two values say the same, though perhaps in another kind.
fn same(a: &Value, b: &Value) -> bool {
    let whole = |value: &Value| Decimal::from(value).0;
    match (a, b) {
        (Value::TimestampTz(a), Value::TimestampTz(b)) => a.utc() == b.utc(),
        // MySQL's TIME is a length.
        (Value::Interval(Interval { months: 0, days: 0, micros }), Value::Time(time)) => {
            *micros == time.micros() && time.nanos() == 0
        }
        (Value::Bytes(bytes), Value::Text(text) | Value::Json(text)) => bytes == text.as_bytes(),
        (Value::Bytes(bytes), Value::Uuid(uuid)) | (Value::Uuid(uuid), Value::Bytes(bytes)) => {
            *bytes == uuid.0
        }
        (Value::F64(a), Value::F64(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::F32(a), Value::F32(b)) => a == b || (a.is_nan() && b.is_nan()),
        (Value::F64(a), Value::F32(b)) | (Value::F32(b), Value::F64(a)) => {
            *a == f64::from(*b) || (a.is_nan() && b.is_nan())
        }
        (Value::F64(a), other) => whole(other).is_some_and(|b| format!("{a:.0}") == b),
        (Value::F32(a), other) => whole(other).is_some_and(|b| format!("{a:.0}") == b),
        (Value::Bool(a), b) if b.as_ref().kind_name() != "bool" => {
            whole(b) == Some(u8::from(*a).to_string())
        }
        _ => a == b || (whole(a).is_some() && whole(a) == whole(b)) || text(a) == text(b),
    }
}

/// A number's digits, where it is an exact one.
struct Decimal(Option<String>);

impl From<&Value> for Decimal {
    fn from(value: &Value) -> Self {
        Decimal(match value {
            Value::I64(number) => Some(number.to_string()),
            Value::U64(number) => Some(number.to_string()),
            Value::I128(number) => Some(number.to_string()),
            Value::U128(number) => Some(number.to_string()),
            Value::Decimal(text) | Value::Text(text) => Some(unsigned_zero(text)),
            _ => None,
        })
    }
}

/// Types of numbers have one zero.
fn unsigned_zero(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|byte| matches!(byte, b'0' | b'.')) => digits.to_owned(),
        _ => text.to_owned(),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) | Value::Decimal(text) | Value::Json(text) => Some(text.clone()),
        Value::Date(date) => Some(date.to_string()),
        _ => None,
    }
}

macro_rules! properties {
    ($($name:ident: $strategy:expr => $($ty:ty),+ $(,)?;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(400))]
            $(
                #[test]
                fn $name(value in $strategy) {
                    $(there_and_back::<$ty>(&value)?;)+
                }
            )*
        }
    };
}

properties! {
    dates_are_kept_or_refused: strategies::date().prop_map(Value::Date) =>
        chrono::NaiveDate, time::Date, jiff::civil::Date;
    times_are_kept_or_refused: strategies::time().prop_map(Value::Time) =>
        chrono::NaiveTime, time::Time, jiff::civil::Time;
    lengths_are_kept_or_refused: strategies::time().prop_map(|time| Value::Time(time.with_nanos(0))) =>
        Duration, chrono::TimeDelta, time::Duration, jiff::SignedDuration;
    timestamps_are_kept_or_refused: strategies::timestamp().prop_map(Value::Timestamp) =>
        chrono::NaiveDateTime, time::PrimitiveDateTime, jiff::civil::DateTime;
    moments_are_kept_or_refused: strategies::moment().prop_map(Value::TimestampTz) =>
        chrono::DateTime<chrono::Utc>, chrono::DateTime<chrono::FixedOffset>,
        time::OffsetDateTime, time::UtcDateTime, jiff::Timestamp, SystemTime;
    intervals_are_kept_or_refused: strategies::interval().prop_map(Value::Interval) =>
        Duration, chrono::TimeDelta, time::Duration, jiff::SignedDuration, jiff::Span;
    decimals_are_kept_or_refused: strategies::decimal().prop_map(Value::Decimal) =>
        rust_decimal::Decimal, bigdecimal::BigDecimal, aludel::value::Decimal, String;
    integers_are_kept_or_refused: strategies::integer() =>
        i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, bool, f32, f64,
        NonZero<i16>, NonZero<u64>, rust_decimal::Decimal, bigdecimal::BigDecimal,
        aludel::value::Decimal;
    no_value_changes_in_any_type: strategies::value() =>
        i32, u64, bool, f32, f64, char, String, Vec<u8>, [u8; 16], Vec<i64>, Vec<Option<i32>>,
        IpAddr, SystemTime, chrono::NaiveDate, time::Time, jiff::Timestamp, jiff::Span,
        rust_decimal::Decimal, bigdecimal::BigDecimal, uuid::Uuid, Option<i64>, Value,
        Json<serde_json::Value>, serde_json::Value, Box<str>, std::sync::Arc<str>;
}

fn sends<T>(sent: &T) -> Result<(), TestCaseError>
where
    T: for<'a> FromValue<'a> + ToValue + Debug + PartialEq,
{
    if let Ok(value) = Value::of(sent) {
        prop_assert_eq!(&T::from_value(value.as_ref()).expect("it can be read"), sent);
    }
    Ok(())
}

fn nanos() -> impl Strategy<Value = i128> {
    prop_oneof![
        -10_000_000_000_000_000_000..10_000_000_000_000_000_000_i128,
        (-10_000_000_000_000_000..10_000_000_000_000_000_i128).prop_map(|micros| micros * 1000),
    ]
}

proptest! {
    #[test]
    fn what_is_sent_is_read_back_or_refused(nanos in nanos(), digits in any::<i64>(), scale in 0..20_u32) {
        let seconds = nanos.div_euclid(1_000_000_000) as i64;
        let rest = nanos.rem_euclid(1_000_000_000) as u32;
        let moment = chrono::DateTime::from_timestamp(seconds, rest).expect("within range");
        sends(&moment)?;
        sends(&moment.naive_utc())?;
        sends(&moment.time())?;
        sends(&moment.date_naive())?;
        sends(&chrono::TimeDelta::new(seconds, rest).expect("within range"))?;
        sends(&Duration::new(seconds.unsigned_abs(), rest))?;
        if let Ok(moment) = time::OffsetDateTime::from_unix_timestamp_nanos(nanos) {
            sends(&moment)?;
            sends(&moment.time())?;
            sends(&moment.date())?;
        }
        if let Ok(moment) = jiff::Timestamp::from_nanosecond(nanos) {
            sends(&moment)?;
            let civil = jiff::tz::TimeZone::UTC.to_datetime(moment);
            sends(&civil)?;
            sends(&civil.date())?;
            sends(&civil.time())?;
        }
        sends(&rust_decimal::Decimal::new(digits, scale))?;
        sends(&bigdecimal::BigDecimal::new(digits.into(), i64::from(scale)))?;
    }

    #[test]
    fn text_is_never_read_as_something_else(text in "[-+0-9eE.:TZ ]{0,30}") {
        let value = Value::Text(text);
        there_and_back_by_text::<aludel::value::Date>(&value)?;
        there_and_back_by_text::<chrono::NaiveDate>(&value)?;
        there_and_back_by_text::<time::Time>(&value)?;
        there_and_back_by_text::<jiff::civil::DateTime>(&value)?;
        there_and_back_by_text::<chrono::DateTime<chrono::Utc>>(&value)?;
        there_and_back_by_text::<rust_decimal::Decimal>(&value)?;
        there_and_back_by_text::<bigdecimal::BigDecimal>(&value)?;
    }
}

/// What is read from text is read from the text form of what it is, too.
fn there_and_back_by_text<T>(value: &Value) -> Result<(), TestCaseError>
where
    T: for<'a> FromValue<'a> + ToValue + Debug + PartialEq,
{
    let Ok(taken) = T::from_value(value.as_ref()) else { return Ok(()) };
    let text = match Value::of(&taken).expect("it can be sent") {
        Value::Date(date) => date.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Timestamp(timestamp) => timestamp.to_string(),
        Value::TimestampTz(moment) => moment.to_string(),
        Value::Decimal(text) => text,
        other => return Err(TestCaseError::fail(format!("{other:?} has no text form here"))),
    };
    let again = Value::Text(text);
    prop_assert_eq!(T::from_value(again.as_ref()).expect("its own form"), taken);
    Ok(())
}
