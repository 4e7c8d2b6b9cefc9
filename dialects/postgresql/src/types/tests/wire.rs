//! The bytes that a server sends for a value, and the value that they are.

use aludel::Value;
use aludel::value::{Array, Date, Dimension, Interval, Time, Timestamp, TimestampTz, Uuid};
use bytes::BytesMut;

use super::forms::{assert_same, from_binary, from_text, ty, unhex};
use super::wire_table::WIRE;
use crate::types::encode::encode;
use crate::types::pg_type::Oid;
use crate::types::{Format, parameter_format};

#[test]
fn text_and_binary_form_are_the_same_value() {
    for &(oid, text, hex) in WIRE {
        let ty = ty(oid);
        let binary = from_binary(&ty, &unhex(hex)).unwrap();
        assert_same(&binary, &from_text(&ty, text).unwrap(), &format!("{} {text}", ty.name));
    }
}

#[test]
fn a_value_is_written_as_the_server_would_send_it() {
    let mut written = 0;
    for &(oid, text, hex) in WIRE {
        let ty = ty(oid);
        let value = from_text(&ty, text).unwrap();
        if parameter_format(value.as_ref(), &ty) == Format::Text {
            continue;
        }
        let mut out = BytesMut::new();
        encode(value.as_ref(), &ty, Format::Binary, &mut out).unwrap();
        if text.ends_with("Infinity") && oid == 1700 {
            // The scale of an infinity means nothing.
            out[7] = 0x20;
        }
        assert_eq!(&out[..], unhex(hex), "{} {text}", ty.name);
        written += 1;
    }
    assert!(written > 100, "{written}");
}

#[test]
fn a_value_written_as_text_reads_as_itself() {
    for &(oid, text, _) in WIRE {
        let ty = ty(oid);
        let value = from_text(&ty, text).unwrap();
        let mut out = BytesMut::new();
        encode(value.as_ref(), &ty, Format::Text, &mut out).unwrap();
        let written = std::str::from_utf8(&out).unwrap();
        // The server reads `true`, but writes `t`.
        let written = match (oid, written) {
            (16, "true") => "t",
            (16, "false") => "f",
            (1000, _) => &written.replace("true", "t").replace("false", "f"),
            _ => written,
        };
        let again = from_text(&ty, written).unwrap();
        assert_same(&again, &value, &format!("{} {text} as {written}", ty.name));
    }
}

fn timestamp(micros: i64) -> Value {
    Value::Timestamp(Timestamp::from_micros(micros))
}

fn moment(micros: i64) -> Value {
    Value::TimestampTz(TimestampTz::from_utc(Timestamp::from_micros(micros)))
}

fn other(type_name: &str, text: &str) -> Value {
    Value::Other { type_name: type_name.into(), text: text.into() }
}

fn expect(cases: Vec<(Oid, &str, Value)>) {
    for (oid, text, expected) in cases {
        let ty = ty(oid);
        let value = from_text(&ty, text).unwrap();
        assert_same(&value, &expected, &format!("{} {text}", ty.name));
    }
}

#[test]
fn scalars_are_the_values_that_the_server_means() {
    let decimal = |text: &str| Value::Decimal(text.into());
    let text = |text: &str| Value::Text(text.into());
    expect(vec![
        (16, "t", Value::Bool(true)),
        (17, "\\x00ff10", Value::Bytes(vec![0, 255, 16])),
        (17, "\\000a\\\\\\377", Value::Bytes(vec![0, b'a', b'\\', 255])),
        (18, "\\200", text("\\200")),
        (26, "4294967295", Value::I64(4_294_967_295)),
        (5069, "18446744073709551615", Value::U64(u64::MAX)),
        (700, "0.1", Value::F32(0.1)),
        (701, "NaN", Value::F64(f64::NAN)),
        (1700, "1.50", decimal("1.50")),
        (1700, "NaN", decimal("NaN")),
        (1700, "-Infinity", decimal("-Infinity")),
        (1042, "ab  ", text("ab  ")),
        (2278, "", text("")),
        (142, "<a/>", text("<a/>")),
        (114, "{}", Value::Json("{}".into())),
        (3802, "[1]", Value::Json("[1]".into())),
        (2950, "00000000-0000-0000-0000-0000000000ff", {
            let mut bytes = [0; 16];
            bytes[15] = 255;
            Value::Uuid(Uuid(bytes))
        }),
        (869, "10.1.2.3/8", other("inet", "10.1.2.3/8")),
        (1562, "101", other("bit varying", "101")),
        (3904, "[1,5)", other("int4range", "[1,5)")),
        (2205, "pg_class", other("regclass", "pg_class")),
        (2249, "(1,a)", other("record", "(1,a)")),
    ]);
}

#[test]
fn dates_and_times_are_the_values_that_the_server_means() {
    let date = |year, month, day| Value::Date(Date::from_ymd(year, month, day).unwrap());
    expect(vec![
        (1082, "2024-02-29", date(2024, 2, 29)),
        (1082, "0044-03-15 BC", date(-43, 3, 15)),
        (1082, "5874897-12-31", date(5_874_897, 12, 31)),
        (1082, "infinity", Value::Date(Date::INFINITY)),
        (1083, "24:00:00", Value::Time(Time::from_micros(86_400_000_000))),
        (1266, "12:30:00+05:30", Value::Time(Time::from_micros(45_000_000_000).with_offset(330))),
        (1266, "12:30:00.5-01:02:03", other("time with time zone", "12:30:00.5-01:02:03")),
        (1114, "2000-01-01 00:00:00", timestamp(946_684_800_000_000)),
        (1114, "-infinity", Value::Timestamp(Timestamp::NEG_INFINITY)),
        (
            1114,
            "294276-12-31 23:59:59.5",
            other("timestamp without time zone", "294276-12-31 23:59:59.5"),
        ),
        (1184, "2024-02-29 12:30:00+00", moment(1_709_209_800_000_000)),
        (1184, "2024-02-29 13:30:00+01", moment(1_709_209_800_000_000)),
        (1184, "2024-02-29 12:49:32+00:19:32", moment(1_709_209_800_000_000)),
        (1184, "2024-02-28 22:30:00-14", moment(1_709_209_800_000_000)),
        (1184, "infinity", Value::TimestampTz(TimestampTz::INFINITY)),
        // Other settings of DateStyle.
        (1082, "29.02.2024", other("date", "29.02.2024")),
        (1114, "Thu Feb 29 12:30:00 2024", {
            other("timestamp without time zone", "Thu Feb 29 12:30:00 2024")
        }),
    ]);
}

#[test]
fn intervals_are_read_in_every_style_that_has_one_meaning() {
    let interval = |months, days, micros| Value::Interval(Interval { months, days, micros });
    let long = || interval(14, 3, 14_706_700_000);
    expect(vec![
        (1186, "1 year 2 mons 3 days 04:05:06.7", long()),
        (1186, "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs", long()),
        (1186, "P1Y2M3DT4H5M6.7S", long()),
        (1186, "@ 1 mon -3 days -0.5 secs ago", interval(-1, 3, 500_000)),
        (1186, "P-1M3DT-0.5S", interval(-1, 3, -500_000)),
        (1186, "@ 0", interval(0, 0, 0)),
        (1186, "PT0S", interval(0, 0, 0)),
        (1186, "-2562047788:00:54.775808", interval(0, 0, i64::MIN)),
        (1186, "infinity", Value::Interval(Interval::INFINITY)),
        // The style sql_standard.
        (1186, "+1-2 +3 +4:05:06.7", other("interval", "+1-2 +3 +4:05:06.7")),
    ]);
}

#[test]
fn arrays_keep_their_dimensions_lower_bounds_and_nulls() {
    let bounds = |bounds: &[(u32, i32)]| {
        bounds.iter().map(|&(len, lower_bound)| Dimension { len, lower_bound }).collect()
    };
    let ints = |ints: &[i64]| ints.iter().map(|&n| Value::I64(n)).collect();
    let array =
        |dimensions, elements| Value::Array(Array::with_dimensions(dimensions, elements).unwrap());
    expect(vec![
        (1007, "{}", Value::Array(Array::default())),
        (1007, "{1,NULL}", array(bounds(&[(2, 1)]), vec![Value::I64(1), Value::Null])),
        (1007, "[0:1]={7,8}", array(bounds(&[(2, 0)]), ints(&[7, 8]))),
        (1007, "[-1:0][2:3]={{1,2},{3,4}}", array(bounds(&[(2, -1), (2, 2)]), ints(&[1, 2, 3, 4]))),
        (
            1020,
            "{(1,1),(0,0);(2,2),(0,0)}",
            array(
                bounds(&[(2, 1)]),
                vec![other("box", "(1,1),(0,0)"), other("box", "(2,2),(0,0)")],
            ),
        ),
    ]);
}
