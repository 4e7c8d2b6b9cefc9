//! A dialect that notes which thread calls it: a database of nothing but `select n`, with transactions.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aludel::dbapi::{
    Call, Column, Connection, Params, PrepareOptions, Prepared, RowWriter, SqlType, Statement,
    TransactionOptions, TransactionState, TypeKind,
};
use aludel::dialect::{Capability, ConnectArgs, Dialect, DialectInfo};
use aludel::{Error, Result};

use crate::calls::Calls;

static DATABASES: Mutex<Option<HashMap<String, Arc<Calls>>>> = Mutex::new(None);

/// What was called for the database of this name: `watched:///name`.
pub fn calls_of(database: &str) -> Arc<Calls> {
    let mut databases = DATABASES.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(databases.get_or_insert_default().entry(database.to_owned()).or_default())
}

/// The dialect.
pub struct Watched;

impl Dialect for Watched {
    type Connection = WatchedConnection;

    const INFO: DialectInfo = DialectInfo {
        capabilities: &[Capability::Transactions],
        ..DialectInfo::new("watched", env!("CARGO_PKG_VERSION"))
    };

    fn connect(args: &ConnectArgs<'_>, _: &Call<'_>) -> Result<WatchedConnection> {
        let calls = calls_of(args.database.unwrap_or_default());
        calls.note("connect");
        Ok(WatchedConnection { calls, begun: false })
    }
}

/// A connection.
pub struct WatchedConnection {
    calls: Arc<Calls>,
    begun: bool,
}

impl Connection for WatchedConnection {
    type Statement = WatchedStatement;

    fn prepare(
        &mut self,
        sql: &str,
        _: PrepareOptions,
        _: &Call<'_>,
    ) -> Result<Prepared<WatchedStatement>> {
        if sql == "lose" {
            return Err(Error::operational("the connection is gone").disconnected());
        }
        let number = sql.strip_prefix("select ").and_then(|number| number.parse().ok());
        let Some(number) = number else { return Err(Error::programming("select n, or lose")) };
        Ok(Prepared { statement: Some(WatchedStatement(number)), consumed: sql.len() })
    }

    fn begin(&mut self, _: &TransactionOptions<'_>, _: &Call<'_>) -> Result<()> {
        self.calls.note("begin");
        self.begun = true;
        Ok(())
    }

    fn commit(&mut self, _: &Call<'_>) -> Result<()> {
        self.calls.note("commit");
        self.begun = false;
        Ok(())
    }

    fn rollback(&mut self, _: &Call<'_>) -> Result<()> {
        self.calls.note("rollback");
        self.begun = false;
        Ok(())
    }

    fn ping(&mut self, _: &Call<'_>) -> Result<()> {
        self.calls.note("ping");
        Ok(())
    }

    fn transaction_state(&self) -> TransactionState {
        match self.begun {
            true => TransactionState::Active,
            false => TransactionState::Idle,
        }
    }

    fn close(&mut self, _: &Call<'_>) -> Result<()> {
        self.calls.note("close");
        Ok(())
    }
}

impl Drop for WatchedConnection {
    fn drop(&mut self) {
        self.calls.note("drop");
    }
}

/// A statement: its one number.
pub struct WatchedStatement(i64);

impl Statement for WatchedStatement {
    type Connection = WatchedConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut WatchedConnection,
        _: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.fetch(connection, rows, call)
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut WatchedConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.columns(1);
        if rows.wants_row() {
            let mut row = rows.row();
            row.i64(self.0);
            if !row.commit() {
                return Ok(());
            }
        }
        rows.done();
        Ok(())
    }

    fn columns(&self, _: &WatchedConnection) -> Result<Vec<Column>> {
        Ok(vec![Column::new("n", SqlType::new(TypeKind::BigInteger, "INT"))])
    }
}
