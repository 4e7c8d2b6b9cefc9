//! Session options and resetting.

use std::time::Duration;

use crate::support::{connect, error_of, memory, run, scalar, script};
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{TransactionOptions, TransactionState};
use aludel::error::ErrorKind;
use aludel::{Value, ValueRef};

fn get(connection: &mut DriverConnection, key: &str) -> Value {
    connection.get_option(key, Limits::NONE).unwrap()
}

#[test]
fn options_are_read_back_as_they_were_set() {
    let mut connection = memory();
    for (key, first, value) in [
        ("isolation_level", Value::Text("SERIALIZABLE".into()), ValueRef::Text("READ UNCOMMITTED")),
        ("autocommit", Value::Bool(false), ValueRef::Bool(true)),
        ("read_only", Value::Bool(false), ValueRef::Bool(true)),
        ("timeout", Value::I64(0), ValueRef::I64(60_000)),
        ("busy_timeout", Value::I64(5000), ValueRef::I64(10)),
        ("foreign_keys", Value::Bool(false), ValueRef::Bool(true)),
        ("begin", Value::Text("deferred".into()), ValueRef::Text("immediate")),
    ] {
        assert_eq!(get(&mut connection, key), first, "{key}");
        connection.set_option(key, value, Limits::NONE).unwrap();
        assert_eq!(get(&mut connection, key).as_ref(), value, "{key}");
        connection.reset_session(Limits::NONE).unwrap();
        assert_eq!(get(&mut connection, key), first, "{key}");
    }
}

#[test]
fn autocommit_is_an_isolation_level_as_sqlalchemy_has_it() {
    let mut connection = memory();
    connection.set_option("isolation_level", ValueRef::Text("autocommit"), Limits::NONE).unwrap();
    assert_eq!(get(&mut connection, "autocommit"), Value::Bool(true));
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    connection.set_option("isolation_level", ValueRef::Text("serializable"), Limits::NONE).unwrap();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Active);
    let error = connection
        .set_option("isolation_level", ValueRef::Text("serializable"), Limits::NONE)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.message(), "`isolation_level` cannot be changed inside a transaction");
}

#[test]
fn a_reset_rolls_back_and_restores_what_the_url_asked_for() {
    let mut connection = connect("sqlite://?foreign_keys=true&begin=immediate&read_only=false");
    run(&mut connection, "create table t (a)");
    connection.set_option("read_only", ValueRef::Bool(true), Limits::NONE).unwrap();
    assert!(error_of(&mut connection, "insert into t values (1)").message().contains("readonly"));
    connection.set_option("read_only", ValueRef::Bool(false), Limits::NONE).unwrap();
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "insert into t values (1)");
    connection.reset_session(Limits::NONE).unwrap();
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    run(&mut connection, "pragma foreign_keys = off");
    connection.reset_session(Limits::NONE).unwrap();
    assert_eq!(scalar(&mut connection, "pragma foreign_keys"), Value::I64(1));
    assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(0));
}

#[test]
fn a_reset_drops_what_is_temporary_and_nothing_else() {
    let mut connection = connect("sqlite://?foreign_keys=true");
    run(&mut connection, "create table t (a)");
    let schema = "create temp table \"a \"\"b\" (id integer primary key autoincrement);
        create temp table parent (id integer primary key);
        create temp table child (p references parent);
        insert into parent values (1);
        insert into child values (1);
        create temp view v as select 1;
        create temp trigger g after insert on main.t begin select 1; end;
        create virtual table temp.words using fts5(word);
        insert into words values ('x')";
    for _ in 0..2 {
        script(&mut connection, schema);
        connection.set_option("read_only", ValueRef::Bool(true), Limits::NONE).unwrap();
        connection.reset_session(Limits::NONE).unwrap();
        let left = "select count(*) from sqlite_temp_schema where name not like 'sqlite%'";
        assert_eq!(scalar(&mut connection, left), Value::I64(0));
        let kept = "select count(*) from sqlite_schema where name = 't'";
        assert_eq!(scalar(&mut connection, kept), Value::I64(1));
        assert_eq!(scalar(&mut connection, "pragma foreign_keys"), Value::I64(1));
        assert_eq!(scalar(&mut connection, "pragma query_only"), Value::I64(0));
    }
}

#[test]
fn a_statement_timeout_ends_every_call() {
    let mut connection = memory();
    connection.set_option("timeout", ValueRef::I64(30), Limits::NONE).unwrap();
    let endless = "with recursive n(i) as (select 1 union all select i + 1 from n) \
                   select count(*) from n";
    let error = error_of(&mut connection, endless);
    assert_eq!(error.message(), "the statement timeout has passed");
    assert_eq!(error.sqlstate(), Some("HYT00"));
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
    connection.set_option("timeout", ValueRef::I64(0), Limits::NONE).unwrap();
    std::thread::sleep(Duration::from_millis(40));
    assert_eq!(scalar(&mut connection, "select 1"), Value::I64(1));
}

#[test]
fn unknown_keys_and_wrong_values_are_refused() {
    let mut connection = memory();
    let error = connection.get_option("schema", Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert_eq!(error.message(), "SQLite has no session option `schema`");
    for (key, value, message) in [
        (
            "read_only",
            ValueRef::I64(7),
            "session option `read_only` must be true or false, not i64",
        ),
        (
            "timeout",
            ValueRef::I64(-1),
            "session option `timeout` must be a number of milliseconds from 0 to 9223372036854775807",
        ),
        (
            "isolation_level",
            ValueRef::Bool(true),
            "session option `isolation_level` must be text, not bool",
        ),
        (
            "begin",
            ValueRef::Text("soon"),
            "session option `begin` must be deferred, immediate or exclusive, not \"soon\"",
        ),
        ("isolation_level", ValueRef::Text("SNAPSHOT"), "SQLite has no isolation level SNAPSHOT"),
    ] {
        let error = connection.set_option(key, value, Limits::NONE).unwrap_err();
        assert_eq!(error.message(), message);
    }
}
