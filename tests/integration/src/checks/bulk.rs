//! Bulk operations.

use std::io;

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{BulkDirection, BulkSpec};
use aludel::{Error, ErrorKind, Value};

use crate::subject::{Subject, query, query_with};

fn spec(direction: BulkDirection, format: Option<&'static str>) -> BulkSpec<'static> {
    BulkSpec {
        direction,
        schema: "main",
        table: "entries",
        query: "",
        columns: vec!["key", "value"],
        format,
        options: vec![("header", "false")],
    }
}

fn unload(connection: &mut DriverConnection, spec: &BulkSpec<'_>) -> Result<String, Error> {
    connection.bulk_begin(spec, Limits::NONE)?;
    let mut all = Vec::new();
    while let Some(piece) = connection.bulk_read(Limits::NONE)? {
        assert!(!piece.is_empty());
        all.extend_from_slice(piece);
    }
    let lines = all.iter().filter(|byte| **byte == b'\n').count() as u64;
    assert_eq!(connection.bulk_end(true, Limits::NONE)?, lines);
    Ok(String::from_utf8(all).unwrap())
}

/// Rows in, of every width of chunk; the table and a query out.
pub fn rows_go_in_and_come_out_as_bytes(subject: &Subject) {
    let mut connection = subject.connect();
    connection.bulk_begin(&spec(BulkDirection::In, None), Limits::NONE).unwrap();
    let rows: Vec<(i64, &str)> = (0..10).map(|key| (key, "v")).collect();
    for chunk in [&rows[..1], &rows[1..8], &rows[8..8], &rows[8..]] {
        connection.bulk_write_rows(chunk, Limits::NONE).unwrap();
    }
    assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 10);
    let expected: String = (0..10).map(|key| format!("{key},v\n")).collect();
    let out = spec(BulkDirection::Out, Some("csv"));
    assert_eq!(unload(&mut connection, &out).unwrap(), expected);
    let from_query = BulkSpec { schema: "", table: "", query: "select", columns: vec![], ..out };
    assert_eq!(unload(&mut connection, &from_query).unwrap(), expected);
}

/// Bytes in, in pieces of every size.
pub fn bytes_go_in_in_pieces_that_end_anywhere(subject: &Subject) {
    let csv = "1,one\n22,grüße\n333,\n";
    for size in 1..csv.len() {
        let mut connection = subject.connect();
        connection.bulk_begin(&spec(BulkDirection::In, Some("csv")), Limits::NONE).unwrap();
        for piece in csv.as_bytes().chunks(size) {
            connection.bulk_write_bytes(piece, Limits::NONE).unwrap();
        }
        assert_eq!(connection.bulk_end(true, Limits::NONE).unwrap(), 3);
        let out = spec(BulkDirection::Out, Some("csv"));
        assert_eq!(unload(&mut connection, &out).unwrap(), csv);
    }
}

/// `commit` false.
pub fn an_abandoned_operation_leaves_nothing(subject: &Subject) {
    let mut connection = subject.connect();
    connection.bulk_begin(&spec(BulkDirection::In, Some("csv")), Limits::NONE).unwrap();
    connection.bulk_write_bytes(b"1,x\n2", Limits::NONE).unwrap();
    assert_eq!(connection.bulk_end(false, Limits::NONE).unwrap(), 0);
    assert_eq!(query(&mut connection, "select").unwrap(), Vec::<Vec<Value>>::new());
}

/// As values that end when they are dropped.
pub fn an_operation_ends_with_its_value(subject: &Subject) {
    let mut connection = subject.connect();
    let (rows, csv) = (spec(BulkDirection::In, None), spec(BulkDirection::In, Some("csv")));
    let out = spec(BulkDirection::Out, Some("csv"));
    let mut dropped = connection.bulk_in(&rows, Limits::NONE).unwrap();
    dropped.rows(&[(1, "gone")]).unwrap();
    drop(dropped);
    connection.bulk_in(&csv, Limits::NONE).unwrap().abandon().unwrap();
    let mut writer = connection.bulk_in(&csv, Limits::NONE).unwrap();
    assert_eq!(io::copy(&mut "1,one\n2,two\n".as_bytes(), &mut writer).unwrap(), 12);
    assert_eq!(writer.finish().unwrap(), 2);
    let mut reader = connection.bulk_out(&out, Limits::NONE).unwrap();
    assert!(reader.next().unwrap().is_some());
    drop(reader);
    let mut bytes = Vec::new();
    let rows_out = connection.bulk_out(&out, Limits::NONE).unwrap().copy_to(&mut bytes).unwrap();
    assert_eq!((bytes.as_slice(), rows_out), (b"1,one\n2,two\n".as_slice(), 2));
    assert_eq!(connection.bulk_in(&out, Limits::NONE).unwrap_err().kind(), ErrorKind::Argument);
    assert_eq!(connection.bulk_out(&csv, Limits::NONE).unwrap_err().kind(), ErrorKind::Argument);
}

/// Wrong formats, directions, pieces.
pub fn what_cannot_be_moved_is_refused(subject: &Subject) {
    let mut connection = subject.connect();
    let xml = spec(BulkDirection::In, Some("xml"));
    let error = connection.bulk_begin(&xml, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    let rows_out = spec(BulkDirection::Out, None);
    let error = connection.bulk_begin(&rows_out, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert_eq!(error.help(), Some("name a format, or execute `select`"));
    let error = connection.bulk_end(true, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);

    connection.bulk_begin(&spec(BulkDirection::In, Some("csv")), Limits::NONE).unwrap();
    let error = connection.bulk_write_bytes(b"x\n", Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Data);
    let error = connection.bulk_write_rows(&[(1, "v")], Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interface);
    connection.bulk_end(false, Limits::NONE).unwrap();

    let row = [Value::I64(1), Value::from("v")];
    query_with(&mut connection, "insert", &row, ExecuteOptions::default()).unwrap();
    connection.bulk_begin(&spec(BulkDirection::In, None), Limits::NONE).unwrap();
    connection.bulk_write_rows(&[(1, "v")], Limits::NONE).unwrap();
    let error = connection.bulk_end(true, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity);
}
