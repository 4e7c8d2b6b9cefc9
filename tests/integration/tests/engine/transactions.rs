//! Autobegin, commit, rollback, and what happens to what was not committed.

use aludel::dbapi::IsolationLevel;

use crate::{engine, file};

fn count(url: &str) -> i64 {
    engine(url).execute("select count(*) from t", ()).unwrap().scalar().unwrap()
}

#[test]
fn the_first_statement_begins_a_transaction_and_commit_keeps_it() {
    let (_directory, url) = file();
    let mut connection = engine(&url).connect().unwrap();
    assert!(!connection.in_transaction());
    connection.execute("create table t (x integer)", ()).unwrap();
    assert!(connection.in_transaction());
    connection.execute("insert into t values (1)", ()).unwrap();
    connection.commit().unwrap();
    assert!(!connection.in_transaction());
    drop(connection);
    assert_eq!(count(&url), 1);
}

#[test]
fn a_connection_that_is_dropped_rolls_back() {
    let (_directory, url) = file();
    engine(&url).execute("create table t (x integer)", ()).unwrap();
    let mut connection = engine(&url).connect().unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    drop(connection);
    assert_eq!(count(&url), 0);
}

#[test]
fn the_one_connection_of_a_database_in_memory_rolls_back_when_it_is_returned() {
    let engine = crate::memory();
    engine.execute("create table t (x integer)", ()).unwrap();
    let mut connection = engine.connect().unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    drop(connection);
    let count: i64 = engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(count, 0);
}

#[test]
fn rollback_undoes_and_the_next_statement_begins_again() {
    let (_directory, url) = file();
    let mut connection = engine(&url).connect().unwrap();
    connection.execute("create table t (x integer)", ()).unwrap();
    connection.commit().unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    connection.rollback().unwrap();
    connection.execute("insert into t values (2)", ()).unwrap();
    connection.commit().unwrap();
    let x: i64 = connection.execute("select x from t", ()).unwrap().scalar().unwrap();
    assert_eq!(x, 2);
}

#[test]
fn commit_and_rollback_without_a_transaction_do_nothing() {
    let mut connection = crate::memory().connect().unwrap();
    connection.commit().unwrap();
    connection.rollback().unwrap();
}

#[test]
fn execute_on_the_engine_commits_each_statement() {
    let (_directory, url) = file();
    let engine = engine(&url);
    engine.execute("create table t (x integer)", ()).unwrap();
    engine.execute("insert into t values (1)", ()).unwrap();
    assert_eq!(count(&url), 1);
}

#[test]
fn in_autocommit_an_explicit_begin_of_a_script_is_respected() {
    let (_directory, url) = file();
    engine(&url).execute("create table t (x integer)", ()).unwrap();
    let mut connection = engine(&url).connect().unwrap();
    connection.set_isolation_level(IsolationLevel::Autocommit).unwrap();
    let mut script =
        connection.script("begin; insert into t values (1); insert into t values (2);");
    while script.next_statement().unwrap().is_some() {}
    assert!(connection.in_transaction());
    assert_eq!(count(&url), 0, "not committed yet");
    let mut script = connection.script("commit");
    while script.next_statement().unwrap().is_some() {}
    assert_eq!(count(&url), 2);
}

#[test]
fn the_isolation_level_cannot_change_inside_a_transaction() {
    let mut connection = crate::memory().connect().unwrap();
    connection.execute("select 1", ()).unwrap();
    let error = connection.set_isolation_level(IsolationLevel::Autocommit).unwrap_err();
    assert_eq!(
        error.to_string(),
        "InvalidRequestError: the isolation level cannot be changed inside a transaction\n  help: commit or roll back first"
    );
}

#[test]
fn a_transaction_that_the_database_has_rolled_back_takes_nothing_until_the_program_does() {
    let (_directory, url) = file();
    let mut connection = engine(&url).connect().unwrap();
    connection.execute("create table t (x integer primary key)", ()).unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    connection.commit().unwrap();
    connection.execute("insert or rollback into t values (1)", ()).unwrap_err();
    connection.execute("insert into t values (2)", ()).unwrap_err();
    connection.rollback().unwrap();
    assert_eq!(count(&url), 1);
}

#[test]
fn a_commit_in_sql_ends_the_transaction_and_the_next_statement_begins_another() {
    let (_directory, url) = file();
    let mut connection = engine(&url).connect().unwrap();
    connection.execute("create table t (x integer)", ()).unwrap();
    connection.execute("commit", ()).unwrap();
    connection.execute("insert into t values (1)", ()).unwrap();
    connection.rollback().unwrap();
    assert_eq!(count(&url), 0);
}

#[test]
fn a_commit_that_fails_leaves_the_transaction_open_where_the_database_does() {
    let (_directory, url) = file();
    let mut connection = engine(&format!("{url}?foreign_keys=true")).connect().unwrap();
    for sql in [
        "create table p (id integer primary key)",
        "create table t (x integer references p (id) deferrable initially deferred)",
        "insert into t values (7)",
    ] {
        connection.execute(sql, ()).unwrap();
    }
    assert!(connection.commit().unwrap_err().constraint().is_some());
    assert!(connection.in_transaction());
    connection.execute("insert into p values (7)", ()).unwrap();
    connection.commit().unwrap();
    assert_eq!(count(&url), 1);
}
