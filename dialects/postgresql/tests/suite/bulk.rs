//! Bulk operations: what goes in and comes out, in every form.

use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{BulkDirection, BulkSpec};
use aludel::value::{Date, Timestamp, TimestampTz};
use aludel::{Error, ErrorKind, Value};

use crate::support::{connect, rows, run, scalar, text};

pub(crate) fn into(table: &'static str, format: Option<&'static str>) -> BulkSpec<'static> {
    BulkSpec {
        direction: BulkDirection::In,
        schema: "",
        table,
        query: "",
        columns: Vec::new(),
        format,
        options: Vec::new(),
    }
}

pub(crate) fn out_of(query: &'static str, format: &'static str) -> BulkSpec<'static> {
    BulkSpec { direction: BulkDirection::Out, query, ..into("", Some(format)) }
}

pub(crate) fn begin(connection: &mut DriverConnection, spec: &BulkSpec<'_>) {
    connection.bulk_begin(spec, Limits::NONE).unwrap();
}

/// Moves bytes in, in pieces of this size.
pub(crate) fn load(
    connection: &mut DriverConnection,
    spec: &BulkSpec<'_>,
    bytes: &[u8],
    piece: usize,
) -> Result<u64, Error> {
    connection.bulk_begin(spec, Limits::NONE)?;
    for piece in bytes.chunks(piece) {
        connection.bulk_write_bytes(piece, Limits::NONE)?;
    }
    connection.bulk_end(true, Limits::NONE)
}

/// Moves everything out.
pub(crate) fn unload(
    connection: &mut DriverConnection,
    spec: &BulkSpec<'_>,
) -> Result<(Vec<u8>, u64), Error> {
    connection.bulk_begin(spec, Limits::NONE)?;
    let mut all = Vec::new();
    while let Some(piece) = connection.bulk_read(Limits::NONE)? {
        assert!(!piece.is_empty());
        all.extend_from_slice(piece);
    }
    Ok((all, connection.bulk_end(true, Limits::NONE)?))
}

#[test]
fn bytes_go_in_in_pieces_that_end_anywhere_and_come_out_again() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table moved (a int, b text)");
    let csv = "1,one\n22,\"grüße, \"\"you\"\"\"\n333,\n";
    for piece in 1..=csv.len() {
        run(&mut connection, "truncate moved");
        let moved = load(&mut connection, &into("moved", Some("csv")), csv.as_bytes(), piece);
        assert_eq!(moved.unwrap(), 3);
        let table = BulkSpec { direction: BulkDirection::Out, ..into("moved", Some("csv")) };
        let (bytes, rows) = unload(&mut connection, &table).unwrap();
        assert_eq!((String::from_utf8(bytes).unwrap().as_str(), rows), (csv, 3));
    }
    let query = out_of("select b from moved where a < 30 order by a -- the first", "text");
    let (bytes, rows) = unload(&mut connection, &query).unwrap();
    assert_eq!((bytes.as_slice(), rows), ("one\ngrüße, \"you\"\n".as_bytes(), 2));
}

#[test]
fn the_three_formats_bring_back_what_they_took_out() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table there (a int, b text, c bytea, d float8[])");
    run(
        &mut connection,
        "insert into there select n, nullif(repeat(E'x\\\\\\t\\n', n), ''), decode('00ff', 'hex'), \
         array[n, null] from generate_series(0, 300) n",
    );
    run(&mut connection, "create temp table back (like there)");
    for format in ["text", "csv", "binary"] {
        run(&mut connection, "truncate back");
        let table = BulkSpec { direction: BulkDirection::Out, ..into("there", Some(format)) };
        let (bytes, rows_out) = unload(&mut connection, &table).unwrap();
        assert_eq!(rows_out, 301);
        let back = into("back", Some(format));
        assert_eq!(load(&mut connection, &back, &bytes, 1000).unwrap(), 301);
        let differences = "(table there except table back) union (table back except table there)";
        assert!(rows(&mut connection, differences).is_empty(), "{format}");
    }
}

#[test]
fn options_schema_and_columns_are_those_of_copy() {
    let Some(mut connection) = connect() else { return };
    run(
        &mut connection,
        "create temp table \"o'\"\"p\" (\"a b\" text default 'd', c text, d text)",
    );
    let spec = BulkSpec {
        schema: "pg_temp",
        columns: vec!["d", "a b"],
        options: vec![
            ("DELIMITER", ";"),
            ("null", "\\"),
            ("header", "true"),
            ("quote", "'"),
            ("force_not_null", "d"),
            ("encoding", "LATIN1"),
        ],
        ..into("o'\"p", Some("csv"))
    };
    let latin1 = b"d;a\n\\;'gr\xfc\xdfe;'\n\n";
    let error = load(&mut connection, &spec, latin1, 5).unwrap_err();
    assert_eq!(error.sqlstate(), Some("22P04"), "a line without a second column: {error}");
    assert_eq!(load(&mut connection, &spec, &latin1[..latin1.len() - 1], 5).unwrap(), 1);
    let expected = [[text("grüße;"), Value::Null, text("\\")]];
    assert_eq!(rows(&mut connection, "table \"o'\"\"p\""), expected);
    let wrong = BulkSpec { options: vec![("nosuch", "1")], ..into("o'\"p", Some("csv")) };
    let error = connection.bulk_begin(&wrong, Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("42601"), "{error}");
    let force = BulkSpec {
        options: vec![("force_quote", "*"), ("header", "on")],
        ..out_of("select 1 as a, null as b", "csv")
    };
    assert_eq!(unload(&mut connection, &force).unwrap(), (b"a,b\n\"1\",\n".to_vec(), 1));
}

#[test]
fn rows_of_values_go_in_by_the_types_of_their_columns() {
    let Some(mut connection) = connect() else { return };
    run(
        &mut connection,
        "create temp table typed (a smallint, b numeric(10, 2), c timestamptz, d date, e text, \
         f bytea, g int generated always as (a * 2) stored, h bool, i text[])",
    );
    run(&mut connection, "alter table typed drop column e, add column e varchar(9)");
    let columns = vec!["e", "a", "b", "c", "d", "f", "h"];
    let spec = BulkSpec { columns, ..into("typed", None) };
    begin(&mut connection, &spec);
    let date = Date::from_ymd(2024, 2, 29).unwrap();
    let moment = TimestampTz::from_utc(Timestamp::from_micros(1_700_000_000_000_000));
    let full: [Value; 7] = [
        "grüße".into(),
        7.into(),
        Value::Decimal("12.34".into()),
        Value::TimestampTz(moment),
        Value::Date(date),
        Value::Bytes(vec![0, 255]),
        true.into(),
    ];
    let nulls: [Value; 7] = std::array::from_fn(|_| Value::Null);
    connection.bulk_write_rows(&[full.as_slice(), nulls.as_slice()], Limits::NONE).unwrap();
    connection.bulk_write_rows::<&[Value]>(&[], Limits::NONE).unwrap();
    connection.bulk_write_rows(&[full.as_slice()], Limits::NONE).unwrap();
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 3);
    let told = "select e, a, b, c, d, f, h, g from typed where a is not null limit 1";
    let got = rows(&mut connection, told).swap_remove(0);
    assert_eq!(got[..3], full[..3]);
    assert_eq!(got[3..7], full[3..7]);
    assert_eq!(got[7], Value::I64(14));
    assert_eq!(scalar(&mut connection, "select count(*) from typed"), Value::I64(3));
}

#[test]
fn rows_go_as_text_where_their_values_have_no_binary_form() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table as_text (a inet, b timestamp, c text, d numeric)");
    begin(&mut connection, &into("as_text", None));
    let row = |address: Option<&str>, text: &str| -> Vec<Value> {
        let address = address.map_or(Value::Null, Value::from);
        vec![address, "2024-02-29 12:00".into(), text.into(), 0.5.into()]
    };
    let texts = ["\\N", "\\.", "a\tb\nc\rd\\e", "", "grüße"];
    let mut sent = vec![row(None, "x")];
    sent.extend(texts.iter().map(|text| row(Some("10.0.0.1"), text)));
    connection.bulk_write_rows(&sent[..1], Limits::NONE).unwrap();
    connection.bulk_write_rows(&sent[1..], Limits::NONE).unwrap();
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 6);
    let got = rows(&mut connection, "select c from as_text where a is not null");
    assert_eq!(got.into_iter().flatten().collect::<Vec<_>>(), texts.map(text));
    let told = "select count(*) from as_text where b = '2024-02-29 12:00' and d = 0.5";
    assert_eq!(scalar(&mut connection, told), Value::I64(6));
}

#[test]
fn a_row_that_cannot_be_sent_spoils_the_operation() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table spoiled (a int, b timestamp)");
    let now = Value::Timestamp(Timestamp::from_micros(0));
    let good = vec![Value::I64(1), now.clone()];
    let other_kind = vec![Value::I64(1), text("2024-01-01")];
    let too_large = vec![Value::I64(1 << 40), now];
    for (bad, sqlstate) in [(other_kind.clone(), None), (too_large, Some("22003"))] {
        begin(&mut connection, &into("spoiled", None));
        connection.bulk_write_rows(&[good.clone(), good.clone()], Limits::NONE).unwrap();
        let rows = [good.clone(), bad];
        let error = connection.bulk_write_rows(&rows, Limits::NONE).unwrap_err();
        assert_eq!(error.failing_row(), Some(3), "{error}");
        assert!(sqlstate.is_none() || error.sqlstate() == sqlstate, "{error}");
        connection.bulk_end(true, Limits::NONE).expect_err("it cannot be kept");
        assert_eq!(scalar(&mut connection, "select count(*) from spoiled"), Value::I64(0));
    }
    begin(&mut connection, &into("spoiled", None));
    let error = connection.bulk_write_rows(&[(1_i64,)], Limits::NONE).unwrap_err();
    assert_eq!((error.sqlstate(), error.failing_row()), (Some("07001"), Some(0)), "{error}");
    connection.bulk_end(false, Limits::NONE).unwrap();
    let as_text = BulkSpec { options: vec![("format", "text")], ..into("spoiled", None) };
    begin(&mut connection, &as_text);
    connection.bulk_write_rows(&[good, other_kind], Limits::NONE).unwrap();
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 2);
}

#[test]
fn values_larger_than_a_message_arrive_whole() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table large (a bytea, b text)");
    for format in ["binary", "text"] {
        let spec = BulkSpec { options: vec![("format", format)], ..into("large", None) };
        begin(&mut connection, &spec);
        let large = vec![Value::Bytes(vec![7; 3_000_000]), Value::Text("\\".repeat(200_000))];
        let small = vec![Value::Bytes(vec![7]), text("small")];
        let rows = [small.clone(), large.clone(), small.clone(), large, small];
        connection.bulk_write_rows(&rows, Limits::NONE).unwrap();
        assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 5);
    }
    let sizes = rows(
        &mut connection,
        "select length(a), length(b), count(*) from large group by 1, 2 order by 1",
    );
    let row = |a, b, n| [a, b, n].map(Value::I64);
    assert_eq!(sizes, [row(1, 5, 6), row(3_000_000, 200_000, 4)]);
    let (bytes, _) = unload(&mut connection, &out_of("select a from large", "binary")).unwrap();
    assert!(bytes.len() > 12_000_000);
}

#[test]
fn many_rows_go_in_and_come_out() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table many (a bigint, b text, c float8)");
    begin(&mut connection, &into("many", None));
    for chunk in 0..100_i64 {
        let rows: Vec<(i64, String, f64)> = (chunk * 1000..(chunk + 1) * 1000)
            .map(|n| (n, format!("row {n}"), n as f64 / 2.0))
            .collect();
        connection.bulk_write_rows(&rows, Limits::NONE).unwrap();
    }
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 100_000);
    let told = "select count(*) from many where b = 'row ' || a and c = a / 2.0";
    assert_eq!(scalar(&mut connection, told), Value::I64(100_000));
    let (bytes, rows) = unload(&mut connection, &out_of("table many", "csv")).unwrap();
    assert_eq!((bytes.iter().filter(|byte| **byte == b'\n').count(), rows), (100_000, 100_000));
}

#[test]
fn an_operation_without_rows_is_one_all_the_same() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table empty (a int)");
    begin(&mut connection, &into("empty", None));
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 0);
    assert_eq!(load(&mut connection, &into("empty", Some("csv")), b"", 1).unwrap(), 0);
    let (bytes, rows) = unload(&mut connection, &out_of("table empty", "csv")).unwrap();
    assert_eq!((bytes.len(), rows), (0, 0));
    begin(&mut connection, &into("pg_stat_activity", None));
    let error = connection.bulk_end(true, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming, "a view takes no rows: {error}");
}

#[test]
fn what_does_not_fit_the_operation_is_refused() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table there (a int)");
    let mut refused = |spec: &BulkSpec<'_>| connection.bulk_begin(spec, Limits::NONE).unwrap_err();
    assert_eq!(refused(&into("nosuch", None)).sqlstate(), Some("42P01"));
    assert_eq!(refused(&into("nosuch", Some("csv"))).sqlstate(), Some("42P01"));
    let column = BulkSpec { columns: vec!["b"], ..into("there", None) };
    assert_eq!(refused(&column).sqlstate(), Some("42703"));
    assert_eq!(refused(&into("there", Some("xml"))).kind(), ErrorKind::NotSupported);
    let error = connection.bulk_end(true, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "nothing has begun");

    begin(&mut connection, &into("there", Some("csv")));
    connection.bulk_write_rows(&[(1_i64,)], Limits::NONE).expect_err("rows for bytes");
    connection.bulk_read(Limits::NONE).expect_err("nothing comes out");
    connection.bulk_end(false, Limits::NONE).unwrap();
    begin(&mut connection, &out_of("select 1", "csv"));
    connection.bulk_write_bytes(b"1", Limits::NONE).expect_err("nothing goes in");
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 1);
}
