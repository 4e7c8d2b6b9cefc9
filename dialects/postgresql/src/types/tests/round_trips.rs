//! Any value of a kind, written in either form, reads as itself.

use aludel::Value;
use aludel::value::{Array, Date, Dimension, Interval, Time, Timestamp, TimestampTz, Uuid};
use bytes::BytesMut;
use proptest::prelude::*;

use super::forms::{assert_same, from_binary, from_text, ty};
use crate::types::encode::encode;
use crate::types::pg_type::Oid;
use crate::types::{Format, parameter_format};

/// Writes and reads in both forms. `bool` is skipped in text: the server reads `true`, but writes `t`.
fn assert_round_trip(oid: Oid, value: &Value) {
    let ty = ty(oid);
    let mut out = BytesMut::new();
    assert_eq!(parameter_format(value.as_ref(), &ty), Format::Binary, "{value:?}");
    encode(value.as_ref(), &ty, Format::Binary, &mut out).unwrap();
    assert_same(&from_binary(&ty, &out).unwrap(), value, "binary");
    out.clear();
    encode(value.as_ref(), &ty, Format::Text, &mut out).unwrap();
    let text = std::str::from_utf8(&out).unwrap();
    assert_same(&from_text(&ty, text).unwrap(), value, text);
}

/// Numbers as the server writes them: no zeros before the first digit, none of them negative.
fn decimal() -> impl Strategy<Value = String> {
    ("-?[1-9][0-9]{0,50}(\\.[0-9]{1,50})?", "-?0\\.[0-9]{0,30}[1-9]", "0(\\.0{1,20})?")
        .prop_flat_map(|(a, b, c)| prop::sample::select(vec![a, b, c]))
}

fn text_array() -> impl Strategy<Value = Array> {
    let element = prop::option::of("\\PC{0,8}|NULL|[{}\"\\\\, ]{0,4}");
    (1_u32..4, 1_u32..4, -5_i32..5, -5_i32..5).prop_flat_map(move |(rows, columns, low, lower)| {
        let dimensions = vec![
            Dimension { len: rows, lower_bound: low },
            Dimension { len: columns, lower_bound: lower },
        ];
        let count = (rows * columns) as usize;
        prop::collection::vec(element.clone(), count).prop_map(move |elements| {
            let elements = elements.into_iter().map(Value::from).collect();
            Array::with_dimensions(dimensions.clone(), elements).expect("as many elements")
        })
    })
}

proptest! {
    #[test]
    fn integers(small: i16, middle: i32, large: i64, unsigned: u32) {
        assert_round_trip(21, &Value::from(small));
        assert_round_trip(23, &Value::from(middle));
        assert_round_trip(20, &Value::from(large));
        assert_round_trip(26, &Value::I64(unsigned.into()));
    }

    #[test]
    fn floats(bits: u64) {
        let (wide, narrow) = (f64::from_bits(bits), f32::from_bits(bits as u32));
        // Text has one NaN only.
        if !wide.is_nan() {
            assert_round_trip(701, &Value::from(wide));
        }
        if !narrow.is_nan() {
            assert_round_trip(700, &Value::from(narrow));
        }
    }

    #[test]
    fn numerics(text in decimal()) {
        assert_round_trip(1700, &Value::Decimal(text));
    }

    #[test]
    fn integers_as_numerics(number: i128, unsigned: u128) {
        for value in [Value::I128(number), Value::U128(unsigned)] {
            let mut out = BytesMut::new();
            encode(value.as_ref(), &ty(1700), Format::Binary, &mut out).unwrap();
            let read = from_binary(&ty(1700), &out).unwrap();
            out.clear();
            encode(value.as_ref(), &ty(1700), Format::Text, &mut out).unwrap();
            prop_assert_eq!(read, Value::Decimal(String::from_utf8(out.to_vec()).unwrap()));
        }
    }

    #[test]
    fn texts_and_bytes(text in "\\PC{0,40}", bytes: Vec<u8>) {
        assert_round_trip(25, &Value::from(text));
        assert_round_trip(17, &Value::from(bytes));
    }

    #[test]
    fn dates(days in -2_451_545 - 10_957..2_145_031_949 + 10_957) {
        // 4713 BC to 5874897 AD, from 1970.
        assert_round_trip(1082, &Value::Date(Date::from_days(days)));
    }

    #[test]
    fn timestamps(micros in -210_866_803_200_000_000_i64..i64::MAX) {
        let timestamp = Timestamp::from_micros(micros);
        assert_round_trip(1114, &Value::Timestamp(timestamp));
        assert_round_trip(1184, &Value::TimestampTz(TimestampTz::from_utc(timestamp)));
    }

    #[test]
    fn times(micros in 0_i64..=86_400_000_000, offset in -959_i16..960) {
        assert_round_trip(1083, &Value::Time(Time::from_micros(micros)));
        assert_round_trip(1266, &Value::Time(Time::from_micros(micros).with_offset(offset)));
    }

    #[test]
    fn intervals(months: i32, days: i32, micros: i64) {
        assert_round_trip(1186, &Value::Interval(Interval { months, days, micros }));
    }

    #[test]
    fn uuids(bytes: [u8; 16]) {
        assert_round_trip(2950, &Value::Uuid(Uuid(bytes)));
    }

    #[test]
    fn arrays(array in text_array(), numbers: Vec<Option<i32>>) {
        assert_round_trip(1009, &Value::Array(array));
        if !numbers.is_empty() {
            assert_round_trip(1007, &Value::Array(numbers.into_iter().collect()));
        }
    }
}
