//! Ours: the driver's connection with a held statement, linked or loaded.

use std::borrow::Cow;

use aludel::Url;
use aludel::abi::host::{DriverConnection, DriverDialect, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::{BulkDirection, BulkSpec, PrepareOptions, TransactionOptions};
use aludel::dialect::ConnectArgs;
use aludel::plugin::{Policy, Search, loaded_dialect};
use aludel::url::HostPort;

use crate::server::Server;
use crate::sql::{self, fold, key, many_rows};
use crate::variants::Run;
use crate::workload::Size;

/// Rows that go to COPY at once.
const COPY_ROWS: usize = 1024;

pub(crate) fn prepare_run(workload: &str, variant: &str, server: &Server, size: Size) -> Run {
    match (workload, variant) {
        ("scan", "loaded, transaction") => scan("loaded", server, size, true),
        ("scan", _) => scan(variant, server, size, false),
        ("point", _) => point(variant, server, size),
        ("many", "loop of executes") => single_inserts(server, size),
        ("many", "loaded, COPY") => copy(server, size),
        ("many", _) => executemany(variant, server, size),
        ("connect", _) => connects(variant, server, size, false),
        ("connect_tls", _) => connects(variant, server, size, true),
        _ => panic!("no workload {workload} for {variant}"),
    }
}

fn dialect(variant: &str) -> DriverDialect {
    if variant == "static" {
        return DriverDialect::from(aludel_dialect_postgresql::dialect());
    }
    let url = Url::parse("postgresql://").expect("a URL");
    let found = loaded_dialect(&url, &Search::new(), &Policy::new());
    found.expect("cargo built the plugin").dialect
}

fn arguments(server: &Server, tls: bool) -> ConnectArgs<'_> {
    let options: &[(&str, &str)] = match tls {
        true => &[("sslmode", "verify-full"), ("sslrootcert", &server.authority)],
        false => &[("sslmode", "disable")],
    };
    let lent = |&(key, value): &(&'static str, &str)| (Cow::Borrowed(key), value.to_owned().into());
    ConnectArgs {
        scheme: "postgresql",
        hosts: vec![HostPort::new(&*server.host, Some(server.port))],
        username: Some(&server.user),
        password: Some(&server.password),
        database: Some(&server.database),
        options: options.iter().map(lent).collect(),
        is_untrusted: false,
        engine: 0,
    }
}

pub(crate) fn connect(variant: &str, server: &Server, tls: bool) -> DriverConnection {
    dialect(variant).connect(&arguments(server, tls), Limits::NONE).expect("the server lets us in")
}

pub(crate) fn prepare(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE).unwrap();
    statement.expect("the text holds a statement")
}

pub(crate) fn execute(connection: &mut DriverConnection, sql: &str) {
    let statement = prepare(connection, sql);
    let cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    cursor.finish().unwrap();
    connection.close_statement(statement);
}

fn begin(connection: &mut DriverConnection) {
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
}

fn scan(variant: &str, server: &Server, size: Size, transaction: bool) -> Run {
    let mut connection = connect(variant, server, false);
    let statement = prepare(&mut connection, &sql::scan(size.rows));
    Box::new(move || {
        if transaction {
            begin(&mut connection);
        }
        let mut rows = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let mut sum = 0;
        while let Some(row) = rows.next().unwrap() {
            let (id, x, name, n): (i64, f64, &str, Option<i64>) = row.get().unwrap();
            sum = fold(sum, id, x, name, n);
        }
        drop(rows);
        if transaction {
            connection.commit(Limits::NONE).unwrap();
        }
        sum
    })
}

fn point(variant: &str, server: &Server, size: Size) -> Run {
    let mut connection = connect(variant, server, false);
    let statement = prepare(&mut connection, &sql::point(size.rows));
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

fn is_encrypted(connection: &mut DriverConnection) -> bool {
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    let statement = prepare(connection, sql);
    let mut rows = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    rows.next().unwrap().expect("one row").get_at(0).unwrap()
}

/// One statement for each row: what executemany replaces.
fn single_inserts(server: &Server, size: Size) -> Run {
    let mut connection = connect("loaded", server, false);
    let insert = prepare(&mut connection, sql::INSERT);
    let rows = many_rows(size.rows);
    Box::new(move || {
        begin(&mut connection);
        execute(&mut connection, sql::EMPTY);
        for row in &rows {
            let options = ExecuteOptions::default();
            connection.execute(&insert, row, options).unwrap().finish().unwrap();
        }
        connection.commit(Limits::NONE).unwrap();
        1
    })
}

fn executemany(variant: &str, server: &Server, size: Size) -> Run {
    let mut connection = connect(variant, server, false);
    let insert = prepare(&mut connection, sql::INSERT);
    let rows = many_rows(size.rows);
    Box::new(move || {
        begin(&mut connection);
        execute(&mut connection, sql::EMPTY);
        let changed = connection.execute_many(&insert, &rows, Limits::NONE).unwrap();
        connection.commit(Limits::NONE).unwrap();
        u64::from(changed == Some(size.rows))
    })
}

fn copy(server: &Server, size: Size) -> Run {
    let mut connection = connect("loaded", server, false);
    let rows = many_rows(size.rows);
    Box::new(move || {
        begin(&mut connection);
        execute(&mut connection, sql::EMPTY);
        let spec = BulkSpec {
            direction: BulkDirection::In,
            schema: "aludel_bench",
            table: "many",
            query: "",
            columns: vec!["id", "x", "name", "n"],
            format: None,
            options: Vec::new(),
        };
        connection.bulk_begin(&spec, Limits::NONE).unwrap();
        for rows in rows.chunks(COPY_ROWS) {
            connection.bulk_write_rows(rows, Limits::NONE).unwrap();
        }
        let copied = connection.bulk_end(true, Limits::NONE).unwrap();
        connection.commit(Limits::NONE).unwrap();
        u64::from(copied == size.rows)
    })
}

fn connects(variant: &str, server: &Server, size: Size, tls: bool) -> Run {
    let dialect = dialect(variant);
    let server = server.clone();
    assert_eq!(is_encrypted(&mut connect(variant, &server, tls)), tls, "TLS as asked for");
    Box::new(move || {
        for _ in 0..size.times {
            let connection = dialect.connect(&arguments(&server, tls), Limits::NONE).unwrap();
            connection.close(Limits::NONE).unwrap();
        }
        size.times
    })
}
