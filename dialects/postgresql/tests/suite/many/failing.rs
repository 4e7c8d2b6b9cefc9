//! Errors: which row they are of, and what they leave.

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::TransactionState;
use aludel::error::Error;

use crate::support::{
    Row, begin, connect, execute, many, one_by_one, prepare, run, scalar, text, try_many,
};

/// Inserts that travel as one insert of many rows, and as a pipeline.
const INSERTS: [&str; 2] =
    ["insert into unique_numbers values ($1)", "insert into unique_numbers values ($1 + 0)"];

fn table(connection: &mut DriverConnection) {
    run(connection, "create temp table unique_numbers (n int primary key, check (n < 1000000))");
}

fn numbers(count: i64) -> Vec<Row> {
    (0..count).map(|n| vec![Value::I64(n)]).collect()
}

fn count(connection: &mut DriverConnection) -> Value {
    scalar(connection, "select count(*) from unique_numbers")
}

/// What of an error must be as a single execution has it.
fn shape(error: &Error) -> (Option<&str>, &str, Option<&str>, Option<&str>) {
    let constraint = error.constraint().and_then(|constraint| constraint.name.as_deref());
    (error.sqlstate(), error.message(), error.detail(), constraint)
}

#[test]
fn in_autocommit_the_failing_row_is_named_and_nothing_stays() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        for (size, wrong) in [(2, 1), (20, 0), (20, 19), (300, 256), (9000, 8999), (9000, 4096)] {
            let mut rows = numbers(size);
            rows[wrong][0] = if wrong == 0 { Value::I64(1 << 21) } else { Value::I64(0) };
            let error = try_many(&mut connection, sql, &rows).unwrap_err();
            assert_eq!(error.failing_row(), Some(wrong as u64), "{sql}: {error}");
            assert!(!error.is_transaction_aborted());
            assert_eq!(connection.transaction_state(), TransactionState::Idle);
            assert_eq!(count(&mut connection), Value::I64(0));
            if size > 300 {
                continue;
            }
            let (row, single) = one_by_one(&mut connection, sql, &rows).unwrap_err();
            assert_eq!((row, shape(&single)), (wrong as u64, shape(&error)));
            run(&mut connection, "delete from unique_numbers");
        }
    }
}

#[test]
fn in_a_transaction_the_error_aborts_it_as_a_single_one_does() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        run(&mut connection, "insert into unique_numbers values (-1)");
        begin(&mut connection);
        many(&mut connection, sql, &numbers(100));
        let more: Vec<Row> = (100..5000).chain([50]).map(|n| vec![Value::I64(n)]).collect();
        let error = try_many(&mut connection, sql, &more).unwrap_err();
        assert_eq!((error.sqlstate(), error.failing_row()), (Some("23505"), Some(4900)));
        assert!(error.is_transaction_aborted());
        assert_eq!(connection.transaction_state(), TransactionState::Aborted);
        let error = try_many(&mut connection, sql, &numbers(100)).unwrap_err();
        assert_eq!((error.sqlstate(), error.failing_row()), (Some("25P02"), Some(0)));
        connection.rollback(Limits::NONE).unwrap();
        assert_eq!(count(&mut connection), Value::I64(1));
        run(&mut connection, "delete from unique_numbers");
    }
}

#[test]
fn a_row_that_cannot_be_sent_leaves_the_rows_before_it_to_the_transaction() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        let mut rows = numbers(6000);
        rows[5000][0] = Value::I64(1 << 40);
        let error = try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!((error.sqlstate(), error.failing_row()), (Some("22003"), Some(5000)), "{error}");
        assert_eq!(count(&mut connection), Value::I64(0), "in autocommit nothing stays");
        begin(&mut connection);
        let error = try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!((error.failing_row(), error.is_transaction_aborted()), (Some(5000), false));
        assert_eq!(connection.transaction_state(), TransactionState::Active);
        connection.commit(Limits::NONE).unwrap();
        assert_eq!(count(&mut connection), Value::I64(5000));
        run(&mut connection, "delete from unique_numbers");
    }
}

#[test]
fn a_row_of_another_width_undoes_what_was_sent() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        let mut rows = numbers(6000);
        rows[5000].push(Value::I64(1));
        let error = try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!(error.kind(), aludel::ErrorKind::Argument);
        assert_eq!(count(&mut connection), Value::I64(0));
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        let wide: Vec<Row> = vec![vec![Value::I64(1), Value::I64(2)]; 20];
        let error = try_many(&mut connection, sql, &wide).unwrap_err();
        assert_eq!((error.sqlstate(), error.failing_row()), (Some("07001"), Some(0)));
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
    }
}

#[test]
fn a_statement_that_is_wrong_fails_at_its_first_row() {
    let Some(mut connection) = connect() else { return };
    let error = try_many(&mut connection, "insert into nowhere values ($1)", &numbers(50));
    let error = error.unwrap_err();
    assert_eq!((error.sqlstate(), error.failing_row()), (Some("42P01"), Some(0)));
    assert_eq!(error.position(), Some(12));
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
}

#[test]
fn a_constraint_that_waits_for_the_commit_fails_no_row() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table late (n int unique deferrable initially deferred)");
    for sql in ["insert into late values ($1)", "insert into late values ($1 + 0)"] {
        let rows: Vec<Row> = vec![vec![Value::I64(1)]; 100];
        let error = try_many(&mut connection, sql, &rows).unwrap_err();
        assert_eq!((error.sqlstate(), error.failing_row()), (Some("23505"), None), "{sql}");
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        assert_eq!(scalar(&mut connection, "select count(*) from late"), Value::I64(0));
    }
}

#[test]
fn statements_that_the_server_has_dropped_are_prepared_again() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        let statement = prepare(&mut connection, sql);
        for drop in ["deallocate all", "do 'begin execute ''deallocate all''; end'"] {
            for in_transaction in [false, true] {
                connection.execute_many(&statement, &numbers(9000), Limits::NONE).unwrap();
                run(&mut connection, "delete from unique_numbers");
                run(&mut connection, drop);
                if in_transaction {
                    begin(&mut connection);
                }
                let done = connection.execute_many(&statement, &numbers(9000), Limits::NONE);
                assert_eq!(done.unwrap(), Some(9000), "{sql} after {drop}");
                if in_transaction {
                    connection.commit(Limits::NONE).unwrap();
                }
                run(&mut connection, "delete from unique_numbers");
            }
        }
        connection.close_statement(statement);
    }
}

#[test]
fn the_next_statement_after_an_error_is_not_disturbed() {
    let Some(mut connection) = connect() else { return };
    table(&mut connection);
    for sql in INSERTS {
        let statement = prepare(&mut connection, sql);
        for _ in 0..3 {
            let mut rows = numbers(9000);
            rows[10][0] = Value::I64(9);
            let error = connection.execute_many(&statement, &rows, Limits::NONE).unwrap_err();
            assert_eq!(error.failing_row(), Some(10));
            execute(&mut connection, &statement, &(1_i64,)).unwrap();
            connection.execute_many(&statement, &numbers(9000)[2..], Limits::NONE).unwrap();
            run(&mut connection, "delete from unique_numbers");
        }
        connection.close_statement(statement);
    }
    assert_eq!(scalar(&mut connection, "select 'x'"), text("x"));
}
