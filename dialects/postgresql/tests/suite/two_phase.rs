//! Two-phase commit and recovery.

use std::{process, thread};

use aludel::abi::host::Limits;
use aludel::dbapi::{TransactionOptions, TransactionState, TwoPhase};
use aludel::dialect::{Capability, option_key};
use aludel::value::ValueRef;
use aludel::{ErrorKind, Value};
use aludel_test_services::{Kind, Profile, Services};

use crate::support::{connect, error_of, run, scalar, try_connect};

fn xid(name: &str) -> String {
    format!("it's \\ {name} {}", process::id())
}

#[test]
fn a_prepared_transaction_is_ended_by_any_connection() {
    let (Some(mut one), Some(mut other)) = (connect(), connect()) else { return };
    let table = format!("prepared_{}", process::id());
    run(&mut one, &format!("create table {table} (a int)"));
    for (end, rows) in [(TwoPhase::Commit, 1), (TwoPhase::Rollback, 1)] {
        let xid = xid("any");
        one.two_phase(TwoPhase::Begin, &xid, Limits::NONE).unwrap();
        run(&mut one, &format!("insert into {table} values (1)"));
        one.two_phase(TwoPhase::Prepare, &xid, Limits::NONE).unwrap();
        assert_eq!(one.transaction_state(), TransactionState::Idle);
        assert!(other.recover(Limits::NONE).unwrap().contains(&xid));
        other.two_phase(end, &xid, Limits::NONE).unwrap();
        assert!(!one.recover(Limits::NONE).unwrap().contains(&xid));
        let count = scalar(&mut one, &format!("select count(*) from {table}"));
        assert_eq!(count, Value::I64(rows), "{end:?}");
    }
    run(&mut one, &format!("drop table {table}"));
}

#[test]
fn a_prepared_transaction_outlives_its_connection() {
    let (Some(mut one), Some(mut other)) = (connect(), connect()) else { return };
    let xid = xid("outlives");
    one.two_phase(TwoPhase::Begin, &xid, Limits::NONE).unwrap();
    one.two_phase(TwoPhase::Prepare, &xid, Limits::NONE).unwrap();
    drop(one);
    assert!(other.recover(Limits::NONE).unwrap().contains(&xid));
    other.two_phase(TwoPhase::Rollback, &xid, Limits::NONE).unwrap();
}

#[test]
fn without_the_first_phase_it_is_an_ordinary_transaction() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table kept (a int)");
    for (end, rows) in [(TwoPhase::Rollback, 0), (TwoPhase::Commit, 1)] {
        let xid = xid("ordinary");
        connection.two_phase(TwoPhase::Begin, &xid, Limits::NONE).unwrap();
        run(&mut connection, "insert into kept values (1)");
        connection.two_phase(end, &xid, Limits::NONE).unwrap();
        assert_eq!(connection.transaction_state(), TransactionState::Idle);
        assert_eq!(scalar(&mut connection, "select count(*) from kept"), Value::I64(rows));
    }
    // It was another one.
    let error = connection.two_phase(TwoPhase::Commit, &xid("ordinary"), Limits::NONE).unwrap_err();
    assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Programming, Some("42704")));
}

#[test]
fn what_is_in_the_way_of_a_phase_is_told() {
    let Some(mut connection) = connect() else { return };
    let mut fails = |operation, xid: &str| {
        let result = connection.two_phase(operation, xid, Limits::NONE);
        result.expect_err("it is refused")
    };
    assert_eq!(fails(TwoPhase::Prepare, "x").sqlstate(), Some("25P01"));
    assert_eq!(fails(TwoPhase::Begin, &"x".repeat(200)).kind(), ErrorKind::Argument);
    assert_eq!(fails(TwoPhase::Begin, "a\0b").kind(), ErrorKind::Argument);
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    let mut fails = |operation| connection.two_phase(operation, "x", Limits::NONE).unwrap_err();
    assert_eq!(fails(TwoPhase::Begin).sqlstate(), Some("25001"));
    assert_eq!(fails(TwoPhase::Commit).sqlstate(), Some("25001"));
    assert_eq!(fails(TwoPhase::Rollback).sqlstate(), Some("25001"));
    error_of(&mut connection, "select 1/0");
    let error = connection.two_phase(TwoPhase::Prepare, "x", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("25P02"), "{error}");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);

    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut connection, "create temp table in_the_way (a int)");
    let error = connection.two_phase(TwoPhase::Prepare, "x", Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported, "a temporary table: {error}");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);

    let autocommit = ValueRef::Bool(true);
    connection.set_option(option_key::AUTOCOMMIT, autocommit, Limits::NONE).unwrap();
    let error = connection.two_phase(TwoPhase::Begin, "x", Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let longest = "é".repeat(99) + "x";
    connection.set_option(option_key::AUTOCOMMIT, ValueRef::Bool(false), Limits::NONE).unwrap();
    connection.two_phase(TwoPhase::Begin, &longest, Limits::NONE).unwrap();
    connection.two_phase(TwoPhase::Prepare, &longest, Limits::NONE).unwrap();
    connection.two_phase(TwoPhase::Rollback, &longest, Limits::NONE).unwrap();
}

#[test]
fn a_server_that_prepares_none_says_so() {
    let test = thread::current().name().unwrap_or("?").to_owned();
    let Some(services) = Services::own(&test, &[Kind::Pg], Profile::Fast) else { return };
    let url = |name| services.vars().get(name).expect("the URL of a server that is up").to_owned();
    let mut admin = try_connect(&url("ALUDEL_PG_ADMIN_URL")).unwrap();
    let info = admin.server_info(Limits::NONE).unwrap();
    assert_eq!(info.capabilities, None);
    run(&mut admin, "alter system set max_prepared_transactions to 0");
    drop(admin);
    services.server(Kind::Pg).restart().unwrap();

    let mut connection = try_connect(&url("ALUDEL_PG_URL")).unwrap();
    connection.two_phase(TwoPhase::Begin, "x", Limits::NONE).unwrap();
    let error = connection.two_phase(TwoPhase::Prepare, "x", Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("55000"), "{error}");
    assert_eq!(connection.transaction_state(), TransactionState::Idle);
    assert_eq!(connection.recover(Limits::NONE).unwrap(), Vec::<String>::new());
    let has = connection.server_info(Limits::NONE).unwrap().capabilities.expect("one is missing");
    let dialect = connection.info().capabilities;
    assert_eq!(has.len(), dialect.len() - 1);
    assert!(!has.iter().any(|name| name == Capability::TwoPhase.name()));
}
