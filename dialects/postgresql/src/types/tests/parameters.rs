//! Values of one kind as parameters of another type: what goes, how, and what is refused.

use aludel::Value;
use aludel::value::{Array, Date, Interval, Time, Timestamp, TimestampTz};
use bytes::BytesMut;

use super::forms::ty;
use crate::types::encode::declared_type;
use crate::types::encode::encode;
use crate::types::pg_type::Oid;
use crate::types::{Format, PgType, append, depends_on_type, parameter_format};

fn written(value: &Value, ty: &PgType) -> aludel::Result<(Format, Vec<u8>)> {
    let format = parameter_format(value.as_ref(), ty);
    let mut out = BytesMut::new();
    encode(value.as_ref(), ty, format, &mut out)?;
    Ok((format, out.to_vec()))
}

fn assert_text(value: impl Into<Value>, oid: Oid, expected: &str) {
    let value = value.into();
    let (_, bytes) = written(&value, &ty(oid)).unwrap();
    assert_eq!(std::str::from_utf8(&bytes), Ok(expected), "{value:?} as {}", ty(oid).name);
}

fn assert_binary(value: impl Into<Value>, oid: Oid, expected: &[u8]) {
    let value = value.into();
    let what = format!("{value:?} as {}", ty(oid).name);
    assert_eq!(written(&value, &ty(oid)).unwrap(), (Format::Binary, expected.to_vec()), "{what}");
}

#[test]
fn integers_go_into_integers_within_their_range() {
    assert_binary(-2_i64, 21, &[0xFF, 0xFE]);
    assert_binary(32_767_u64, 21, &[0x7F, 0xFF]);
    assert_binary(Value::I128(-1), 20, &[0xFF; 8]);
    assert_binary(u32::MAX, 26, &[0xFF; 4]);
    assert_binary(u64::MAX, 5069, &[0xFF; 8]);
    for (value, oid, range) in [
        (Value::I64(32_768), 21, "-32768 to 32767"),
        (Value::I64(-3_000_000_000), 23, "-2147483648 to 2147483647"),
        (Value::U64(u64::MAX), 20, "-9223372036854775808 to 9223372036854775807"),
        (Value::I64(-1), 26, "0 to 4294967295"),
        (Value::U128(u128::MAX), 5069, "0 to 18446744073709551615"),
    ] {
        let error = written(&value, &ty(oid)).unwrap_err();
        assert_eq!(error.kind(), aludel::ErrorKind::Data);
        assert_eq!(error.sqlstate(), Some("22003"));
        assert!(error.message().contains(ty(oid).name.as_ref()), "{error}");
        assert!(error.help().unwrap().contains(range), "{error}");
    }
    let error = written(&Value::I64(3_000_000_000), &ty(23)).unwrap_err();
    assert_eq!(error.message(), "the value is out of range for type integer");
}

#[test]
fn integers_go_into_exact_numbers_floats_and_text() {
    assert_binary(12_345_i64, 1700, &[0, 2, 0, 1, 0, 0, 0, 0, 0, 1, 0x09, 0x29]);
    assert_binary(-10_000_i64, 1700, &[0, 1, 0, 1, 0x40, 0, 0, 0, 0, 1]);
    assert_binary(0_i64, 1700, &[0; 8]);
    assert_binary(3_i64, 701, &3_f64.to_be_bytes());
    assert_binary(3_i64, 700, &3_f32.to_be_bytes());
    // Whatever is inexact is left to the server, which takes the nearest float as for any literal.
    assert_text((1_i64 << 53) + 1, 701, "9007199254740993");
    assert_text(-7_i64, 25, "-7");
    assert_text(-7_i64, 1043, "-7");
    assert_text(1_i64, 16, "1");
}

#[test]
fn floats_go_as_their_shortest_digits_where_they_are_not_floats() {
    assert_binary(0.1_f64, 701, &0.1_f64.to_be_bytes());
    assert_binary(0.1_f32, 701, &f64::from(0.1_f32).to_be_bytes());
    assert_binary(0.5_f64, 700, &0.5_f32.to_be_bytes());
    assert_text(0.1_f64, 700, "0.1");
    assert_text(1.0_f64, 23, "1");
    assert_text(1e300_f64, 1700, "1e300");
    assert_text(-1.5e-7_f64, 25, "-1.5e-7");
    assert_text(0.1_f32, 25, "0.1");
    assert_text(-0.0_f64, 25, "-0");
    assert_text(f64::NAN, 1700, "NaN");
    assert_text(f64::NEG_INFINITY, 25, "-Infinity");
}

#[test]
fn decimals_keep_their_scale_and_may_have_exponents() {
    let decimal = |text: &str| Value::Decimal(text.into());
    assert_binary(decimal("1.50"), 1700, &[0, 2, 0, 0, 0, 0, 0, 2, 0, 1, 0x13, 0x88]);
    assert_binary(decimal("+150e-2"), 1700, &[0, 2, 0, 0, 0, 0, 0, 2, 0, 1, 0x13, 0x88]);
    assert_binary(decimal("1e4"), 1700, &[0, 1, 0, 1, 0, 0, 0, 0, 0, 1]);
    assert_binary(decimal("-.001"), 1700, &[0, 1, 0xFF, 0xFF, 0x40, 0, 0, 3, 0, 10]);
    assert_binary(decimal("-0.00"), 1700, &[0, 0, 0, 0, 0, 0, 0, 2]);
    assert_binary(decimal("-Infinity"), 1700, &[0, 0, 0, 0, 0xF0, 0, 0, 0]);
    assert_text(decimal("1.50"), 23, "1.50");
    // What the server takes no binary form of, it shall refuse itself.
    for text in ["1e200000", "1e-20000", "abc", "", "1e", "1.2.3", "."] {
        assert_text(decimal(text), 1700, text);
    }
}

#[test]
fn dates_and_times_go_as_they_are_or_as_iso_text() {
    let date = |year, month, day| Date::from_ymd(year, month, day).unwrap();
    assert_binary(date(2000, 1, 2), 1082, &[0, 0, 0, 1]);
    assert_binary(Date::NEG_INFINITY, 1082, &i32::MIN.to_be_bytes());
    assert_text(date(2024, 2, 29), 1184, "2024-02-29");
    assert_text(date(-43, 3, 15), 25, "0044-03-15 BC");
    assert_text(date(0, 3, 15), 25, "0001-03-15 BC");
    assert_text(date(12_345, 6, 7), 25, "12345-06-07");
    assert_text(Date::INFINITY, 25, "infinity");
    let noon = Timestamp::from_micros(43_200_000_000);
    assert_text(noon, 25, "1970-01-01 12:00:00");
    assert_text(noon, 1184, "1970-01-01 12:00:00");
    assert_text(noon.with_nanos(7), 1114, "1970-01-01 12:00:00.000000007");
    assert_text(TimestampTz::from_utc(noon).with_offset(120), 25, "1970-01-01 12:00:00+00");
    assert_text(TimestampTz::NEG_INFINITY, 25, "-infinity");
    assert_binary(TimestampTz::INFINITY, 1184, &i64::MAX.to_be_bytes());
    let half_past = Time::from_micros(45_000_000_000);
    assert_binary(half_past, 1083, &45_000_000_000_i64.to_be_bytes());
    assert_text(half_past, 1266, "12:30:00");
    assert_text(half_past.with_offset(-90), 25, "12:30:00-01:30");
    assert_text(Time::from_micros(-1_000_000), 1083, "-00:00:01");
    let interval = Interval { months: -14, days: 3, micros: -500_000 };
    assert_text(interval, 25, "P-1Y-2M3DT-0.5S");
    let error = written(&Value::Date(Date::from_days(i32::MIN + 1)), &ty(1082)).unwrap_err();
    assert_eq!(error.sqlstate(), Some("22008"));
    let early = Timestamp::from_micros(i64::MIN + 1);
    assert_eq!(written(&Value::from(early), &ty(1114)).unwrap_err().sqlstate(), Some("22008"));
}

#[test]
fn text_goes_into_any_type_for_the_server_to_read() {
    assert_text("5", 23, "5");
    assert_text("2024-02-29", 1082, "2024-02-29");
    assert_text("{1,2}", 1007, "{1,2}");
    assert_text("10.0.0.1", 869, "10.0.0.1");
    assert_text("(1,2)", 600, "(1,2)");
    assert_binary("{}", 3802, &[1, b'{', b'}']);
    assert_binary(Value::Json("{}".into()), 3802, &[1, b'{', b'}']);
    assert_text(Value::Json("{}".into()), 25, "{}");
    assert_text(Value::Other { type_name: "inet".into(), text: "::1".into() }, 869, "::1");
    assert_text(true, 25, "true");
}

#[test]
fn arrays_go_in_binary_when_every_element_does() {
    let array = |values: Vec<Value>| Value::Array(Array::new(values));
    let (format, _) = written(&array(vec![1_i64.into(), Value::Null]), &ty(1007)).unwrap();
    assert_eq!(format, Format::Binary);
    assert_text(array(vec!["1".into(), Value::Null]), 1007, "{1,NULL}");
    let rows = [[1_i64, 2], [3, 4]].map(|row| row.into_iter().collect::<Array>());
    assert_text(array(rows.map(Value::from).to_vec()), 1007, "{{1,2},{3,4}}");
    let texts = ["", "NULL", "a b", "\"", "\\", "{", "plain"];
    let unknown = texts.into_iter().collect::<Array>();
    assert_text(unknown, 705, r#"{"","NULL","a b","\"","\\","{",plain}"#);
    assert_text(array(vec!["(1,1),(0,0)".into(), "(2,2),(0,0)".into()]), 1020, {
        "{(1,1),(0,0);(2,2),(0,0)}"
    });
    assert_text(array(vec![vec![1_u8].into()]), 705, r#"{"\\x01"}"#);
    assert_text(Array::default(), 705, "{}");
    assert_text(Array::new(vec![]), 705, "{}");
}

#[test]
fn composites_go_as_text_where_their_type_is_not_known() {
    let fields = vec![1_i64.into(), Value::Null, "".into(), "a,\"b\"\\".into(), "plain".into()];
    assert_text(Value::Struct(fields), 705, r#"(1,,"","a,\"b\"\\",plain)"#);
}

#[test]
fn bytes_are_hexadecimal_digits_where_no_type_is_known() {
    assert_binary(vec![0_u8, 255], 17, &[0, 255]);
    assert_text(vec![0_u8, 255], 705, "\\x00ff");
}

#[test]
fn what_the_server_would_misread_is_refused() {
    let moment = TimestampTz::from_utc(Timestamp::from_micros(0));
    let time = Time::from_micros(0).with_offset(60);
    for (value, oid, message) in [
        (Value::Bytes(vec![1]), 25, "a bytes value cannot be sent as type text"),
        (
            moment.into(),
            1114,
            "a timestamptz value cannot be sent as type timestamp without time zone",
        ),
        (moment.into(), 1082, "a timestamptz value cannot be sent as type date"),
        (time.into(), 1083, "a time value cannot be sent as type time without time zone"),
    ] {
        let error = written(&value, &ty(oid)).unwrap_err();
        assert_eq!(error.message(), message);
        assert!(error.help().is_some());
    }
}

#[test]
fn what_the_server_would_misread_is_declared() {
    assert_eq!(declared_type(Value::Bytes(vec![]).as_ref()), 17);
    let moment = TimestampTz::from_utc(Timestamp::from_micros(0));
    assert_eq!(declared_type(Value::from(moment).as_ref()), 1184);
    let time = Time::from_micros(0);
    assert_eq!(declared_type(Value::from(time).as_ref()), 0);
    assert_eq!(declared_type(Value::from(time.with_offset(0)).as_ref()), 1266);
    assert_eq!(declared_type(Value::from("a").as_ref()), 0);
}

#[test]
fn arrays_whose_delimiter_is_a_matter_of_their_type_wait_for_it() {
    let boxes =
        Array::new(vec![Value::Null, Value::Other { type_name: "".into(), text: "".into() }]);
    assert!(depends_on_type(Value::from(boxes).as_ref()));
    assert!(!depends_on_type(Value::from(Array::from_iter([1_i64])).as_ref()));
}

#[test]
fn a_value_that_has_no_form_says_so() {
    let error = written(&Value::Map(vec![]), &ty(705)).unwrap_err();
    assert_eq!(error.kind(), aludel::ErrorKind::NotSupported);
    let mut out = BytesMut::new();
    let text = Value::from("5");
    let error = encode(text.as_ref(), &ty(23), Format::Binary, &mut out).unwrap_err();
    assert_eq!(error.message(), "a text value cannot be sent as binary integer");
}

#[test]
fn a_length_stands_before_the_value_and_null_is_a_length() {
    let mut out = BytesMut::new();
    append(Value::I64(1).as_ref(), &ty(21), Format::Binary, &mut out).unwrap();
    append(Value::Null.as_ref(), &ty(21), Format::Binary, &mut out).unwrap();
    append(Value::from("ab").as_ref(), &ty(25), Format::Text, &mut out).unwrap();
    assert_eq!(&out[..], b"\0\0\0\x02\0\x01\xFF\xFF\xFF\xFF\0\0\0\x02ab");
}
