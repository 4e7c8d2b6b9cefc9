//! A whole dialect to copy from: `select n` yields n rows, and that is all its database can do.

#![forbid(unsafe_code)]

use aludel::dbapi::{
    Call, Column, Connection, Params, PrepareOptions, Prepared, RowWriter, SqlType, Statement,
    TypeKind,
};
use aludel::dialect::{ConnectArgs, Dialect, DialectInfo};
use aludel::{Error, Result};

/// The dialect: its data, and how it connects.
pub struct Toy;

impl Dialect for Toy {
    type Connection = ToyConnection;
    const INFO: DialectInfo = DialectInfo::new("toy", env!("CARGO_PKG_VERSION"));

    fn connect(args: &ConnectArgs<'_>, _: &Call<'_>) -> Result<ToyConnection> {
        match args.database {
            Some("missing") => Err(Error::operational("there is no database `missing`")),
            _ => Ok(ToyConnection),
        }
    }
}

/// A connection; a real one holds a socket or a handle.
pub struct ToyConnection;

impl Connection for ToyConnection {
    type Statement = ToyStatement;

    fn prepare(
        &mut self,
        sql: &str,
        _: PrepareOptions,
        _: &Call<'_>,
    ) -> Result<Prepared<ToyStatement>> {
        let body = sql.trim_start_matches([';', ' ', '\n', '\t']);
        let (text, rest) = body.split_once(';').unwrap_or((body, ""));
        let consumed = sql.len() - rest.len();
        let wrong = |at: &str| Error::programming(format!("syntax error at {at:?}"));
        let rows = match text.trim_end().split_once(' ') {
            _ if text.is_empty() => return Ok(Prepared { statement: None, consumed }),
            Some(("select", count)) => count.parse().map_err(|_| wrong(count))?,
            Some(("panic", message)) => panic!("{message}"),
            _ => return Err(wrong(text)),
        };
        tracing::debug!(rows, "prepared");
        Ok(Prepared { statement: Some(ToyStatement { rows, next: 0 }), consumed })
    }
}

/// A statement; it remembers how far its rows have been read.
pub struct ToyStatement {
    rows: i64,
    next: i64,
}

impl Statement for ToyStatement {
    type Connection = ToyConnection;

    fn execute<'a>(
        &'a mut self,
        connection: &'a mut ToyConnection,
        _: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.next = 0;
        self.fetch(connection, rows, call)
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut ToyConnection,
        rows: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        rows.columns(2);
        while self.next < self.rows && rows.wants_row() {
            let mut row = rows.row();
            row.i64(self.next);
            row.text(&format!("row {}", self.next));
            if !row.commit() {
                return Ok(()); // no room: the next call presents this row again
            }
            self.next += 1;
        }
        if self.next >= self.rows {
            rows.done();
        }
        Ok(())
    }

    fn columns(&self, _: &ToyConnection) -> Result<Vec<Column>> {
        let number = Column::new("i", SqlType::new(TypeKind::BigInteger, "INT"));
        Ok(vec![number, Column::new("name", SqlType::new(TypeKind::Text, "TEXT"))])
    }
}
