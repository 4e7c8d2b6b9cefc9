//! Executing a statement on a connection, or on the engine without one.

use std::panic::Location;
use std::sync::Arc;
use std::time::Instant;

use super::bound::{Bound, Named};
use super::cursor::CursorResult;
use super::executable::{DriverSql, Executable};
use super::failed::{failed, with_many_parameters, with_parameters};
use super::given::{Given, How};
use super::insert_many::InsertMany;
use super::params::{IntoParams, NamedParams, Shape};
use super::prepared::{Executed, Outcome, Prepared};
use super::scalars::ScalarResult;
use super::streamed::Held;
use super::told::{self, Rows};
use crate::abi::host::{BindRow, DriverConnection, DriverStatement, ExecuteOptions, Limits};
use crate::engine::{Connection, Engine, Origin};
use crate::error::{Error, Result};
use crate::text::{BindParam, ExecutionOptions, TextClause};
use crate::value::FromValue;

impl Connection {
    /// Executes a statement. The first one begins a transaction.
    ///
    /// With many rows of parameters it is an executemany: the statement is executed once for each,
    /// and the result tells how many rows were changed in all. Rows that come back are discarded,
    /// unless it is a `RETURNING` with values by name:
    /// [`InsertManyValues`](super::InsertManyValues). A list of one is no executemany.
    ///
    /// Queries and statements that change rows are kept prepared. Blocks.
    ///
    /// # Errors
    /// What the database reports, with the statement; `Programming` for missing or extra
    /// parameters, and for text that holds no statement or more than one.
    #[track_caller]
    pub fn execute<S: Executable, P: IntoParams>(
        &mut self,
        statement: S,
        params: P,
    ) -> Result<CursorResult<'_>> {
        let options = effective(self, None, &statement)?;
        let caller = Location::caller();
        let executed = run(self, &statement, &params.shape(), &options, caller)?;
        Ok(CursorResult::new(Held::of(self), executed))
    }

    /// As [`execute`](Connection::execute), with options for this execution. They go before those
    /// of the engine, which go before those of the statement.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute).
    #[track_caller]
    pub fn execute_with<S: Executable, P: IntoParams>(
        &mut self,
        statement: S,
        params: P,
        options: &ExecutionOptions,
    ) -> Result<CursorResult<'_>> {
        let options = effective(self, Some(options), &statement)?;
        let caller = Location::caller();
        let executed = run(self, &statement, &params.shape(), &options, caller)?;
        Ok(CursorResult::new(Held::of(self), executed))
    }

    /// The first value of the first row: [`execute`](Connection::execute) and
    /// [`CursorResult::scalar`].
    ///
    /// # Errors
    /// As those.
    #[track_caller]
    pub fn scalar<T: for<'r> FromValue<'r>>(
        &mut self,
        statement: impl Executable,
        params: impl IntoParams,
    ) -> Result<T> {
        self.execute(statement, params)?.scalar()
    }

    /// The values of the first column: [`execute`](Connection::execute) and
    /// [`CursorResult::scalars`].
    ///
    /// # Errors
    /// As those.
    #[track_caller]
    pub fn scalars<T: for<'r> FromValue<'r>>(
        &mut self,
        statement: impl Executable,
        params: impl IntoParams,
    ) -> Result<ScalarResult<'_, T>> {
        self.execute(statement, params)?.scalars(0)
    }

    /// Executes the driver's own text: nothing in it is read as a bind, and values go by place
    /// (SQLAlchemy's `exec_driver_sql`). Blocks.
    ///
    /// # Errors
    /// As [`execute`](Connection::execute); `InvalidRequest` for values by name.
    #[track_caller]
    pub fn exec_driver_sql<P: IntoParams>(
        &mut self,
        sql: &str,
        params: P,
    ) -> Result<CursorResult<'_>> {
        self.execute(DriverSql(sql), params)
    }
}

impl Engine {
    /// Executes one statement on a connection of its own, which the result holds (SQLAlchemy's
    /// connectionless execution). A statement that succeeds is committed. Blocks.
    ///
    /// # Errors
    /// As [`Connection::execute`] and [`Engine::connect`].
    #[track_caller]
    pub fn execute<S: Executable, P: IntoParams>(
        &self,
        statement: S,
        params: P,
    ) -> Result<CursorResult<'static>> {
        let mut connection = self.connect_at(Location::caller())?;
        connection.commit_each_statement()?;
        let options = effective(&connection, None, &statement)?;
        let caller = Location::caller();
        let executed = run(&mut connection, &statement, &params.shape(), &options, caller)?;
        Ok(CursorResult::new(Held::Owned(connection.into_lease()), executed))
    }
}

/// What holds for an execution: its own options, then those of the connection, then those of the
/// statement.
#[inline]
fn effective<S: Executable>(
    connection: &Connection,
    given: Option<&ExecutionOptions>,
    statement: &S,
) -> Result<ExecutionOptions> {
    let own = statement.clause().map(TextClause::get_execution_options);
    if let Some(option) = [given, own].into_iter().flatten().find_map(|o| o.of_transactions()) {
        return Err(of_transactions(option));
    }
    let of_connection = connection.get_execution_options();
    let options = given.map_or_else(|| of_connection.clone(), |given| given.or(of_connection));
    Ok(match own {
        None => options,
        Some(own) => options.or(own),
    })
}

fn run<S: Executable>(
    connection: &mut Connection,
    statement: &S,
    shape: &Shape<'_>,
    options: &ExecutionOptions,
    caller: &'static Location<'static>,
) -> Result<Executed> {
    connection.ready()?;
    let limits = connection.limits(options)?;
    let how = How {
        start: ExecuteOptions {
            batch_rows: options.batch_rows(),
            limits,
            ..ExecuteOptions::default()
        },
        page_size: options.page_size(),
        sorts: options.sorts(),
        is_watched: connection.is_watched(),
        caller,
        told_in: connection.told_in(),
    };
    let given = Given::of(statement);
    let executed = if told::is_listened_to(connection) {
        told::execute(connection, given, shape, options, how)
    } else {
        send(connection, given, shape, how)
    };
    Ok(Executed { yield_per: options.partition(), timeout: options.timeout, ..executed? })
}

/// Executes a statement; an error of it has the statement and its parameters.
#[inline]
pub(super) fn send(
    connection: &mut Connection,
    given: Given<'_>,
    shape: &Shape<'_>,
    how: How,
) -> Result<Executed> {
    // A list of one is one execution.
    let single;
    let shape = match shape {
        Shape::ManyNamed([row]) => {
            single = Shape::Named(row);
            &single
        }
        Shape::ManyPositional(rows) if rows.len() == 1 => {
            single = Shape::Positional(rows[0]);
            &single
        }
        _ => shape,
    };
    let metered = connection.is_metered().then(Instant::now);
    let mut sent = dispatch(connection, given, shape, how);
    if let Some(started) = metered {
        told::meter(connection, given.sql, started.elapsed(), &mut sent);
    }
    match sent {
        Ok(executed) => Ok(executed),
        Err(error) => Err(failed(connection, error, given, shape)),
    }
}

#[inline(always)] // what is executed is not copied on its way out
fn dispatch(
    connection: &mut Connection,
    given: Given<'_>,
    shape: &Shape<'_>,
    how: How,
) -> Result<Executed> {
    let by_place = matches!(shape, Shape::Positional(_) | Shape::ManyPositional(_));
    match given.declared {
        Some(_) if by_place => Err(values_by_place()),
        Some(declared) => with_binds(connection, given.sql, declared, shape, how),
        None if by_place || given.is_drivers_own => drivers_own(connection, given.sql, shape, how),
        None => with_binds(connection, given.sql, &[], shape, how),
    }
}

fn drivers_own(
    connection: &mut Connection,
    sql: &str,
    shape: &Shape<'_>,
    how: How,
) -> Result<Executed> {
    let options = how.start;
    if matches!(shape, Shape::Named(_) | Shape::ManyNamed(_)) {
        return Err(values_by_name());
    }
    connection.autobegin(sql, options.limits)?;
    if how.is_watched || told::is_cursor_listened_to(connection) {
        let rows = match shape {
            Shape::Positional(row) => Rows::One(*row),
            Shape::ManyPositional(rows) => Rows::Many(rows),
            _ => Rows::One(&()),
        };
        return told::execute_cursor(connection, sql, rows, how, Origin::Raw);
    }
    let session = connection.session();
    let prepared = Prepared::drivers_own(session, sql, options.limits)?;
    prepared
        .execute(session, |driver, statement| match shape {
            Shape::Positional(row) => one(driver, statement, *row, options),
            Shape::ManyPositional(rows) => many(driver, statement, rows, options.limits),
            Shape::None | Shape::Named(_) | Shape::ManyNamed(_) => {
                one(driver, statement, &(), options)
            }
        })
        .map_err(|error| error.with_statement(sql))
}

pub(super) fn with_binds(
    connection: &mut Connection,
    sql: &str,
    declared: &[BindParam],
    shape: &Shape<'_>,
    how: How,
) -> Result<Executed> {
    // A declaration is part of what the statement is, and not of its text.
    let found =
        if declared.is_empty() { connection.session().statements.find(sql, true) } else { None };
    let compiled = match found.as_ref().and_then(|kept| kept.compiled.as_ref()) {
        Some(compiled) => Arc::clone(compiled),
        None => connection.compile(sql, declared),
    };
    let binds = Named { compiled: &compiled, declared };
    binds.check(shape).map_err(|error| error.with_statement(sql))?;
    if let Shape::ManyNamed(rows) = shape
        && let Some(many) = InsertMany::of(connection, sql, binds, rows, how)
    {
        return many.execute(connection);
    }
    connection.autobegin(sql, how.start.limits)?;
    let Some(fixed) = compiled.fixed() else {
        return expanded(connection, sql, binds, shape, how);
    };
    if how.is_watched || told::is_cursor_listened_to(connection) {
        let row = |named| binds.row(named, &fixed.slots);
        let (one, many);
        let rows = match shape {
            Shape::ManyNamed(rows) => {
                many = rows.iter().map(|named| row(Some(named))).collect::<Vec<_>>();
                Rows::Bound(&many)
            }
            Shape::Named(named) => {
                one = row(Some(named));
                Rows::One(&one)
            }
            _ => {
                one = row(None);
                Rows::One(&one)
            }
        };
        let origin = Origin::Compiled(compiled.stamp());
        return told::execute_cursor(connection, &fixed.sql, rows, how, origin);
    }
    let session = connection.session();
    let prepared = match found {
        Some(kept) => Prepared::kept(kept),
        None if declared.is_empty() => {
            Prepared::new(session, sql, &fixed.sql, Some(Arc::clone(&compiled)), how.start.limits)?
        }
        None => Prepared::once(session, sql, &fixed.sql, how.start.limits)?,
    };
    prepared
        .execute(session, |driver, statement| match shape {
            Shape::ManyNamed(rows) => {
                let rows: Vec<Bound<'_>> =
                    rows.iter().map(|row| binds.row(Some(row), &fixed.slots)).collect();
                many(driver, statement, &rows, how.start.limits)
            }
            Shape::Named(row) => {
                one(driver, statement, &binds.row(Some(row), &fixed.slots), how.start)
            }
            _ => one(driver, statement, &binds.row(None, &fixed.slots), how.start),
        })
        .map_err(|error| error.with_statement(fixed.sql.as_str()))
}

/// Executes a text that differs with the values: its lists are of some lengths.
fn expanded(
    connection: &mut Connection,
    sql: &str,
    binds: Named<'_>,
    shape: &Shape<'_>,
    how: How,
) -> Result<Executed> {
    let options = how.start;
    let named: Option<&NamedParams> = match shape {
        Shape::Named(row) => Some(row),
        Shape::ManyNamed(_) => return Err(expanding_many(sql)),
        _ => None,
    };
    let assembled = binds.compiled.assemble(&binds.row(named, &[]).values())?;
    if how.is_watched || told::is_cursor_listened_to(connection) {
        let row = binds.row(named, &assembled.slots);
        let origin = Origin::Compiled(binds.compiled.stamp());
        return told::execute_cursor(connection, &assembled.sql, Rows::One(&row), how, origin);
    }
    let session = connection.session();
    // Lists of one length share a statement, which is the driver's own text.
    let prepared = Prepared::drivers_own(session, &assembled.sql, options.limits)?;
    prepared
        .execute(session, |driver, statement| {
            one(driver, statement, &binds.row(named, &assembled.slots), options)
        })
        .map_err(|error| error.with_statement(assembled.sql.as_str()))
}

#[inline]
pub(super) fn one<R: BindRow + ?Sized>(
    driver: &mut DriverConnection,
    statement: &DriverStatement,
    row: &R,
    options: ExecuteOptions,
) -> Result<Outcome> {
    let started = driver.start(statement, row, options).map(Outcome::Cursor);
    started.map_err(|error| with_parameters(error, row))
}

pub(super) fn many<R: BindRow>(
    driver: &mut DriverConnection,
    statement: &DriverStatement,
    rows: &[R],
    limits: Limits,
) -> Result<Outcome> {
    let executed = driver.execute_many(statement, rows, limits).map(Outcome::Many);
    executed.map_err(|error| with_many_parameters(error, rows))
}

#[cold]
fn of_transactions(option: &str) -> Error {
    Error::argument(format!("`{option}` is an option of transactions, and not of a statement"))
        .with_help("give it to the connection or the engine: execution_options()")
}

#[cold]
fn values_by_place() -> Error {
    Error::invalid_request("the values of text() go by name, and these go by place").with_help(
        "give them with params!, or execute the text as &str with the placeholders of the database",
    )
}

#[cold]
fn values_by_name() -> Error {
    Error::invalid_request("the driver's own text takes values by place, and these go by name")
        .with_help("give them as a tuple, or execute the text with execute(), which reads binds")
}

#[cold]
fn expanding_many(sql: &str) -> Error {
    Error::invalid_request("a bind that expands to a list cannot be part of an executemany")
        .with_statement(sql)
        .with_help("execute the statement once for each row of values")
}
