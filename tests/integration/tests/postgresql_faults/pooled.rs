//! PgBouncer in transaction mode, where a session's server changes with every transaction.

use std::thread;

use aludel::Value;
use aludel_test_services::Kind;

use crate::engines::{engine, error_of, own, rows, server, with};

const CONNECTIONS: usize = 8;
const STATEMENTS: i64 = 200;

#[test]
fn many_statements_of_many_connections_share_servers_without_names() {
    let Some(vars) = server("pgbouncer") else { return };
    let engine = engine(&with(&vars["ALUDEL_PGBOUNCER_URL"], "prepared_statements=off"));
    thread::scope(|scope| {
        for thread in 0..CONNECTIONS as i64 {
            let engine = engine.clone();
            scope.spawn(move || {
                let mut connection = engine.connect().unwrap();
                for round in 0..2 {
                    for statement in 0..STATEMENTS {
                        // The same texts on all connections, and some with other types.
                        let sql = format!("select $1::int + {statement}, $2::text");
                        let text = format!("{thread} {round}");
                        let found = rows(&mut connection, &sql, (thread, text.as_str()));
                        let expected = [Value::I64(thread + statement), Value::Text(text.clone())];
                        assert_eq!(found.unwrap(), [expected]);
                        connection.commit().unwrap();
                    }
                }
            });
        }
    });
}

#[test]
fn names_that_meet_on_a_shared_server_are_an_error_that_says_what_to_do() {
    // The names stay on the servers that PgBouncer lends.
    let Some(services) = own(Kind::PgBouncer) else { return };
    let engine = engine(&services.vars()["ALUDEL_PGBOUNCER_URL"]);
    let mut connections: Vec<_> = (0..CONNECTIONS).map(|_| engine.connect().unwrap()).collect();
    // The server that was returned last is lent first: one of them meets the names of another.
    let mut failures = Vec::new();
    for (index, connection) in connections.iter_mut().enumerate() {
        match rows(connection, &format!("select {index}"), ()) {
            Ok(found) => assert_eq!(found, [[Value::I64(index as i64)]]),
            Err(error) => failures.push(error),
        }
        connection.rollback().unwrap();
    }
    assert!(!failures.is_empty(), "no name was in use");
    for error in failures {
        assert_eq!(error.sqlstate(), Some("42P05"), "{error}");
        assert!(error.help().unwrap().contains("prepared_statements=off"), "{error}");
        assert!(!error.is_disconnect(), "{error}");
    }
}

#[test]
fn errors_and_transactions_are_the_sessions_own_through_the_pool() {
    let Some(vars) = server("pgbouncer") else { return };
    let engine = engine(&with(&vars["ALUDEL_PGBOUNCER_URL"], "prepared_statements=off"));
    let (mut one, mut other) = (engine.connect().unwrap(), engine.connect().unwrap());
    assert_eq!(rows(&mut one, "select 1", ()).unwrap(), [[Value::I64(1)]]);
    let error = error_of(&mut other, "select 1 / 0");
    assert!(error.is_transaction_aborted() && !error.is_disconnect(), "{error}");
    assert_eq!(error_of(&mut other, "select 1").sqlstate(), Some("25P02"));
    assert_eq!(rows(&mut one, "select 2", ()).unwrap(), [[Value::I64(2)]]);
    other.rollback().unwrap();
    assert_eq!(rows(&mut other, "select 3", ()).unwrap(), [[Value::I64(3)]]);
}
