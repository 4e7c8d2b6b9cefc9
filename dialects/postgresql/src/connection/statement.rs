//! The statement: aludel's trait over the parts in other files.

use std::sync::Arc;

use aludel::dbapi::{Call, Column, ParamRows, Parameter, Params, RowWriter, Statement};
use aludel::error::{Error, Result};

use super::execute::Run;
use super::open::{Front, advance, deliver};
use super::postgresql::PostgresqlConnection;
use super::prepared::Prepared;
use crate::split::{First, StatementKind};

/// A statement of a PostgreSQL connection. The server sees it when it is first executed.
pub struct PostgresqlStatement {
    pub(super) id: u64,
    /// Number of the connection that it belongs to.
    connection: u64,
    pub(super) sql: Arc<str>,
    pub(super) kind: StatementKind,
    pub(super) prepared: Option<Arc<Prepared>>,
}

impl PostgresqlStatement {
    pub(super) fn new(id: u64, connection: u64, first: &First<'_>) -> Self {
        PostgresqlStatement {
            id,
            connection,
            sql: first.text.into(),
            kind: first.kind,
            prepared: None,
        }
    }

    /// A statement whose text is known already.
    pub(super) fn known(id: u64, connection: u64, prepared: &Arc<Prepared>) -> Self {
        PostgresqlStatement {
            id,
            connection,
            sql: Arc::clone(&prepared.sql),
            kind: prepared.kind,
            prepared: Some(Arc::clone(prepared)),
        }
    }

    /// Refuses a connection that is not the statement's own.
    fn check_connection(&self, connection: &PostgresqlConnection) -> Result<()> {
        if self.connection == connection.id { Ok(()) } else { Err(foreign()) }
    }

    /// True when the open result of the connection is this statement's.
    fn is_open(&self, connection: &PostgresqlConnection) -> bool {
        connection.open.as_ref().is_some_and(|open| open.statement == self.id)
    }
}

impl Statement for PostgresqlStatement {
    type Connection = PostgresqlConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut PostgresqlConnection,
        params: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.check_connection(connection)?;
        let _running = connection.start(call)?;
        let one_row = rows.wants_one();
        connection.run(self, Run { params, one_row })?;
        connection.deliver(rows)
    }

    fn fetch<'a>(
        &'a mut self,
        connection: &'a mut PostgresqlConnection,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.check_connection(connection)?;
        if !self.is_open(connection) {
            return Err(closed());
        }
        let _running = connection.resume(call)?;
        connection.deliver(rows)
    }

    fn columns(&self, connection: &PostgresqlConnection) -> Result<Vec<Column>> {
        self.check_connection(connection)?;
        let open = connection.open.as_ref().filter(|open| open.statement == self.id);
        let prepared = open.map(|open| &open.prepared).or(self.prepared.as_ref());
        Ok(prepared.map(|prepared| prepared.describe_columns().to_vec()).unwrap_or_default())
    }

    fn parameters(&self, connection: &PostgresqlConnection) -> Result<Option<Vec<Parameter>>> {
        self.check_connection(connection)?;
        Ok(self.prepared.as_ref().map(|prepared| prepared.describe_parameters()))
    }

    /// The rows travel without waiting for one another. An executemany that is in no transaction is
    /// one: all of its rows are stored, or none.
    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut PostgresqlConnection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.check_connection(connection)?;
        let _running = connection.start_many(self, params, call)?;
        if !rows.wants_none() && self.kind.may_return_rows() && !params.is_empty() {
            connection.run_many_returning(self, params)?;
            return connection.deliver(rows);
        }
        if let Some(affected) = connection.run_many(self, params)? {
            rows.affected(affected);
        }
        rows.done();
        Ok(())
    }

    fn reset(&mut self, connection: &mut PostgresqlConnection, call: &Call<'_>) -> Result<()> {
        self.check_connection(connection)?;
        if self.is_open(connection) { connection.let_go(call) } else { Ok(()) }
    }
}

impl PostgresqlConnection {
    /// Delivers rows of the open result, after waiting for the first of them.
    fn deliver<'a>(&'a mut self, rows: &mut RowWriter<'_, 'a>) -> Result<()> {
        let open = self.open.as_mut().ok_or_else(closed)?;
        if open.has_failed {
            return Err(failed());
        }
        loop {
            match advance(&mut self.link, open)? {
                Front::Failed(fields) => {
                    open.has_failed = true;
                    let error = self.link.settle(&fields, Some(&open.prepared.sql))?;
                    return Err(open.locate(error));
                }
                Front::Row if rows.wants_none() => drop(self.link.receive()?),
                Front::Row | Front::End => break,
            }
        }
        let delivered = deliver(&mut self.link, open, rows);
        if delivered.as_ref().is_err_and(|error| error.sqlstate().is_none())
            && open.prepared.has_own_types()
        {
            // One of the types may have been altered: the next execution asks for them again.
            open.prepared.forget();
            self.catalog.forget();
        }
        delivered
    }
}

#[cold]
fn foreign() -> Error {
    Error::interface("this statement belongs to another connection")
        .with_help("prepare it on the connection that executes it")
}

#[cold]
fn failed() -> Error {
    Error::resource_closed("the result is closed: an error that was reported has ended it")
        .with_help("execute the statement again")
}

#[cold]
fn closed() -> Error {
    Error::resource_closed("the result is closed: another statement has run on its connection")
        .with_help("read a result to its end before the next statement, or collect its rows")
}
