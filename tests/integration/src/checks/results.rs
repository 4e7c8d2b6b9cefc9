//! Results: several of them, what they changed, errors between rows, executemany, procedures.

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::ParamDirection;
use aludel::{ErrorKind, Value};

use crate::subject::{Subject, counted, prepare, query, read_all};

/// `next_result`.
pub fn several_results_follow_one_another(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "results 4").unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for expected in 0..4 {
        let mut rows = 0;
        while cursor.next().unwrap().is_some() {
            rows += 1;
        }
        assert_eq!(rows, expected);
        assert_eq!(cursor.next_result().unwrap(), expected < 3);
    }
    assert!(!cursor.next_result().unwrap(), "the end stays the end");
}

/// Going on before a result has been read, and not reading at all.
pub fn results_can_be_skipped(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "results 600").unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for _ in 0..599 {
        assert!(cursor.next_result().unwrap());
    }
    assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 0);
    drop(cursor);
    assert_eq!(query(&mut connection, "rows 1").unwrap(), counted(1));
}

/// `affected` and `last_insert_id`.
pub fn changed_rows_and_the_last_key_are_told(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "insert").unwrap();
    let cursor = connection.execute(&statement, &(42, "x"), ExecuteOptions::default()).unwrap();
    assert!(!cursor.returns_rows());
    assert_eq!((cursor.affected(), cursor.last_insert_id()), (Some(1), Some(42)));
    cursor.finish().unwrap();

    let returning = prepare(&mut connection, "insert returning").unwrap();
    let params = [Value::I64(43), Value::from("y")];
    let rows = read_all(&mut connection, &returning, &params, ExecuteOptions::default()).unwrap();
    assert_eq!(rows, [params.to_vec()]);

    let select = prepare(&mut connection, "select").unwrap();
    let cursor = connection.execute(&select, &(), ExecuteOptions::default()).unwrap();
    assert_eq!((cursor.affected(), cursor.last_insert_id()), (None, None));
}

/// The rows before it, then the error.
pub fn rows_are_delivered_before_an_error(subject: &Subject) {
    let mut connection = subject.connect();
    for rows in [0, 1, 255, 256, 257, 700] {
        let sql = format!("rows {rows} then deadlock");
        let statement = prepare(&mut connection, &sql).unwrap();
        let mut seen = 0;
        let outcome = connection.execute(&statement, &(), ExecuteOptions::default());
        let error = outcome.and_then(|mut cursor| {
            loop {
                match cursor.next() {
                    Ok(Some(row)) => assert_eq!(row.get_at::<i64>(0).unwrap(), seen),
                    Ok(None) => panic!("the error comes before the end"),
                    Err(error) => return Err::<(), _>(error),
                }
                seen += 1;
            }
        });
        let error = error.unwrap_err();
        assert_eq!((seen, error.sqlstate()), (rows, Some("40P01")), "{sql}");
        assert!(error.is_retryable());
    }
    assert_eq!(query(&mut connection, "rows 2").unwrap(), counted(2));
}

/// The index within the whole executemany.
pub fn executemany_tells_the_failing_row(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "insert").unwrap();
    for (bad, base) in [(0usize, 0), (511, 10_000), (512, 20_000), (1300, 30_000)] {
        // The key of the row before comes again, or for the first row one that is there.
        let rows: Vec<(i64, &str)> = (0..1400)
            .map(|i| (if i == bad && bad > 0 { base + i as i64 - 1 } else { base + i as i64 }, "v"))
            .collect();
        let outcome = connection.execute_many(&statement, &rows, Limits::NONE);
        if bad == 0 {
            assert_eq!(outcome.unwrap(), Some(1400));
            let again = connection.execute_many(&statement, &rows, Limits::NONE).unwrap_err();
            assert_eq!(again.failing_row(), Some(0));
            continue;
        }
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Integrity);
        assert_eq!(error.failing_row(), Some(bad as u64));
    }
}

/// MORE and LAST.
pub fn executemany_crosses_in_chunks_and_says_when_no_more_follow(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "insert").unwrap();
    let rows: Vec<(i64, &str)> = (0..4100).map(|i| (i, "v")).collect();
    let changed = connection.execute_many(&statement, &rows, Limits::NONE).unwrap();
    assert_eq!(changed, Some(4100));
    // Several chunks, of which one says that it is the last.
    assert_eq!(query(&mut connection, "flushes").unwrap(), [[Value::U64(1)]]);
    let changed = connection.execute_many::<(i64, &str)>(&statement, &[], Limits::NONE).unwrap();
    assert_eq!(changed, Some(0));
}

/// INSERT … RETURNING for many rows at once.
pub fn executemany_delivers_the_rows_that_come_back(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "insert returning").unwrap();
    let rows: Vec<(i64, String)> = (0..700).map(|i| (i, format!("v{i}"))).collect();
    let mut cursor = connection.execute_many_returning(&statement, &rows, Limits::NONE).unwrap();
    for (key, value) in &rows {
        let row = cursor.next().unwrap().expect("a row for each that went in");
        assert_eq!(row.get::<(i64, &str)>().unwrap(), (*key, value.as_str()));
    }
    assert!(cursor.next().unwrap().is_none());
    assert_eq!(cursor.affected(), Some(700));
}

/// Rows of an executemany that do not fit together.
pub fn rows_of_different_widths_are_refused(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "insert").unwrap();
    let uneven: [&[i64]; 2] = [&[1, 2, 3], &[4]];
    let error = connection.execute_many(&statement, &uneven, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(query(&mut connection, "select").unwrap(), Vec::<Vec<Value>>::new());
}

/// Rows, then out parameters.
pub fn a_procedure_delivers_rows_then_out_parameters(subject: &Subject) {
    let mut connection = subject.connect();
    let directions = [ParamDirection::In, ParamDirection::InOut, ParamDirection::Out];
    let statement = connection.prepare_call("add", &directions, Limits::NONE).unwrap();
    let mut cursor =
        connection.execute(&statement, &(2, 5, ()), ExecuteOptions::default()).unwrap();
    assert!(!cursor.is_out_parameters());
    assert_eq!(cursor.next().unwrap().unwrap().get_by::<i64>("a").unwrap(), 2);
    assert!(cursor.next_result().unwrap());
    assert!(cursor.is_out_parameters());
    let row = cursor.next().unwrap().unwrap();
    assert_eq!(row.get_by::<i64>("b").unwrap(), 10);
    assert_eq!(row.get_by::<i64>("sum").unwrap(), 7);
    assert!(!cursor.next_result().unwrap());
}

/// Unknown procedures.
pub fn a_procedure_that_is_not_there_is_refused(subject: &Subject) {
    let mut connection = subject.connect();
    for (name, directions) in [("add", vec![ParamDirection::Out]), ("none", Vec::new())] {
        let error = connection.prepare_call(name, &directions, Limits::NONE).unwrap_err();
        assert_eq!(error.sqlstate(), Some("42883"));
    }
}
