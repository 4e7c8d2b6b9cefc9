//! The same conversions on PostgreSQL, whose columns have types of their own.

use std::fmt::Debug;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use aludel::value::{Interval, Json};
use aludel::{Connection, Engine, FromRow, FromValue, ToValue, Value};
use aludel_test_services::provided;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::strategies;

/// A connection to the server around this test; `None` where there is none.
fn connect() -> Option<Connection> {
    let test = std::thread::current().name().unwrap_or("a test without a name").to_owned();
    let vars = provided("pg", &test)?;
    let dialect = aludel_dialect_postgresql::dialect();
    let engine = Engine::builder(&vars["ALUDEL_PG_URL"]).dialect(dialect).build();
    Some(engine.and_then(|engine| engine.connect()).expect("the server takes a connection"))
}

/// What a parameter of this type gives back.
fn through<T>(connection: &mut Connection, name: &str, sent: &T) -> aludel::Result<T>
where
    T: ToValue + for<'r> FromValue<'r>,
{
    let read = connection
        .exec_driver_sql(&format!("select cast($1 as {name})"), (sent,))
        .and_then(|mut result| result.scalar());
    connection.rollback()?;
    read
}

fn comes_back<T>(connection: &mut Connection, name: &str, sent: T)
where
    T: ToValue + for<'r> FromValue<'r> + Debug + PartialEq,
{
    let read = through(connection, name, &sent).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(read, sent, "{name}");
}

#[test]
fn what_goes_into_postgresql_comes_out_of_it() {
    let Some(mut connection) = connect() else { return };
    let c = &mut connection;
    comes_back(c, "boolean", true);
    comes_back(c, "smallint", i16::MIN);
    comes_back(c, "integer", i32::MAX);
    comes_back(c, "bigint", i64::MIN);
    comes_back(c, "bigint", i64::MAX as u64);
    comes_back(c, "real", f32::MIN_POSITIVE);
    comes_back(c, "double precision", f64::MAX);
    comes_back(c, "text", "it's é \\ 'x'".to_owned());
    comes_back(c, "char", 'ř');
    comes_back(c, "bytea", vec![0_u8, 255, 92]);
    comes_back(c, "integer[]", vec![Some(1), None, Some(i32::MIN)]);
    comes_back(c, "text[]", vec!["a,b".to_owned(), "\"{}\\".to_owned(), String::new()]);
    comes_back(c, "inet", "2001:db8::1".parse::<IpAddr>().unwrap());
    comes_back(c, "interval", Duration::from_micros(90_061_000_001));
    comes_back(c, "timestamptz", SystemTime::UNIX_EPOCH + Duration::from_micros(1_234_567_890));
    comes_back(c, "jsonb", serde_json::json!({ "a": [1, null, "é"] }));
    comes_back(c, "uuid", uuid::Uuid::from_u128(0x1234_5678_9abc_def0_1122_3344_5566_7788));
    comes_back(c, "numeric", "-123456789.000100".parse::<rust_decimal::Decimal>().unwrap());
    comes_back(
        c,
        "numeric",
        "1.00000000000000000000000000000000001".parse::<bigdecimal::BigDecimal>().unwrap(),
    );
    comes_back(c, "text", None::<String>);
}

#[test]
fn calendars_agree_with_that_of_postgresql() {
    let Some(mut connection) = connect() else { return };
    let c = &mut connection;
    let (day, clock) = ("2024-02-29", "12:30:45.123456");
    let both = format!("{day}T{clock}");
    let moment = format!("{both}Z");
    comes_back(c, "date", day.parse::<chrono::NaiveDate>().unwrap());
    comes_back(c, "time", clock.parse::<chrono::NaiveTime>().unwrap());
    comes_back(c, "timestamp", both.parse::<chrono::NaiveDateTime>().unwrap());
    comes_back(c, "timestamptz", moment.parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    comes_back(c, "interval", chrono::TimeDelta::microseconds(-5_000_001));
    comes_back(c, "date", day.parse::<jiff::civil::Date>().unwrap());
    comes_back(c, "time", clock.parse::<jiff::civil::Time>().unwrap());
    comes_back(c, "timestamp", both.parse::<jiff::civil::DateTime>().unwrap());
    comes_back(c, "timestamptz", moment.parse::<jiff::Timestamp>().unwrap());
    comes_back(c, "interval", jiff::SignedDuration::from_micros(77_000_000_001));
    let moment =
        time::OffsetDateTime::from_unix_timestamp_nanos(1_709_209_845_123_456_000).unwrap();
    comes_back(c, "date", moment.date());
    comes_back(c, "time", moment.time());
    comes_back(c, "timestamp", time::PrimitiveDateTime::new(moment.date(), moment.time()));
    comes_back(c, "timestamptz", moment);
    comes_back(c, "interval", time::Duration::microseconds(-3));
    // Other zones of the session change nothing.
    c.execute("set time zone 'Asia/Kolkata'", ()).map(drop).unwrap();
    c.commit().unwrap();
    comes_back(c, "timestamptz", moment);
    comes_back(c, "timestamptz", "1900-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap());
}

#[test]
fn what_would_lose_something_is_refused() {
    let Some(mut connection) = connect() else { return };
    fn refused<T: for<'r> FromValue<'r> + Debug>(c: &mut Connection, expression: &str) {
        let read = c.scalar::<T>(format!("select {expression}"), ());
        let error = read.err().unwrap_or_else(|| panic!("{expression} is read"));
        assert_eq!(error.kind(), aludel::ErrorKind::Conversion, "{expression}: {error}");
    }
    let c = &mut connection;
    refused::<i16>(c, "40000");
    refused::<u32>(c, "-1");
    refused::<i64>(c, "1.5");
    refused::<i64>(c, "9223372036854775808");
    refused::<f32>(c, "float8 '0.1'");
    refused::<f64>(c, "bigint '9007199254740993'");
    refused::<rust_decimal::Decimal>(c, "numeric 'NaN'");
    refused::<rust_decimal::Decimal>(c, "1e40");
    refused::<chrono::NaiveDate>(c, "date 'infinity'");
    refused::<jiff::civil::Date>(c, "date '12000-01-01'");
    refused::<time::Date>(c, "date '12000-01-01'");
    refused::<chrono::NaiveTime>(c, "time '24:00:00'");
    refused::<chrono::NaiveDate>(c, "timestamp '2024-01-01 00:00:01'");
    refused::<chrono::DateTime<chrono::Utc>>(c, "timestamp '2024-01-01'");
    refused::<chrono::NaiveDateTime>(c, "timestamptz '2024-01-01'");
    refused::<Duration>(c, "interval '1 month'");
    refused::<Duration>(c, "interval '-1 second'");
    refused::<char>(c, "'ab'");
    refused::<i64>(c, "null::bigint");
    refused::<Vec<i32>>(c, "array[1, null]");
    refused::<uuid::Uuid>(c, "'no uuid'");
    refused::<String>(c, "bytea '\\x00ff'");
}

#[test]
fn what_postgresql_gives_is_kept_or_refused_by_every_type() {
    let Some(connection) = connect() else { return };
    let connection = std::cell::RefCell::new(connection);
    let values = prop_oneof![
        strategies::date().prop_map(|date| ("date", Value::Date(date))),
        strategies::timestamp().prop_map(|at| ("timestamp", Value::Timestamp(at))),
        strategies::moment().prop_map(|at| ("timestamptz", Value::TimestampTz(at))),
        strategies::interval().prop_map(|length| ("interval", Value::Interval(length))),
        strategies::decimal().prop_map(|digits| ("numeric", Value::Decimal(digits))),
        strategies::integer().prop_map(|number| ("numeric", number)),
    ];
    let config = Config { failure_persistence: None, ..Config::with_cases(300) };
    let result = TestRunner::new(config).run(&values, |(name, value)| {
        let connection = &mut *connection.borrow_mut();
        // What the server refuses is its business.
        let Ok(read) = through(connection, name, &value) else { return Ok(()) };
        kept::<chrono::NaiveDate>(connection, name, &read)?;
        kept::<chrono::NaiveDateTime>(connection, name, &read)?;
        kept::<chrono::DateTime<chrono::Utc>>(connection, name, &read)?;
        kept::<time::Date>(connection, name, &read)?;
        kept::<time::OffsetDateTime>(connection, name, &read)?;
        kept::<jiff::civil::DateTime>(connection, name, &read)?;
        kept::<jiff::Timestamp>(connection, name, &read)?;
        kept::<jiff::Span>(connection, name, &read)?;
        kept::<chrono::TimeDelta>(connection, name, &read)?;
        kept::<Interval>(connection, name, &read)?;
        kept::<rust_decimal::Decimal>(connection, name, &read)?;
        kept::<bigdecimal::BigDecimal>(connection, name, &read)?;
        kept::<i64>(connection, name, &read)?;
        kept::<u128>(connection, name, &read)
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// If the type takes the value, the server gets the same value of it.
fn kept<T>(connection: &mut Connection, name: &str, value: &Value) -> Result<(), TestCaseError>
where
    T: ToValue + for<'r> FromValue<'r> + Debug,
{
    let Ok(taken) = T::from_value(value.as_ref()) else { return Ok(()) };
    let Ok(sent) = Value::of(&taken) else { return Ok(()) };
    let again: Result<Value, _> = through(connection, name, &sent);
    prop_assert_eq!(again.as_ref().ok(), Some(value), "{:?} as {:?}", value, taken);
    Ok(())
}

#[derive(FromRow, Debug, PartialEq)]
struct Person<'r> {
    name: &'r str,
    #[aludel(rename = "born_on")]
    born: chrono::NaiveDate,
}

#[derive(FromValue, ToValue, Debug, PartialEq, Clone, Copy)]
#[aludel(rename_all = "snake_case")]
enum Mood {
    VeryHappy,
    Sad,
}

#[derive(FromRow, Debug, PartialEq)]
struct Entry<'r> {
    #[aludel(try_from = "i64")]
    id: u8,
    #[aludel(flatten)]
    person: Person<'r>,
    mood: Option<Mood>,
    #[aludel(default)]
    missing: i32,
    #[aludel(skip)]
    skipped: String,
    details: Json<Vec<u8>>,
}

const ENTRIES: &str = "select n::bigint as id, 'name ' || n as name, date '2000-01-01' + n as born_on, \
     case when n % 2 = 0 then 'very_happy' end as mood, jsonb '[1, 2]' as details \
     from generate_series(1, 600) as n";

#[test]
fn derived_rows_are_read_from_every_batch() {
    let Some(mut connection) = connect() else { return };
    let mut result = connection.execute(ENTRIES, ()).unwrap();
    let mut count = 0_u8;
    while let Some(row) = result.next().unwrap() {
        count = count.wrapping_add(1);
        if count < u8::MAX {
            let entry: Entry<'_> = row.get().unwrap();
            assert_eq!(entry.person.name, format!("name {count}"));
            assert_eq!(entry.mood, count.is_multiple_of(2).then_some(Mood::VeryHappy));
            assert_eq!((entry.id, entry.missing, entry.skipped.as_str()), (count, 0, ""));
            assert_eq!(entry.details.0, [1, 2]);
        } else {
            break;
        }
    }
    assert_eq!(count, u8::MAX);
    drop(result);
    let late = format!("{ENTRIES} where n = 256");
    let error = connection.execute(&late, ()).unwrap();
    let rows: Vec<aludel::OwnedRow> = { error }.all().unwrap();
    let error = rows[0].get::<Entry<'_>>().unwrap_err();
    assert!(error.message().contains("column 0 (`id`)"), "{error}");
}

#[derive(serde::Deserialize, Debug, PartialEq)]
struct Deserialized {
    id: u16,
    name: String,
    born_on: chrono::NaiveDate,
    mood: Option<String>,
}

#[test]
fn serde_rows_are_read_lent_and_owned() {
    let Some(mut connection) = connect() else { return };
    let sql = format!("{ENTRIES} where n < 3");
    let mut result = connection.execute(&sql, ()).unwrap();
    let mut lent: Vec<Deserialized> = Vec::new();
    while let Some(row) = result.next().unwrap() {
        lent.push(row.deserialize().unwrap());
    }
    drop(result);
    let owned: Vec<aludel::OwnedRow> = connection.execute(&sql, ()).unwrap().all().unwrap();
    let owned: Vec<Deserialized> = owned.iter().map(|row| row.deserialize().unwrap()).collect();
    assert_eq!(lent, owned);
    let second = &lent[1];
    assert_eq!((second.id, second.name.as_str()), (2, "name 2"));
    assert_eq!(second.mood.as_deref(), Some("very_happy"));
    assert_eq!(second.born_on.to_string(), "2000-01-03");
}

#[test]
fn enums_of_the_program_go_into_enums_of_the_database() {
    let Some(mut connection) = connect() else { return };
    connection.execute("create type pg_temp.mood as enum ('very_happy', 'sad')", ()).unwrap();
    for mood in [Mood::VeryHappy, Mood::Sad] {
        let sql = "select cast($1 as pg_temp.mood)";
        let read: Mood = connection.exec_driver_sql(sql, (mood,)).unwrap().scalar().unwrap();
        assert_eq!(read, mood);
    }
}
