//! Short ways to connect, execute and read.

use std::thread;

use aludel::abi::host::{
    BindRow, DriverConnection, DriverDialect, DriverStatement, ExecuteOptions, Limits,
};
use aludel::dbapi::{PrepareOptions, TransactionOptions};
use aludel::dialect::ConnectArgs;
use aludel::error::{Error, Result};
use aludel::{Url, Value};
use aludel_test_services::provided;

pub(crate) fn postgresql() -> DriverDialect {
    DriverDialect::from(aludel_dialect_postgresql::dialect())
}

/// The URL of the server that the running test was given; `None` when there is none.
pub(crate) fn url() -> Option<String> {
    var("ALUDEL_PG_URL")
}

/// A variable of that server, which always has it.
pub(crate) fn var(name: &str) -> Option<String> {
    let test = thread::current().name().unwrap_or("?").to_owned();
    Some(provided("pg", &test)?[name].to_owned())
}

pub(crate) fn try_connect(url: &str) -> Result<DriverConnection> {
    let url = Url::parse(url).unwrap();
    let options = url.normalized_query().flat_map(|(name, values)| {
        values.iter().map(move |value| (name.into(), value.as_str().into()))
    });
    let args = ConnectArgs {
        scheme: url.drivername(),
        hosts: url.hosts().to_vec(),
        username: url.username(),
        password: url.password(),
        database: url.database(),
        options: options.collect(),
        is_untrusted: false,
        engine: 0,
    };
    postgresql().connect(&args, Limits::NONE)
}

/// A connection to the server of the running test.
pub(crate) fn connect() -> Option<DriverConnection> {
    connect_with("")
}

/// The same, with further options of the URL.
pub(crate) fn connect_with(query: &str) -> Option<DriverConnection> {
    let url = url()?;
    let separator = if query.is_empty() || url.contains('?') { "" } else { "?" };
    Some(try_connect(&format!("{url}{separator}{query}")).unwrap())
}

pub(crate) fn prepare(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    try_prepare(connection, sql).unwrap()
}

pub(crate) fn try_prepare(connection: &mut DriverConnection, sql: &str) -> Result<DriverStatement> {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE)?;
    Ok(statement.expect("a statement"))
}

/// Executes a statement, reads all its rows, and tells how many it changed.
pub(crate) fn execute<P: BindRow + ?Sized>(
    connection: &mut DriverConnection,
    statement: &DriverStatement,
    params: &P,
) -> Result<(Vec<Vec<Value>>, Option<u64>)> {
    let mut cursor = connection.execute(statement, params, ExecuteOptions::default())?;
    let mut rows = Vec::new();
    while let Some(row) = cursor.next()? {
        rows.push((0..row.len()).map(|index| row.owned_value(index).unwrap()).collect());
    }
    Ok((rows, cursor.affected()))
}

/// Prepares, executes, reads and closes.
pub(crate) fn try_run<P: BindRow + ?Sized>(
    connection: &mut DriverConnection,
    sql: &str,
    params: &P,
) -> Result<(Vec<Vec<Value>>, Option<u64>)> {
    let statement = try_prepare(connection, sql)?;
    let result = execute(connection, &statement, params);
    connection.close_statement(statement);
    result
}

pub(crate) fn run(connection: &mut DriverConnection, sql: &str) -> Option<u64> {
    try_run(connection, sql, &()).unwrap_or_else(|error| panic!("{sql}: {error}")).1
}

pub(crate) fn error_of(connection: &mut DriverConnection, sql: &str) -> Error {
    try_run(connection, sql, &()).expect_err(sql)
}

pub(crate) fn rows(connection: &mut DriverConnection, sql: &str) -> Vec<Vec<Value>> {
    try_run(connection, sql, &()).unwrap_or_else(|error| panic!("{sql}: {error}")).0
}

/// The first value of the first row.
pub(crate) fn scalar(connection: &mut DriverConnection, sql: &str) -> Value {
    rows(connection, sql).swap_remove(0).swap_remove(0)
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A row of parameters.
pub(crate) type Row = Vec<Value>;

/// Prepares, executes once for each row, and closes.
pub(crate) fn try_many(
    connection: &mut DriverConnection,
    sql: &str,
    rows: &[Row],
) -> Result<Option<u64>> {
    let statement = try_prepare(connection, sql)?;
    let result = connection.execute_many(&statement, rows, Limits::NONE);
    connection.close_statement(statement);
    result
}

pub(crate) fn many(connection: &mut DriverConnection, sql: &str, rows: &[Row]) -> Option<u64> {
    try_many(connection, sql, rows).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Executes the rows one by one, as executemany must appear to do: the sum of counts, or the error
/// and the row.
pub(crate) fn one_by_one(
    connection: &mut DriverConnection,
    sql: &str,
    rows: &[Row],
) -> std::result::Result<Option<u64>, (u64, Error)> {
    let statement = prepare(connection, sql);
    let mut sum = Some(0);
    for (index, row) in rows.iter().enumerate() {
        match execute(connection, &statement, row) {
            Ok((_, affected)) => sum = sum.zip(affected).map(|(sum, affected)| sum + affected),
            Err(error) => {
                connection.close_statement(statement);
                return Err((index as u64, error));
            }
        }
    }
    connection.close_statement(statement);
    Ok(sum)
}

/// How often the connection has prepared a statement that takes whole columns.
pub(crate) fn inserts_at_once(connection: &mut DriverConnection) -> i64 {
    let sql = "select count(*) from pg_prepared_statements where statement ~ 'rows from [(]'";
    match scalar(connection, sql) {
        Value::I64(count) => count,
        other => panic!("a count, not {other:?}"),
    }
}

pub(crate) fn begin(connection: &mut DriverConnection) {
    connection.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
}
