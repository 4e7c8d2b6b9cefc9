//! Values of every kind, at their edges.

use aludel::Value;
use aludel::value::{Array, Date, Dimension, Interval, Time, Timestamp, TimestampTz, Uuid};

/// The names of all samples.
pub const NAMES: &[&str] = &["scalars", "times", "infinities", "exact", "nested", "empties"];

/// The rows of `emit <name>`.
pub fn rows(name: &str) -> Option<Vec<Vec<Value>>> {
    Some(match name {
        "scalars" => vec![scalars()],
        "times" => vec![times()],
        "infinities" => vec![infinities()],
        "exact" => vec![exact()],
        "nested" => vec![nested()],
        "empties" => vec![empties()],
        _ => return None,
    })
}

fn scalars() -> Vec<Value> {
    vec![
        Value::Null,
        Value::Bool(true),
        Value::Bool(false),
        Value::I64(i64::MIN),
        Value::I64(i64::MAX),
        Value::U64(u64::MAX),
        Value::F64(-0.0),
        Value::F64(f64::INFINITY),
        Value::F32(f32::MIN_POSITIVE),
        Value::Text("grüße \u{1F511}\0".into()),
        Value::Bytes((0..=255).collect()),
        Value::Uuid(Uuid(*b"0123456789abcdef")),
        Value::Json("{\"a\": [1, null]}".into()),
        Value::Other { type_name: "point".into(), text: "(1,2)".into() },
    ]
}

fn times() -> Vec<Value> {
    vec![
        Value::Date(Date::from_days(-719_468)),
        Value::Date(Date::from_days(2_932_896)),
        Value::Time(Time::from_micros(86_400_000_000)),
        Value::Time(Time::from_micros(-3_020_399_000_000).with_nanos(999)),
        Value::Time(Time::from_micros(1).with_offset(-720)),
        Value::Timestamp(Timestamp::from_micros(-1).with_nanos(1)),
        Value::TimestampTz(TimestampTz::from_utc(Timestamp::from_micros(0)).with_offset(345)),
        Value::TimestampTz(TimestampTz::from_utc(Timestamp::from_micros(i64::MAX - 1))),
        Value::Interval(Interval { months: -13, days: 40, micros: i64::MIN }),
    ]
}

fn infinities() -> Vec<Value> {
    vec![
        Value::Date(Date::INFINITY),
        Value::Date(Date::NEG_INFINITY),
        Value::Timestamp(Timestamp::INFINITY),
        Value::Timestamp(Timestamp::NEG_INFINITY),
        Value::TimestampTz(TimestampTz::INFINITY),
        Value::TimestampTz(TimestampTz::NEG_INFINITY),
    ]
}

fn exact() -> Vec<Value> {
    vec![
        Value::I128(i128::MIN),
        Value::U128(u128::MAX),
        Value::Decimal("-12345678901234567890.123456789000".into()),
        Value::Decimal("NaN".into()),
        Value::Decimal("1e400".into()),
    ]
}

fn nested() -> Vec<Value> {
    let pairs = vec![Dimension { len: 2, lower_bound: -1 }, Dimension { len: 2, lower_bound: 5 }];
    let cells = vec![Value::I64(1), Value::Null, Value::from("three"), Value::Bool(true)];
    let matrix = Array::with_dimensions(pairs, cells).unwrap_or_default();
    let composite =
        Value::Struct(vec![Value::Array(matrix.clone()), Value::Null, exact().remove(0)]);
    let map = Value::Map(vec![
        (Value::from("times"), Value::Struct(times())),
        (Value::Null, Value::Map(Vec::new())),
    ]);
    let deep = (0..20).fold(Value::I64(20), |inner, _| Value::Array(Array::new(vec![inner])));
    vec![
        Value::Array(matrix),
        composite.clone(),
        map.clone(),
        Value::Array(Array::new(vec![composite, Value::Null, map])),
        deep,
    ]
}

fn empties() -> Vec<Value> {
    vec![
        Value::Text(String::new()),
        Value::Bytes(Vec::new()),
        Value::Json(String::new()),
        Value::Array(Array::default()),
        Value::Array(Array::new(Vec::new())),
        Value::Struct(Vec::new()),
        Value::Map(Vec::new()),
        Value::Other { type_name: String::new(), text: String::new() },
    ]
}
