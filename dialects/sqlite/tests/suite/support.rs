//! Short ways to connect, execute and read.

use aludel::abi::host::{
    BindRow, DriverConnection, DriverDialect, DriverStatement, ExecuteOptions, Limits,
};
use aludel::dbapi::{PrepareOptions, ScriptOutcome};
use aludel::dialect::{ConnectArgs, ConnectPlan};
use aludel::error::{Error, Result};
use aludel::{Url, Value};

pub(crate) fn sqlite() -> DriverDialect {
    DriverDialect::from(aludel_dialect_sqlite::dialect())
}

pub(crate) fn with_args<R>(url: &str, call: impl FnOnce(&ConnectArgs<'_>) -> R) -> R {
    with_args_of(0, url, call)
}

fn with_args_of<R>(engine: u64, url: &str, call: impl FnOnce(&ConnectArgs<'_>) -> R) -> R {
    let url = Url::parse(url).unwrap();
    let options = url.normalized_query().flat_map(|(name, values)| {
        values.iter().map(move |value| (name.into(), value.as_str().into()))
    });
    call(&ConnectArgs {
        scheme: url.drivername(),
        hosts: url.hosts().to_vec(),
        username: url.username(),
        password: url.password(),
        database: url.database(),
        options: options.collect(),
        is_untrusted: false,
        engine,
    })
}

pub(crate) fn try_connect(url: &str) -> Result<DriverConnection> {
    with_args(url, |args| sqlite().connect(args, Limits::NONE))
}

pub(crate) fn connect(url: &str) -> DriverConnection {
    try_connect(url).unwrap()
}

pub(crate) fn plan(url: &str) -> Result<ConnectPlan> {
    with_args(url, |args| sqlite().create_connect_args(args))
}

/// What an engine of this number is told.
pub(crate) fn plan_of(engine: u64, url: &str) -> ConnectPlan {
    with_args_of(engine, url, |args| sqlite().create_connect_args(args)).unwrap()
}

/// A connection of the engine of this number.
pub(crate) fn connect_of(engine: u64, url: &str) -> DriverConnection {
    with_args_of(engine, url, |args| sqlite().connect(args, Limits::NONE)).unwrap()
}

pub(crate) fn memory() -> DriverConnection {
    connect("sqlite://")
}

/// The URL of a file in a directory, which may need escapes that a URL has.
pub(crate) fn file_url(directory: &tempfile::TempDir, name: &str, query: &str) -> String {
    format!("sqlite:///{}?{query}", directory.path().join(name).display())
}

pub(crate) fn prepare(connection: &mut DriverConnection, sql: &str) -> DriverStatement {
    try_prepare(connection, sql).unwrap()
}

pub(crate) fn try_prepare(connection: &mut DriverConnection, sql: &str) -> Result<DriverStatement> {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE)?;
    Ok(statement.expect("a statement"))
}

pub(crate) fn try_script(
    connection: &mut DriverConnection,
    sql: &str,
) -> (Result<()>, ScriptOutcome) {
    let mut outcome = ScriptOutcome::default();
    (connection.execute_script(sql, &mut outcome, Limits::NONE), outcome)
}

pub(crate) fn script(connection: &mut DriverConnection, sql: &str) {
    try_script(connection, sql).0.unwrap();
}

/// Executes and tells how many rows were changed.
pub(crate) fn try_run<P: BindRow + ?Sized>(
    connection: &mut DriverConnection,
    sql: &str,
    params: &P,
) -> Result<Option<u64>> {
    let statement = try_prepare(connection, sql)?;
    let result = (|| {
        let mut cursor = connection.execute(&statement, params, ExecuteOptions::default())?;
        while cursor.next()?.is_some() {}
        Ok(cursor.affected())
    })();
    connection.close_statement(statement);
    result
}

pub(crate) fn run(connection: &mut DriverConnection, sql: &str) -> Option<u64> {
    try_run(connection, sql, &()).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

pub(crate) fn error_of(connection: &mut DriverConnection, sql: &str) -> Error {
    try_run(connection, sql, &()).expect_err(sql)
}

pub(crate) fn rows_with<P: BindRow + ?Sized>(
    connection: &mut DriverConnection,
    sql: &str,
    params: &P,
) -> Vec<Vec<Value>> {
    let statement = prepare(connection, sql);
    let mut rows = Vec::new();
    let mut cursor = connection.execute(&statement, params, ExecuteOptions::default()).unwrap();
    while let Some(row) = cursor.next().unwrap() {
        rows.push((0..row.len()).map(|index| row.owned_value(index).unwrap()).collect());
    }
    drop(cursor);
    connection.close_statement(statement);
    rows
}

pub(crate) fn rows(connection: &mut DriverConnection, sql: &str) -> Vec<Vec<Value>> {
    rows_with(connection, sql, &())
}

/// The first value of the first row.
pub(crate) fn scalar(connection: &mut DriverConnection, sql: &str) -> Value {
    rows(connection, sql).swap_remove(0).swap_remove(0)
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}
