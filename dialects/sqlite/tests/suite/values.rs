//! Values go in and come out as they are.

use crate::support::{memory, prepare, rows, rows_with, run, scalar, text};
use aludel::abi::host::ExecuteOptions;
use aludel::value::{Date, Decimal, Interval, Time, Timestamp, TimestampTz, Uuid};
use aludel::{Value, ValueRef};

fn echo(value: Value) -> (Value, Value) {
    let mut connection = memory();
    let mut rows = rows_with(&mut connection, "select ?1, typeof(?1)", &[value]);
    let kind = rows[0].swap_remove(1);
    (rows[0].swap_remove(0), kind)
}

#[test]
fn what_sqlite_has_comes_back_unchanged() {
    for (value, kind) in [
        (Value::Null, "null"),
        (Value::I64(i64::MIN), "integer"),
        (Value::I64(i64::MAX), "integer"),
        (Value::I64(0), "integer"),
        (Value::F64(0.1), "real"),
        (Value::F64(f64::INFINITY), "real"),
        (Value::F64(f64::NEG_INFINITY), "real"),
        (Value::F64(f64::MIN_POSITIVE), "real"),
        (text(""), "text"),
        (text("a\0b"), "text"),
        (text("žluťoučký kůň 🐎"), "text"),
        (Value::Bytes(Vec::new()), "blob"),
        (Value::Bytes(vec![0, 255, 0]), "blob"),
    ] {
        assert_eq!(echo(value.clone()), (value, text(kind)));
    }
}

#[test]
fn negative_zero_keeps_its_sign_and_nan_becomes_null() {
    let (Value::F64(zero), _) = echo(Value::F64(-0.0)) else { panic!("a float") };
    assert!(zero == 0.0 && zero.is_sign_negative());
    assert_eq!(echo(Value::F64(f64::NAN)), (Value::Null, text("null")));
}

#[test]
fn other_types_go_in_as_the_nearest_that_sqlite_has() {
    let timestamp: Timestamp = "2024-02-29 12:30:00.5".parse().unwrap();
    let moment: TimestampTz = "2024-02-29 12:30:00+02:00".parse().unwrap();
    let uuid: Uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap();
    for (value, back, kind) in [
        (Value::Bool(true), Value::I64(1), "integer"),
        (Value::U64(i64::MAX as u64), Value::I64(i64::MAX), "integer"),
        (Value::I128(-5), Value::I64(-5), "integer"),
        (Value::F32(0.5), Value::F64(0.5), "real"),
        (Value::Decimal("12.3400".into()), text("12.3400"), "text"),
        (Value::Json("{\"a\":1}".into()), text("{\"a\":1}"), "text"),
        (Value::Date(Date::from_ymd(2024, 2, 29).unwrap()), text("2024-02-29"), "text"),
        (Value::Time(Time::from_micros(45_000_000_000)), text("12:30:00"), "text"),
        (Value::Timestamp(timestamp), text("2024-02-29 12:30:00.500000"), "text"),
        (Value::TimestampTz(moment), text("2024-02-29 12:30:00+02:00"), "text"),
        (Value::Uuid(uuid), text("67e55044-10b1-426f-9247-bb680e5fe0c8"), "text"),
    ] {
        assert_eq!(echo(value), (back, text(kind)));
    }
    assert_eq!("12.5".parse::<Decimal>().unwrap().as_str(), "12.5");
}

#[test]
fn dates_that_went_in_are_dates_for_sqlite_and_come_out_as_dates() {
    let mut connection = memory();
    let date = Date::from_ymd(2024, 2, 29).unwrap();
    let statement = prepare(&mut connection, "select date(?, '+1 day')");
    let mut cursor = connection.execute(&statement, &[date], ExecuteOptions::default()).unwrap();
    let row = cursor.next().unwrap().unwrap();
    assert_eq!(row.get_at::<Date>(0).unwrap(), Date::from_ymd(2024, 3, 1).unwrap());
}

#[test]
fn intervals_and_arrays_have_no_place_in_sqlite() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select :x");
    let value = Value::Interval(Interval { months: 1, days: 2, micros: 3 });
    let error = connection.execute(&statement, &[value], ExecuteOptions::default()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "(sqlite.NotSupportedError) parameter 1 (`:x`): SQLite has no type for interval values\n  \
         help: pass it as text, JSON, or a number"
    );
}

#[test]
fn integers_beyond_64_bits_are_out_of_range_and_name_their_parameter() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select ?, ?");
    for value in
        [Value::U64(u64::MAX), Value::I128(i128::from(i64::MIN) - 1), Value::U128(u128::MAX)]
    {
        let error = connection
            .execute(&statement, &[Value::Null, value], ExecuteOptions::default())
            .err()
            .unwrap();
        assert_eq!(error.kind(), aludel::ErrorKind::Data);
        assert_eq!(error.sqlstate(), Some("22003"));
        assert_eq!(error.message(), "parameter 2: integer out of range");
        assert_eq!(
            error.help(),
            Some(
                "SQLite's integers lie between -9223372036854775808 and 9223372036854775807; pass \
                 larger ones as text or as a decimal"
            )
        );
    }
}

#[test]
fn large_texts_and_blobs_arrive_whole() {
    const SIZE: usize = 10 * 1024 * 1024;
    let mut connection = memory();
    run(&mut connection, "create table t (id integer primary key, a, b)");
    let long: String = (0..SIZE).map(|index| char::from(b'a' + (index % 26) as u8)).collect();
    let bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
    let statement = prepare(&mut connection, "insert into t (a, b) values (?, ?)");
    for _ in 0..2 {
        let params = (long.as_str(), bytes.as_slice());
        connection
            .execute(&statement, &params, ExecuteOptions::default())
            .unwrap()
            .finish()
            .unwrap();
    }
    let select = prepare(&mut connection, "select id, a, b, 'end' from t");
    let mut cursor = connection.execute(&select, &(), ExecuteOptions::default()).unwrap();
    for id in 1..=2 {
        let row = cursor.next().unwrap().unwrap();
        assert_eq!(row.get_at::<i64>(0).unwrap(), id);
        assert!(row.get_at::<&str>(1).unwrap() == long);
        assert!(row.get_at::<&[u8]>(2).unwrap() == bytes);
        assert_eq!(row.get_at::<&str>(3).unwrap(), "end");
    }
    assert!(cursor.next().unwrap().is_none());
}

#[test]
fn a_parameter_outlives_the_call_that_brought_it() {
    let mut connection = memory();
    let statement = prepare(
        &mut connection,
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) \
         select ?1 || i, ?1 from n",
    );
    for length in [3, 5000] {
        let param = "x".repeat(length);
        let given = [param.clone()];
        let mut cursor = connection.execute(&statement, &given, ExecuteOptions::default()).unwrap();
        for number in 1..=2000 {
            let row = cursor.next().unwrap().unwrap();
            assert_eq!(row.get_at::<&str>(0).unwrap(), format!("{param}{number}"));
            assert_eq!(row.get_at::<&str>(1).unwrap(), param);
        }
        assert!(cursor.next().unwrap().is_none());
    }
}

#[test]
fn text_that_is_not_utf8_is_seen_when_it_is_read_as_text() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select cast(x'61ff62' as text) as broken, 1");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let row = cursor.next().unwrap().unwrap();
    let error = row.get_at::<&str>(0).unwrap_err();
    assert_eq!(error.kind(), aludel::ErrorKind::Conversion);
    assert!(error.message().contains("column 0 (`broken`)"), "{error}");
    assert_eq!(row.bytes_at(0).unwrap(), Some(&b"a\xffb"[..]));
    assert_eq!(row.get_at::<i64>(1).unwrap(), 1);
}

#[test]
fn a_database_in_utf16_reads_as_any_other() {
    let mut connection = memory();
    run(&mut connection, "pragma encoding = 'UTF-16'");
    run(&mut connection, "create table t (a)");
    for length in [1, 127, 128, 129, 3000] {
        let value = "ů".repeat(length);
        rows_with(&mut connection, "insert into t values (?)", &[value.as_str()]);
        assert_eq!(scalar(&mut connection, "select a from t"), text(&value));
        run(&mut connection, "delete from t");
    }
}

#[test]
fn an_empty_result_has_columns_and_no_rows() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select 1 as a, 2 as b where false");
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.returns_rows());
    assert!(cursor.next().unwrap().is_none());
    assert_eq!(cursor.columns().unwrap().len(), 2);
    assert_eq!(cursor.affected(), None);
    drop(cursor);
    assert_eq!(rows(&mut connection, "select 1"), [[Value::I64(1)]]);
    assert_eq!(Value::Null.as_ref(), ValueRef::Null);
}
