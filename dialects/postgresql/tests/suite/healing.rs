//! Statements that the server has dropped, or whose tables have changed.

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::TransactionOptions;

use crate::support::{connect, error_of, execute, prepare, rows, run, scalar, try_run};

#[test]
fn statements_live_on_after_the_program_deallocates_all() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select $1::int + 1");
    for command in ["deallocate all", "discard all"] {
        execute(&mut connection, &statement, &(1_i64,)).unwrap();
        run(&mut connection, command);
        let (rows, _) = execute(&mut connection, &statement, &(1_i64,)).unwrap();
        assert_eq!(rows, [[Value::I64(2)]]);
    }
}

#[test]
fn a_statement_that_vanished_unseen_is_prepared_again() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select $1::int + 1");
    execute(&mut connection, &statement, &(1_i64,)).unwrap();
    run(&mut connection, "do $$ begin execute 'deallocate all'; end $$");
    let (rows, _) = execute(&mut connection, &statement, &(1_i64,)).unwrap();
    assert_eq!(rows, [[Value::I64(2)]]);
}

#[test]
fn a_table_may_change_between_two_executions() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table changing (a int)");
    run(&mut connection, "insert into changing values (1)");
    let statement = prepare(&mut connection, "select * from changing");
    execute(&mut connection, &statement, &()).unwrap();
    run(&mut connection, "alter table changing add b text default 'new'");
    let (rows, _) = execute(&mut connection, &statement, &()).unwrap();
    assert_eq!(rows[0].len(), 2);
    assert_eq!(connection.columns(&statement).unwrap().len(), 2);
    run(&mut connection, "alter table changing alter a type text");
    let (rows, _) = execute(&mut connection, &statement, &()).unwrap();
    assert_eq!(rows[0][0], Value::Text("1".into()));
}

#[test]
fn the_first_statement_of_a_transaction_is_healed_with_its_begin() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select $1::int + 1");
    execute(&mut connection, &statement, &(1_i64,)).unwrap();
    run(&mut connection, "do $$ begin execute 'deallocate all'; end $$");
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    let (healed, _) = execute(&mut connection, &statement, &(1_i64,)).unwrap();
    assert_eq!(healed, [[Value::I64(2)]]);
    assert_eq!(rows(&mut connection, "select now() = statement_timestamp()").len(), 1);
    connection.commit(Limits::NONE).unwrap();
}

#[test]
fn inside_a_transaction_the_error_is_reported_and_the_next_execution_works() {
    let Some(mut connection) = connect() else { return };
    let statement = prepare(&mut connection, "select $1::int + 1");
    execute(&mut connection, &statement, &(1_i64,)).unwrap();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "do $$ begin execute 'deallocate all'; end $$");
    let error = execute(&mut connection, &statement, &(1_i64,)).unwrap_err();
    assert_eq!(error.sqlstate(), Some("26000"));
    assert!(error.is_transaction_aborted());
    assert_eq!(error_of(&mut connection, "select 1").sqlstate(), Some("25P02"));
    connection.rollback(Limits::NONE).unwrap();
    let (rows, _) = execute(&mut connection, &statement, &(1_i64,)).unwrap();
    assert_eq!(rows, [[Value::I64(2)]]);
}

#[test]
fn statements_without_names_see_tables_change_too() {
    let Some(mut connection) = crate::support::connect_with("prepared_statements=off") else {
        return;
    };
    run(&mut connection, "create temp table changing (a int)");
    run(&mut connection, "insert into changing values (1)");
    let statement = prepare(&mut connection, "select * from changing");
    execute(&mut connection, &statement, &()).unwrap();
    run(&mut connection, "alter table changing alter a type text");
    assert_eq!(execute(&mut connection, &statement, &()).unwrap().0[0][0], Value::Text("1".into()));
    run(&mut connection, "alter table changing add b int default 5");
    assert_eq!(execute(&mut connection, &statement, &()).unwrap().0[0].len(), 2);
    assert_eq!(execute(&mut connection, &statement, &()).unwrap().0[0][1], Value::I64(5));
}

#[test]
fn bytes_and_text_in_the_same_place_are_two_statements() {
    let Some(mut connection) = connect() else { return };
    let sql = "select pg_typeof($1)::text";
    let (rows, _) = try_run(&mut connection, sql, &(&b"x"[..],)).unwrap();
    assert_eq!(rows, [[Value::Text("bytea".into())]]);
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn a_procedure_that_commits_and_then_fails_runs_once() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table calls (n int)");
    run(
        &mut connection,
        "create procedure pg_temp.commits_and_fails(n int) language plpgsql as $$ begin \
         insert into calls values (n); commit; \
         raise sqlstate '26000' using message = 'no such thing'; end $$",
    );
    let statement = prepare(&mut connection, "call pg_temp.commits_and_fails($1)");
    for calls in 1..=3 {
        let error = execute(&mut connection, &statement, &(1_i64,)).unwrap_err();
        assert_eq!(error.sqlstate(), Some("26000"), "{error}");
        assert_eq!(scalar(&mut connection, "select count(*) from calls"), Value::I64(calls));
    }
}

#[test]
fn statements_that_fail_leave_nothing_on_the_server() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table numbers (n int)");
    for n in 0..50 {
        let sql = format!("insert into numbers /* {n} */ values ($1)");
        let error = try_run(&mut connection, &sql, &("x",)).unwrap_err();
        assert_eq!(error.sqlstate(), Some("22P02"), "{error}");
    }
    let left = "select count(*) from pg_prepared_statements where statement ~ '^insert'";
    assert_eq!(scalar(&mut connection, left), Value::I64(0));
}

#[test]
fn a_composite_type_may_be_altered_by_another_session() {
    let Some(mut connection) = connect() else { return };
    let Some(mut other) = connect() else { return };
    run(&mut other, "create schema growing");
    run(&mut other, "create type growing.pair as (a int, b int)");
    let make = "create or replace function growing.make() returns growing.pair language sql as \
         'select (null::growing.pair).*'";
    run(&mut other, make);
    let statement = prepare(&mut connection, "select growing.make()");
    let before = execute(&mut connection, &statement, &()).unwrap().0;
    run(&mut other, "alter type growing.pair add attribute c int");
    run(&mut other, make);
    let error = execute(&mut connection, &statement, &()).unwrap_err();
    assert!(error.sqlstate().is_none(), "{error}");
    let after = execute(&mut connection, &statement, &()).unwrap().0;
    assert_ne!(before, after, "the new attribute is there");
    run(&mut other, "drop schema growing cascade");
}
