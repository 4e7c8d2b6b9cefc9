//! What travels for a transaction, counted at the socket.

use aludel::abi::host::{DriverConnection, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::TransactionOptions;
use aludel_test_support::proxy::{Counts, Proxy};

use crate::server::{Behind, dialects, prepare};

/// What `work` made pass.
fn traffic(proxy: &Proxy, work: impl FnOnce()) -> Counts {
    let before = proxy.counts();
    work();
    let mut passed = proxy.counts();
    passed.round_trips -= before.round_trips;
    passed.to_server.flights -= before.to_server.flights;
    passed.to_server.segments -= before.to_server.segments;
    passed.to_server.bytes -= before.to_server.bytes;
    passed
}

fn begin(connection: &mut DriverConnection) {
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
}

fn execute(connection: &mut DriverConnection, statement: &DriverStatement, key: i64) {
    let rows = connection.execute(statement, &(key,), ExecuteOptions::default()).unwrap();
    rows.finish().unwrap();
}

#[test]
fn begin_one_statement_and_commit_cost_two_round_trips() {
    let Some(server) = Behind::proxy("begin_one_statement_and_commit_cost_two_round_trips") else {
        return;
    };
    for dialect in dialects() {
        let mut connection = server.connect(dialect);
        let statement = prepare(&mut connection, "select $1::int8");
        execute(&mut connection, &statement, 1);
        let passed = traffic(&server.proxy, || {
            begin(&mut connection);
            execute(&mut connection, &statement, 2);
            connection.commit(Limits::NONE).unwrap();
        });
        assert_eq!(passed.round_trips, 2);
        assert_eq!(passed.to_server.segments, 2, "one write for each flight");
    }
}

#[test]
fn an_insert_that_is_new_travels_with_its_begin() {
    let Some(server) = Behind::proxy("an_insert_that_is_new_travels_with_its_begin") else {
        return;
    };
    for dialect in dialects() {
        let mut connection = server.connect(dialect);
        let create = prepare(&mut connection, "create temp table arrivals (id int8)");
        let cursor = connection.execute(&create, &(), ExecuteOptions::default()).unwrap();
        cursor.finish().unwrap();
        let insert = prepare(&mut connection, "insert into arrivals values ($1)");
        let passed = traffic(&server.proxy, || {
            begin(&mut connection);
            execute(&mut connection, &insert, 1);
            connection.commit(Limits::NONE).unwrap();
        });
        assert_eq!(passed.round_trips, 2);
        assert_eq!(passed.to_server.segments, 2, "one write for each flight");
    }
}

#[test]
fn a_transaction_in_which_nothing_happens_sends_nothing() {
    let Some(server) = Behind::proxy("a_transaction_in_which_nothing_happens_sends_nothing") else {
        return;
    };
    for dialect in dialects() {
        let mut connection = server.connect(dialect);
        let passed = traffic(&server.proxy, || {
            begin(&mut connection);
            connection.rollback(Limits::NONE).unwrap();
            begin(&mut connection);
            connection.commit(Limits::NONE).unwrap();
        });
        assert_eq!(passed.to_server.bytes, 0);
    }
}
