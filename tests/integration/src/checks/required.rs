//! What every dialect must do, however little it offers.

use std::thread;

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{PrepareOptions, ScriptOutcome, TransactionOptions, TransactionState};
use aludel::{ErrorKind, Value};

use crate::subject::{Subject, counted, prepare, query, query_with, read_all};

/// A connection on which the statement for `rows` rows yields them.
fn with_rows(subject: &Subject, rows: i64) -> (DriverConnection, String) {
    let mut connection = subject.connect();
    if let Some(fill) = subject.speech.fill {
        let statement = prepare(&mut connection, fill).unwrap();
        let changed = connection.execute_many(&statement, &counted(rows), Limits::NONE).unwrap();
        assert_eq!(changed, Some(rows as u64));
    }
    (connection, format!("{} {rows}", subject.speech.rows))
}

/// Rows, names and types.
pub fn rows_arrive_in_order_with_names_and_types(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 3);
    let statement = prepare(&mut connection, &sql).unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.returns_rows());
    let columns = cursor.columns().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, subject.speech.columns);
    assert!(columns.iter().all(|column| !column.sql_type.vendor_name.is_empty()));
    let mut seen = 0;
    while let Some(row) = cursor.next().unwrap() {
        let text = format!("row {seen}");
        assert_eq!(row.len(), 2);
        assert_eq!(row.get_at::<i64>(0).unwrap(), seen);
        assert_eq!(row.get_by::<&str>(subject.speech.columns[1]).unwrap(), text);
        seen += 1;
    }
    assert_eq!(seen, 3);
    assert!(cursor.next().unwrap().is_none(), "the end stays the end");
}

/// More rows than a batch holds.
pub fn many_rows_arrive_in_several_batches(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 1500);
    assert_eq!(query(&mut connection, &sql).unwrap(), counted(1500));
}

/// Zero rows.
pub fn a_result_without_rows_still_has_columns(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 0);
    let statement = prepare(&mut connection, &sql).unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    assert!(cursor.returns_rows());
    assert_eq!(cursor.columns().unwrap().len(), 2);
    assert!(cursor.next().unwrap().is_none());
}

/// `max_rows`.
pub fn a_limit_of_rows_is_kept(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 700);
    for limit in [1, 2, 255, 256, 257, 600] {
        let options = ExecuteOptions::default().limits(Limits::NONE.max_rows(limit));
        let rows = query_with(&mut connection, &sql, &[], options).unwrap();
        assert_eq!(rows, counted(limit as i64));
    }
}

/// The hint that one row is enough.
pub fn a_single_row_is_delivered_alone(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 5);
    let statement = prepare(&mut connection, &sql).unwrap();
    for _ in 0..2 {
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::ONE_ROW).unwrap();
        assert_eq!(cursor.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 0);
    }
}

/// Abandoning a result.
pub fn a_statement_can_be_executed_again_in_the_middle_of_its_result(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 600);
    let statement = prepare(&mut connection, &sql).unwrap();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    for _ in 0..300 {
        assert!(cursor.next().unwrap().is_some());
    }
    drop(cursor);
    let rows = read_all(&mut connection, &statement, &[], ExecuteOptions::default()).unwrap();
    assert_eq!(rows, counted(600));
}

/// White space.
pub fn text_without_a_statement_prepares_nothing(subject: &Subject) {
    let mut connection = subject.connect();
    for text in ["", " ", " \n\t", ";"] {
        let (statement, consumed) =
            connection.prepare(text, PrepareOptions::default(), Limits::NONE).unwrap();
        assert_eq!((statement, consumed), (None, text.len()), "{text:?}");
    }
}

/// The length that a statement takes.
pub fn several_statements_in_one_text_are_prepared_in_turn(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 3);
    let text = format!("{sql}; {} 1 ;{sql}", subject.speech.rows);
    let (mut at, mut counts) = (0, Vec::new());
    while at < text.len() {
        let (statement, consumed) =
            connection.prepare(&text[at..], PrepareOptions::default(), Limits::NONE).unwrap();
        let options = ExecuteOptions::default();
        let rows = read_all(&mut connection, &statement.unwrap(), &[], options).unwrap();
        counts.push(rows.len());
        at += consumed;
    }
    assert_eq!(counts, [3, 1, 3]);
}

/// Scripts, of the dialect's own or made of the rest.
pub fn a_script_runs_to_its_end(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 3);
    let script = format!("{sql};\n{sql}");
    let mut outcome = ScriptOutcome::default();
    connection.execute_script(&script, &mut outcome, Limits::NONE).unwrap();
    assert_eq!(outcome.consumed, script.len());

    let script = format!("{sql};no statement;{sql}");
    let mut outcome = ScriptOutcome::default();
    let error = connection.execute_script(&script, &mut outcome, Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);
    assert_eq!(outcome.consumed, sql.len() + 1, "the statement that succeeded, with its end");
}

/// An error of the statement.
pub fn what_is_no_statement_is_a_programming_error(subject: &Subject) {
    let mut connection = subject.connect();
    let error = query(&mut connection, "no statement").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);
    assert_eq!(error.statement(), Some("no statement"));
    assert_eq!(error.dialect(), Some(subject.dialect.info().name));
    assert!(!error.is_disconnect() && connection.is_alive());
}

/// An error of connecting.
pub fn a_database_that_is_missing_is_an_operational_error(subject: &Subject) {
    let error = subject.connect_to(Some("missing")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operational);
    assert_eq!(error.message(), "there is no database `missing`");
}

/// Statements that are not there any more.
pub fn a_closed_statement_is_refused(subject: &Subject) {
    let (mut connection, sql) = with_rows(subject, 1);
    let statement = prepare(&mut connection, &sql).unwrap();
    connection.close_statement(statement);
    let error = connection.execute(&statement, &(), ExecuteOptions::default()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::ResourceClosed);
    // The next statement takes its place, not its name.
    let next = prepare(&mut connection, &sql).unwrap();
    assert!(connection.execute(&statement, &(), ExecuteOptions::default()).is_err());
    assert!(connection.execute(&next, &(), ExecuteOptions::default()).is_ok());
}

/// Fallbacks.
pub fn what_the_dialect_does_not_have_is_replaced_or_refused(subject: &Subject) {
    let mut connection = subject.connect();
    connection.ping(Limits::NONE).unwrap();
    connection.reset_session(Limits::NONE).unwrap();
    assert!(connection.is_alive());
    assert!(connection.next_notice().unwrap().is_none());
    if !subject.speech.complete {
        assert_eq!(connection.transaction_state(), TransactionState::Unknown);
        let options = TransactionOptions::default();
        let refused = [
            connection.begin(&options, Limits::NONE).unwrap_err(),
            connection.commit(Limits::NONE).unwrap_err(),
            connection.get_option("schema", Limits::NONE).unwrap_err(),
            connection.next_notification(Limits::NONE).unwrap_err(),
            connection.server_info(Limits::NONE).unwrap_err(),
            connection.cancel_handle().err().unwrap(),
        ];
        for error in refused {
            assert_eq!(error.kind(), ErrorKind::NotSupported, "{error}");
            assert!(error.message().ends_with("is not supported by this dialect"), "{error}");
        }
    }
    connection.close(Limits::NONE).unwrap();
}

/// Threads.
pub fn connections_are_used_on_several_threads_at_once(subject: &Subject) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                // Opened here, used on another thread.
                let (mut connection, sql) = with_rows(subject, 300);
                thread::spawn(move || {
                    for _ in 0..5 {
                        let rows = query(&mut connection, &sql).unwrap();
                        assert_eq!(rows.last().unwrap()[0], Value::I64(299));
                    }
                })
                .join()
                .unwrap();
            });
        }
    });
}
