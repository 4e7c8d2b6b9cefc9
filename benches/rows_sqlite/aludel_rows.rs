//! Ours: the driver's connection with a held statement, linked or loaded.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use aludel::Url;
use aludel::abi::host::{DriverConnection, DriverDialect, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::{PrepareOptions, TransactionOptions};
use aludel::dialect::ConnectArgs;
use aludel::plugin::{Policy, Search, loaded_dialect};

use crate::workload::{
    BLOB, CREATE, CREATE_BLOB, CREATE_MANY, EMPTY, FILL, FILL_BLOB, INSERT, POINT, SCAN, Size,
    fold, fold_blob, key, many_rows,
};

static NEXT_ENGINE: AtomicU64 = AtomicU64::new(1);

fn connect(variant: &str) -> DriverConnection {
    let dialect = match variant {
        "static" | "shared" => DriverDialect::from(aludel_dialect_sqlite::dialect()),
        "loaded" => {
            let url = Url::parse("sqlite://").unwrap();
            loaded_dialect(&url, &Search::new(), &Policy::new()).unwrap().dialect
        }
        other => panic!("no variant {other}"),
    };
    // The database of an engine: as long as no other connection asks for this number, it is the one.
    let engine = match variant {
        "shared" => NEXT_ENGINE.fetch_add(1, Relaxed),
        _ => 0,
    };
    let args = ConnectArgs {
        scheme: "sqlite",
        hosts: Vec::new(),
        username: None,
        password: None,
        database: None,
        options: Vec::new(),
        is_untrusted: false,
        engine,
    };
    dialect.connect(&args, Limits::NONE).unwrap()
}

fn prepare(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE).unwrap();
    statement.expect("the text holds a statement")
}

fn execute(connection: &mut DriverConnection, sql: &str, parameter: Option<u64>) {
    let statement = prepare(connection, sql);
    let parameters: Vec<u64> = parameter.into_iter().collect();
    let cursor = connection.execute(&statement, &parameters, ExecuteOptions::default()).unwrap();
    cursor.finish().unwrap();
    connection.close_statement(statement);
}

fn table(variant: &str, size: Size) -> DriverConnection {
    let mut connection = connect(variant);
    execute(&mut connection, CREATE, None);
    execute(&mut connection, FILL, Some(size.rows));
    connection
}

pub(crate) fn scan(variant: &str, size: Size) -> Box<dyn FnMut() -> u64> {
    let mut connection = table(variant, size);
    let statement = prepare(&mut connection, SCAN);
    Box::new(move || {
        let mut rows = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let mut sum = 0;
        while let Some(row) = rows.next().unwrap() {
            let (id, x, name, n): (i64, f64, &str, Option<i64>) = row.get().unwrap();
            sum = fold(sum, id, x, name, n);
        }
        sum
    })
}

pub(crate) fn point(variant: &str, size: Size) -> Box<dyn FnMut() -> u64> {
    let mut connection = table(variant, size);
    let statement = prepare(&mut connection, POINT);
    Box::new(move || {
        let mut sum = 0;
        for i in 0..size.times {
            let id = key(i, size.rows);
            let mut rows = connection.execute(&statement, &(id,), ExecuteOptions::ONE_ROW).unwrap();
            let row = rows.next().unwrap().unwrap();
            let (id, x, name, n): (i64, f64, &str, Option<i64>) = row.get().unwrap();
            sum = fold(sum, id, x, name, n);
        }
        sum
    })
}

pub(crate) fn executemany(variant: &str, size: Size) -> Box<dyn FnMut() -> u64> {
    let mut connection = connect(variant);
    execute(&mut connection, CREATE_MANY, None);
    let empty = prepare(&mut connection, EMPTY);
    let insert = prepare(&mut connection, INSERT);
    let rows = many_rows(size);
    Box::new(move || {
        connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
        connection.execute(&empty, &(), ExecuteOptions::default()).unwrap().finish().unwrap();
        let changed = connection.execute_many(&insert, &rows, Limits::NONE).unwrap();
        connection.commit(Limits::NONE).unwrap();
        changed.expect("SQLite counts changes")
    })
}

pub(crate) fn blob(variant: &str, size: Size) -> Box<dyn FnMut() -> u64> {
    let mut connection = connect(variant);
    execute(&mut connection, CREATE_BLOB, None);
    execute(&mut connection, FILL_BLOB, Some(size.rows));
    let statement = prepare(&mut connection, BLOB);
    Box::new(move || {
        let mut sum = 0;
        for _ in 0..size.times {
            let mut rows = connection.execute(&statement, &(), ExecuteOptions::ONE_ROW).unwrap();
            let row = rows.next().unwrap().unwrap();
            sum = fold_blob(sum, row.get_at(0).unwrap());
        }
        sum
    })
}
