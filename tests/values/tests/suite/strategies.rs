//! Values of all kinds, the usual and the odd.

use aludel::Value;
use aludel::value::{Date, Interval, Time, Timestamp, TimestampTz, Uuid};
use proptest::prelude::*;

/// Days that calendars have, days that only databases have, and the infinities.
pub(crate) fn date() -> impl Strategy<Value = Date> {
    prop_oneof![
        (-100_000..100_000).prop_map(Date::from_days),
        (-4_000_000..3_000_000).prop_map(Date::from_days),
        any::<i32>().prop_map(Date::from_days),
        Just(Date::INFINITY),
        Just(Date::NEG_INFINITY),
    ]
}

/// Times of the day, 24:00:00, MySQL's durations, with and without offset.
pub(crate) fn time() -> impl Strategy<Value = Time> {
    let micros = prop_oneof![
        0..86_400_000_000_i64,
        Just(86_400_000_000),
        -3_020_399_000_000..3_020_399_000_000_i64,
        any::<i64>(),
    ];
    (micros, nanos(), prop::option::weighted(0.2, -1439..1440_i16)).prop_map(
        |(micros, nanos, offset)| {
            let time = Time::from_micros(micros).with_nanos(nanos);
            offset.map_or(time, |minutes| time.with_offset(minutes))
        },
    )
}

fn nanos() -> impl Strategy<Value = u16> {
    prop_oneof![Just(0), 0..1000_u16]
}

/// Timestamps that calendars have, that only databases have, and the infinities.
pub(crate) fn timestamp() -> impl Strategy<Value = Timestamp> {
    let micros = prop_oneof![
        -5_000_000_000_000_000..5_000_000_000_000_000_i64,
        -400_000_000_000_000_000..300_000_000_000_000_000_i64,
        any::<i64>(),
    ];
    let finite = (micros, nanos())
        .prop_map(|(micros, nanos)| Timestamp::from_micros(micros).with_nanos(nanos));
    prop_oneof![8 => finite, 1 => Just(Timestamp::INFINITY), 1 => Just(Timestamp::NEG_INFINITY)]
}

/// Moments with and without an offset.
pub(crate) fn moment() -> impl Strategy<Value = TimestampTz> {
    (timestamp(), prop::option::of(-1439..1440_i16)).prop_map(|(utc, offset)| {
        let moment = TimestampTz::from_utc(utc);
        offset.map_or(moment, |minutes| moment.with_offset(minutes))
    })
}

/// Intervals, most of them with one part.
pub(crate) fn interval() -> impl Strategy<Value = Interval> {
    let part = |all: BoxedStrategy<i32>| prop_oneof![2 => Just(0), 1 => -1000..1000, 1 => all];
    let micros = prop_oneof![1 => Just(0), 2 => any::<i64>()];
    let finite = (part(any::<i32>().boxed()), part(any::<i32>().boxed()), micros)
        .prop_map(|(months, days, micros)| Interval { months, days, micros });
    prop_oneof![8 => finite, 1 => Just(Interval::INFINITY), 1 => Just(Interval::NEG_INFINITY)]
}

/// Decimals in the form in which databases write them.
pub(crate) fn decimal() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,27})",
        "-?(0|[1-9][0-9]{0,12})\\.[0-9]{1,14}",
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?",
        Just("NaN".to_owned()),
        Just("Infinity".to_owned()),
    ]
}

/// Integers of every kind.
pub(crate) fn integer() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-300..300_i64).prop_map(Value::I64),
        any::<i64>().prop_map(Value::I64),
        any::<u64>().prop_map(Value::U64),
        any::<i128>().prop_map(Value::I128),
        any::<u128>().prop_map(Value::U128),
    ]
}

/// Any value.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        integer(),
        any::<f64>().prop_map(Value::F64),
        any::<f32>().prop_map(Value::F32),
        decimal().prop_map(Value::Decimal),
        "[a-zé:]{0,3}".prop_map(Value::Text),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
        date().prop_map(Value::Date),
        time().prop_map(Value::Time),
        timestamp().prop_map(Value::Timestamp),
        moment().prop_map(Value::TimestampTz),
        interval().prop_map(Value::Interval),
        any::<[u8; 16]>().prop_map(|bytes| Value::Uuid(Uuid(bytes))),
        "(null|-?[1-9][0-9]{0,5}|\"[a-z]{0,5}\")".prop_map(Value::Json),
        prop::collection::vec(any::<i64>(), 0..4)
            .prop_map(|list| Value::Array(list.into_iter().collect())),
    ]
}
