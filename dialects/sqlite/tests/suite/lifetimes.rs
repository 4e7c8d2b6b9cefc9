//! Connections and statements that are dropped in an order that the host never uses.

use aludel::dbapi::{Call, Connection, PrepareOptions, Statement};
use aludel::dialect::{ConnectArgs, Dialect};
use aludel_dialect_sqlite::{Sqlite, SqliteConnection, SqliteStatement};

fn connect(path: &str) -> SqliteConnection {
    let args = ConnectArgs {
        scheme: "sqlite",
        hosts: Vec::new(),
        username: None,
        password: None,
        database: Some(path),
        options: Vec::new(),
        is_untrusted: false,
        engine: 0,
    };
    Sqlite::connect(&args, &Call::UNLIMITED).unwrap()
}

fn prepare(connection: &mut SqliteConnection, sql: &str) -> SqliteStatement {
    let options = PrepareOptions::default();
    connection.prepare(sql, options, &Call::UNLIMITED).unwrap().statement.unwrap()
}

#[test]
fn a_statement_may_be_dropped_by_another_thread_while_its_connection_works() {
    let mut connection = connect(":memory:");
    for _ in 0..50 {
        let statements: Vec<SqliteStatement> =
            (0..20).map(|_| prepare(&mut connection, "select 1")).collect();
        std::thread::scope(|scope| {
            scope.spawn(move || drop(statements));
            for _ in 0..20 {
                prepare(&mut connection, "select 2").close(&mut connection);
            }
        });
    }
}

#[test]
fn a_connection_that_is_dropped_before_its_statements_closes_with_the_last_of_them() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.db").display().to_string();
    let mut connection = connect(&path);
    let (one, other) = (prepare(&mut connection, "select 1"), prepare(&mut connection, "select 2"));
    drop(connection);
    std::thread::scope(|scope| {
        scope.spawn(move || drop(one));
        scope.spawn(move || drop(other));
    });
    if cfg!(target_os = "linux") {
        let open = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let still = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
        let path = std::path::Path::new(&path);
        assert_eq!(still.filter(|target| target == path).count(), 0);
    }
}

#[test]
fn a_statement_refuses_another_connection() {
    let (mut one, mut other) = (connect(":memory:"), connect(":memory:"));
    let mut statement = prepare(&mut one, "select 1 as a");
    let error = statement.columns(&other).unwrap_err();
    assert_eq!(error.message(), "this statement belongs to another connection");
    assert!(statement.reset(&mut other, &Call::UNLIMITED).is_err());
    statement.close(&mut other);
    assert_eq!(statement.columns(&one).unwrap()[0].name, "a");
    statement.close(&mut one);
}
