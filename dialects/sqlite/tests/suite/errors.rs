//! What SQLite reports, as classes, codes and messages.

use crate::support::{error_of, memory, run, scalar, script, try_run};
use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{TransactionOptions, TransactionState};
use aludel::error::{ConstraintKind, Error, ErrorKind};

fn shop() -> DriverConnection {
    let mut connection = crate::support::connect("sqlite://?foreign_keys=true");
    let schema = "create table customer (id integer primary key, mail text unique);
        create table item (
            shop int, number int not null, price int constraint positive check (price > 0),
            customer references customer, unique (shop, number));
        create unique index lower_mail on customer (lower(mail));
        insert into customer values (1, 'a@example.org')";
    script(&mut connection, schema);
    connection
}

fn facts(error: &Error) -> (ErrorKind, Option<i64>, Option<&str>) {
    (error.kind(), error.native_code(), error.sqlstate())
}

#[test]
fn a_unique_constraint_names_table_and_columns() {
    let mut shop = shop();
    run(&mut shop, "insert into item values (1, 2, 3, 1)");
    let error = error_of(&mut shop, "insert into item values (1, 2, 3, 1)");
    assert_eq!(
        error.to_string(),
        "(sqlite.IntegrityError) UNIQUE constraint failed: item.shop, item.number"
    );
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(2067), Some("23505")));
    let constraint = error.constraint().unwrap();
    assert_eq!(constraint.kind, ConstraintKind::Unique);
    assert_eq!(constraint.table.as_deref(), Some("item"));
    assert_eq!(constraint.columns, ["shop", "number"]);

    let error = error_of(&mut shop, "insert into customer values (1, 'b')");
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(1555), Some("23505")));
    assert_eq!(error.constraint().unwrap().kind, ConstraintKind::PrimaryKey);
    assert_eq!(error.constraint().unwrap().columns, ["id"]);

    let error = error_of(&mut shop, "insert into customer values (2, 'A@example.org')");
    assert_eq!(error.message(), "UNIQUE constraint failed: index 'lower_mail'");
    assert_eq!(error.constraint().unwrap().name.as_deref(), Some("lower_mail"));
}

#[test]
fn a_not_null_constraint_names_table_and_column() {
    let error = error_of(&mut shop(), "insert into item values (1, null, 3, 1)");
    assert_eq!(
        format!("{error:#}"),
        "(sqlite.IntegrityError) NOT NULL constraint failed: item.number"
    );
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(1299), Some("23502")));
    let constraint = error.constraint().unwrap();
    assert_eq!(constraint.kind, ConstraintKind::NotNull);
    assert_eq!(constraint.table.as_deref(), Some("item"));
    assert_eq!(constraint.columns, ["number"]);
}

#[test]
fn a_check_constraint_has_its_name() {
    let error = error_of(&mut shop(), "insert into item values (1, 2, -3, 1)");
    assert_eq!(format!("{error:#}"), "(sqlite.IntegrityError) CHECK constraint failed: positive");
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(275), Some("23514")));
    let constraint = error.constraint().unwrap();
    assert_eq!(
        (constraint.kind, constraint.name.as_deref()),
        (ConstraintKind::Check, Some("positive"))
    );
}

#[test]
fn a_foreign_key_says_how_to_find_the_rows() {
    let error = error_of(&mut shop(), "insert into item values (1, 2, 3, 99)");
    assert_eq!(
        error.to_string(),
        "(sqlite.IntegrityError) FOREIGN KEY constraint failed\n  help: PRAGMA foreign_key_check lists rows whose parent is missing"
    );
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(787), Some("23503")));
    assert_eq!(error.constraint().unwrap().kind, ConstraintKind::ForeignKey);
}

#[test]
fn a_trigger_that_refuses_is_an_integrity_error_with_its_words() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    run(
        &mut connection,
        "create trigger no before insert on t begin select raise(abort, 'not today'); end",
    );
    let error = error_of(&mut connection, "insert into t values (1)");
    assert_eq!(error.message(), "not today");
    assert_eq!(facts(&error), (ErrorKind::Integrity, Some(1811), Some("23000")));
    assert_eq!(error.constraint().unwrap().kind, ConstraintKind::Other);
}

#[test]
fn a_syntax_error_has_its_position() {
    let sql = "select 1 frm t";
    let error = error_of(&mut memory(), sql);
    assert_eq!(
        error.to_string(),
        "(sqlite.ProgrammingError) near \"t\": syntax error\n[SQL: select 1 frm t]"
    );
    assert_eq!(facts(&error), (ErrorKind::Programming, Some(1), Some("42000")));
    assert_eq!(error.position(), sql.find(" t").map(|at| at as u64 + 1));
}

#[test]
fn missing_tables_and_columns_have_their_states_and_positions() {
    let error = error_of(&mut memory(), "select * from missing");
    assert_eq!(error.message(), "no such table: missing");
    assert_eq!(facts(&error), (ErrorKind::Programming, Some(1), Some("42S02")));
    let error = error_of(&mut memory(), "select missing");
    assert_eq!(error.message(), "no such column: missing");
    assert_eq!(facts(&error), (ErrorKind::Programming, Some(1), Some("42S22")));
    assert_eq!(error.position(), Some(7));
}

#[test]
fn a_full_disk_rolls_back_and_later_statements_wait_for_the_rollback() {
    let mut connection = memory();
    run(&mut connection, "create table t (a)");
    run(&mut connection, "pragma max_page_count = 20");
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    let error = error_of(&mut connection, "insert into t values (zeroblob(1000000))");
    assert_eq!(
        error.to_string(),
        "(sqlite.OperationalError) database or disk is full\n  help: free disk space, or raise PRAGMA max_page_count"
    );
    assert_eq!(error.native_code(), Some(13));
    assert!(error.is_transaction_aborted());
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    assert!(try_run(&mut connection, "insert into t values (2)", &()).is_err());
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
}

#[test]
fn a_conflict_that_rolls_back_aborts_the_transaction() {
    let mut connection = memory();
    run(&mut connection, "create table t (a unique)");
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    let error = error_of(&mut connection, "insert or rollback into t values (1)");
    assert!(error.is_transaction_aborted());
    assert_eq!(error.help(), Some("SQLite has rolled the whole transaction back; run it again"));
    assert_eq!(connection.transaction_state(), TransactionState::Aborted);
    let refusals = [
        error_of(&mut connection, "insert into t values (3)"),
        connection.commit(Limits::NONE).unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!(
            refusal.message(),
            "the transaction is aborted: SQLite rolled it back after an error"
        );
        assert_eq!(refusal.sqlstate(), Some("25P02"));
        assert_eq!(refusal.help(), Some("roll back, then begin again"));
    }
    connection.rollback(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
}

#[test]
fn values_that_are_too_big_or_of_the_wrong_type_are_data_errors() {
    let mut connection = memory();
    let error = error_of(&mut connection, "select zeroblob(3000000000)");
    assert_eq!((error.kind(), error.native_code()), (ErrorKind::Data, Some(18)));
    assert_eq!(error.message(), "string or blob too big");
    run(&mut connection, "create table t (id integer primary key)");
    let error = error_of(&mut connection, "insert into t values ('x')");
    assert_eq!((error.kind(), error.message()), (ErrorKind::Data, "datatype mismatch"));
}

#[test]
fn a_damaged_database_is_an_internal_error() {
    let directory = tempfile::tempdir().unwrap();
    let url = crate::support::file_url(&directory, "x.db", "");
    let mut connection = crate::support::connect(&url);
    run(&mut connection, "create table t (a)");
    run(&mut connection, "insert into t values (zeroblob(100000))");
    drop(connection);
    let path = directory.path().join("x.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096..].fill(0xee);
    std::fs::write(&path, bytes).unwrap();
    let mut connection = crate::support::connect(&url);
    let error = error_of(&mut connection, "select sum(length(a)) from t");
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.message(), "database disk image is malformed");
    assert_eq!(error.help(), Some("run PRAGMA integrity_check, and restore a backup"));
    assert!(!error.is_disconnect());
}
