//! What the checks are made against: a dialect, and how its statements are written.

use aludel::abi::host::{DriverConnection, DriverDialect, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::dialect::ConnectArgs;
use aludel::{Result, Value};

/// A dialect that is being checked.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The dialect, linked or loaded.
    pub dialect: DriverDialect,
    /// Its language.
    pub speech: Speech,
}

/// How a dialect says what every dialect can say.
#[derive(Debug, Clone, Copy)]
pub struct Speech {
    /// Before a number: a statement that yields so many rows of `i` and `row i`, from 0.
    pub rows: &'static str,
    /// Inserts a row of two parameters, for dialects that do not make rows up.
    pub fill: Option<&'static str>,
    /// Names of the two columns.
    pub columns: [&'static str; 2],
    /// True for a dialect that has every capability.
    pub complete: bool,
}

/// The toy dialect's language.
pub const TOY: Speech =
    Speech { rows: "select", fill: None, columns: ["i", "name"], complete: false };

/// The C dialect's language.
pub const MEMORY: Speech =
    Speech { rows: "GET", fill: Some("PUT"), columns: ["key", "text"], complete: false };

/// The language of the dialect of everything.
pub const EVERYTHING: Speech =
    Speech { rows: "rows", fill: None, columns: ["i", "name"], complete: true };

impl Subject {
    /// A connection to a database of its own.
    ///
    /// # Panics
    /// When it cannot be opened.
    pub fn connect(&self) -> DriverConnection {
        self.connect_to(None).expect("the dialect connects")
    }

    /// A connection to the database of this name.
    ///
    /// # Errors
    /// What the dialect reports.
    pub fn connect_to(&self, database: Option<&str>) -> Result<DriverConnection> {
        self.dialect.connect(&ConnectArgs { database, ..arguments() }, Limits::NONE)
    }
}

/// A URL that says nothing but its scheme.
pub fn arguments() -> ConnectArgs<'static> {
    ConnectArgs {
        scheme: "test",
        hosts: Vec::new(),
        username: None,
        password: None,
        database: None,
        options: Vec::new(),
        is_untrusted: false,
        engine: 0,
    }
}

/// Prepares a text that holds a statement.
///
/// # Errors
/// What the dialect reports.
///
/// # Panics
/// When the text holds no statement.
pub fn prepare(connection: &mut DriverConnection, sql: &str) -> Result<DriverStatement> {
    let (statement, _) = connection.prepare(sql, PrepareOptions::default(), Limits::NONE)?;
    Ok(statement.unwrap_or_else(|| panic!("{sql:?} holds a statement")))
}

/// Executes a text and copies all rows of its first result.
///
/// # Errors
/// What the dialect reports.
pub fn query(connection: &mut DriverConnection, sql: &str) -> Result<Vec<Vec<Value>>> {
    query_with(connection, sql, &[], ExecuteOptions::default())
}

/// Executes a text with parameters and copies all rows of its first result.
///
/// # Errors
/// What the dialect reports.
pub fn query_with(
    connection: &mut DriverConnection,
    sql: &str,
    params: &[Value],
    options: ExecuteOptions,
) -> Result<Vec<Vec<Value>>> {
    let statement = prepare(connection, sql)?;
    let rows = read_all(connection, &statement, params, options);
    connection.close_statement(statement);
    rows
}

/// Executes a statement and copies all rows of its first result.
///
/// # Errors
/// What the dialect reports.
pub fn read_all(
    connection: &mut DriverConnection,
    statement: &DriverStatement,
    params: &[Value],
    options: ExecuteOptions,
) -> Result<Vec<Vec<Value>>> {
    let mut cursor = connection.execute(statement, params, options)?;
    let mut rows = Vec::new();
    while let Some(row) = cursor.next()? {
        rows.push((0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_>>()?);
    }
    Ok(rows)
}

/// The rows `(0, "row 0")`, `(1, "row 1")` and so on.
pub fn counted(rows: i64) -> Vec<Vec<Value>> {
    (0..rows).map(|i| vec![Value::I64(i), Value::Text(format!("row {i}"))]).collect()
}
