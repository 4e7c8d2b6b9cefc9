//! Random values survive the way to a dialect and back.

use aludel::Value;
use aludel::abi::host::ExecuteOptions;
use aludel::abi::static_dialect;
use aludel::value::{Array, Date, Dimension, Interval, Time, Timestamp, TimestampTz, Uuid};
use aludel_test_everything::Everything;
use aludel_tests::subject::{EVERYTHING, Subject, query_with};
use proptest::prelude::*;

fn scalar() -> impl Strategy<Value = Value> {
    let micros = any::<i64>();
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::I64),
        any::<u64>().prop_map(Value::U64),
        any::<i128>().prop_map(Value::I128),
        any::<u128>().prop_map(Value::U128),
        any::<f64>().prop_filter("NaN is not itself", |f| !f.is_nan()).prop_map(Value::F64),
        any::<f32>().prop_filter("NaN is not itself", |f| !f.is_nan()).prop_map(Value::F32),
        "[-]?[0-9]{1,40}[.][0-9]{0,9}".prop_map(Value::Decimal),
        any::<String>().prop_map(Value::Text),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        any::<String>().prop_map(Value::Json),
        any::<[u8; 16]>().prop_map(|bytes| Value::Uuid(Uuid(bytes))),
        any::<i32>().prop_map(|days| Value::Date(Date::from_days(days))),
        (micros, 0..1000u16).prop_map(|(m, n)| Value::Time(Time::from_micros(m).with_nanos(n))),
        (micros, any::<i16>()).prop_map(|(m, o)| Value::Time(Time::from_micros(m).with_offset(o))),
        timestamp().prop_map(Value::Timestamp),
        (timestamp(), any::<i16>())
            .prop_map(|(t, o)| Value::TimestampTz(TimestampTz::from_utc(t).with_offset(o))),
        (any::<i32>(), any::<i32>(), micros)
            .prop_map(|(months, days, micros)| Value::Interval(Interval { months, days, micros })),
    ]
}

/// The infinities have no nanoseconds.
fn timestamp() -> impl Strategy<Value = Timestamp> {
    let finite = i64::MIN + 1..i64::MAX;
    prop_oneof![
        (finite, 0..1000u16).prop_map(|(m, n)| Timestamp::from_micros(m).with_nanos(n)),
        Just(Timestamp::INFINITY),
        Just(Timestamp::NEG_INFINITY),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    scalar().prop_recursive(5, 64, 6, |inner| {
        let lists = prop::collection::vec(inner.clone(), 0..6);
        let pairs = prop::collection::vec((inner.clone(), inner.clone()), 0..4);
        prop_oneof![
            lists.clone().prop_map(|elements| Value::Array(Array::new(elements))),
            (prop::collection::vec(inner, 6), any::<i32>()).prop_map(|(elements, bound)| {
                let dimension = |len| Dimension { len, lower_bound: bound };
                let shape = vec![dimension(2), dimension(1), dimension(3)];
                Value::Array(Array::with_dimensions(shape, elements).expect("2 × 1 × 3 is 6"))
            }),
            lists.prop_map(Value::Struct),
            pairs.prop_map(Value::Map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_values_survive_the_way_there_and_back(row in prop::collection::vec(value(), 1..5)) {
        let subject = Subject { dialect: static_dialect::<Everything>().into(), speech: EVERYTHING };
        let mut connection = subject.connect();
        for sql in ["echo", "echo lent"] {
            let back = query_with(&mut connection, sql, &row, ExecuteOptions::default());
            prop_assert_eq!(back.expect("echo answers"), vec![row.clone()]);
        }
    }
}
