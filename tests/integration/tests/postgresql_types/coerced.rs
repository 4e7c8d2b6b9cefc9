//! Values of one kind as parameters of a type of another.

use aludel::value::{Array, Date, Interval, Time, Timestamp, TimestampTz};
use aludel::{Connection, ErrorKind, Value};

use crate::psql::{Server, literal};

/// Kinds, types, and what psql shows of the value in that type.
fn coercions() -> Vec<(Value, &'static str, &'static str)> {
    let decimal = |text: &str| Value::Decimal(text.into());
    let text = |text: &str| Value::Text(text.into());
    let noon = Timestamp::from_micros(1_709_209_800_000_000);
    let moment = TimestampTz::from_utc(noon);
    let date = Date::from_ymd(2024, 2, 29).expect("a date");
    let texts = |texts: &[&str]| Value::from(texts.iter().copied().collect::<Array>());
    vec![
        (Value::I64(7), "numeric", "7"),
        (Value::I64(-7), "double precision", "-7"),
        (Value::I64(7), "text", "7"),
        (Value::I64(1), "boolean", "t"),
        (Value::I64((1 << 53) + 1), "double precision", "9.007199254740992e+15"),
        (Value::U64(u64::MAX), "numeric", "18446744073709551615"),
        (Value::U64(5), "smallint", "5"),
        (Value::I128(i128::MIN), "numeric", "-170141183460469231731687303715884105728"),
        (Value::U128(u128::MAX), "numeric", "340282366920938463463374607431768211455"),
        (Value::I128(-5), "bigint", "-5"),
        (Value::F64(0.1), "numeric", "0.1"),
        (Value::F64(1e300), "text", "1e300"),
        (Value::F64(0.1), "real", "0.1"),
        (Value::F64(3.0), "integer", "3"),
        (Value::F32(0.5), "double precision", "0.5"),
        (Value::F64(f64::NAN), "numeric", "NaN"),
        (decimal("1.50"), "double precision", "1.5"),
        (decimal("2"), "integer", "2"),
        (decimal("1.5e3"), "numeric", "1500"),
        (decimal("1.50"), "text", "1.50"),
        (decimal("12.34"), "money", "$12.34"),
        (Value::Bool(true), "text", "true"),
        (text("t"), "boolean", "t"),
        (text("42"), "integer", "42"),
        (text("1.5"), "numeric", "1.5"),
        (text("2024-02-29"), "date", "2024-02-29"),
        (text("1 day"), "interval", "1 day"),
        (text("\\x00ff"), "bytea", "\\x00ff"),
        (text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), "uuid", {
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        }),
        (text("{\"a\": 1}"), "jsonb", "{\"a\": 1}"),
        (text("10.0.0.1/8"), "inet", "10.0.0.1/8"),
        (text("101"), "bit varying", "101"),
        (text("{1,2}"), "integer[]", "{1,2}"),
        // By the server's own assignment of bytes to text.
        (Value::Bytes(vec![97]), "text", "\\x61"),
        (Value::Json("[1]".into()), "jsonb", "[1]"),
        (Value::Json("[1]".into()), "text", "[1]"),
        (texts(&["1", "2"]), "integer[]", "{1,2}"),
        (texts(&["2024-02-29"]), "date[]", "{2024-02-29}"),
        (texts(&["10.0.0.1"]), "inet[]", "{10.0.0.1}"),
        (Array::from_iter([1_i64, 2]).into(), "bigint[]", "{1,2}"),
        (Array::from_iter([1_i64, 2]).into(), "numeric[]", "{1,2}"),
        (Array::from_iter([1_i64, 2]).into(), "text", "{1,2}"),
        (
            Array::new(vec![Array::from_iter([1_i64]).into(), Array::from_iter([2_i64]).into()])
                .into(),
            "integer[]",
            "{{1},{2}}",
        ),
        (date.into(), "timestamp", "2024-02-29 00:00:00"),
        (date.into(), "text", "2024-02-29"),
        (noon.into(), "text", "2024-02-29 12:30:00"),
        (noon.with_nanos(600).into(), "timestamp", "2024-02-29 12:30:00.000001"),
        // The session's time zone, as for any literal.
        (noon.into(), "timestamptz", "2024-02-29 07:00:00+00"),
        (moment.into(), "timestamp", "2024-02-29 18:00:00"),
        (moment.with_offset(-480).into(), "timestamptz", "2024-02-29 12:30:00+00"),
        (Time::from_micros(45_000_000_000).with_offset(60).into(), "time", "12:30:00"),
        (Time::from_micros(45_000_000_000).into(), "timetz", "12:30:00+05:30"),
        (Time::from_micros(45_000_000_000).into(), "interval", "12:30:00"),
        (Interval { months: -1, days: 2, micros: -3 }.into(), "text", "P-1M2DT-0.000003S"),
    ]
}

#[test]
fn a_value_of_another_kind_is_what_a_literal_of_it_would_be_whether_or_not_the_type_is_known() {
    let Some(server) = Server::provided("coerced") else { return };
    let mut connection = server.connect();
    for (index, (value, sql_type, expected)) in coercions().into_iter().enumerate() {
        let table = format!("t_{index}");
        run(&mut connection, &format!("create table {table} (x {sql_type})"), &[]).unwrap();
        let first = format!("insert into {table} values ($1)");
        let known = format!("insert into {table} values ($1) returning 1");
        for sql in [first.as_str(), &first, &known] {
            run(&mut connection, sql, std::slice::from_ref(&value))
                .unwrap_or_else(|error| panic!("{value:?} as {sql_type}: {error}"));
        }
        connection.commit().unwrap();
        let shown = server.run(&format!("select x from {table}"));
        assert_eq!(shown, vec![vec![expected.to_owned()]; 3], "{value:?} as {sql_type}");
    }
}

fn run(connection: &mut Connection, sql: &str, row: &[Value]) -> aludel::Result<()> {
    connection.execute(sql, row)?.finish()
}

#[test]
fn a_value_that_does_not_fit_is_refused_whether_or_not_the_type_is_known() {
    let Some(server) = Server::provided("refused") else { return };
    let mut connection = server.connect();
    let refusals = [
        (Value::I64(40_000), "smallint", "22003"),
        (Value::I64(1 << 40), "integer", "22003"),
        (Value::U64(u64::MAX), "bigint", "22003"),
        (Value::F64(1.5), "integer", "22P02"),
        (Value::Decimal("1.5".into()), "integer", "22P02"),
        (Value::Text("x".into()), "integer", "22P02"),
        (Value::Bytes(vec![97]), "integer", "42804"),
        (Value::I64(2), "boolean", "22P02"),
        (Value::F64(1e300), "real", "22003"),
        (Value::Date(Date::from_days(i32::MIN + 1)), "date", "22008"),
        (Value::Time(Time::from_micros(-1)), "time", "22007"),
    ];
    for (index, (value, sql_type, state)) in refusals.into_iter().enumerate() {
        let table = format!("t_{index}");
        run(&mut connection, &format!("create table {table} (x {sql_type})"), &[]).unwrap();
        connection.commit().unwrap();
        let first = format!("insert into {table} values ($1)");
        for sql in [&first, &format!("{first} returning 1")] {
            let result = run(&mut connection, sql, std::slice::from_ref(&value));
            let Err(error) = result else { panic!("{value:?} is taken as {sql_type}") };
            assert_eq!(error.sqlstate(), Some(state), "{value:?} as {sql_type}: {error}");
            assert!(matches!(error.kind(), ErrorKind::Data | ErrorKind::Programming), "{error}");
            connection.rollback().unwrap();
        }
    }
}

#[test]
fn an_untyped_parameter_takes_any_value_as_text() {
    let Some(server) = Server::provided("untyped") else { return };
    let mut connection = server.connect();
    for (value, _, _) in coercions() {
        let mut result = connection.execute("select $1", std::slice::from_ref(&value)).unwrap();
        let row = result.next().unwrap().expect("a row");
        assert!(!row.value(0).unwrap().is_null(), "{value:?}");
    }
    let shown = server.run(&format!("select {}", literal("it's")));
    assert_eq!(shown, [["it's"]]);
}
