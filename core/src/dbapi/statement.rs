//! The statement that an author implements.

use super::{Call, Column, ParamRows, Parameter, Params, RowWriter};
use crate::error::{Error, Result};

/// A prepared statement. One at a time is active on a connection, unless the dialect declares
/// [`MultipleActive`](crate::dialect::Capability::MultipleActive).
///
/// Every method gets its connection, so that a driver over one socket needs no lock.
pub trait Statement: Send + Sized + 'static {
    /// The connection that it belongs to.
    type Connection;

    /// Executes and delivers the first rows, in one call.
    ///
    /// Blocks. The first delivery says how many [`columns`](RowWriter::columns) there are (also when
    /// no row follows), or nothing for a statement that returns no rows. A result that is still
    /// open from an earlier execution is abandoned first.
    ///
    /// # Errors
    /// What the database reports. Rows written before an error are delivered, then the error.
    fn execute<'a>(
        &'a mut self,
        connection: &'a mut Self::Connection,
        params: Params<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()>;

    /// Delivers the next rows of the current result. Blocks.
    ///
    /// # Errors
    /// As [`execute`](Statement::execute).
    fn fetch<'a>(
        &'a mut self,
        connection: &'a mut Self::Connection,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()>;

    /// Describes the columns of the current result; may be called while its rows are read. Not
    /// called for a result that was [described](RowWriter::describe).
    ///
    /// # Errors
    /// When the driver cannot tell.
    fn columns(&self, connection: &Self::Connection) -> Result<Vec<Column>>;

    /// Describes the parameters; `None` when the driver does not know them (before the first
    /// execution, where preparing is put off).
    ///
    /// # Errors
    /// When the driver cannot tell.
    fn parameters(&self, connection: &Self::Connection) -> Result<Option<Vec<Parameter>>> {
        let _ = connection;
        Ok(None)
    }

    /// Executes once for each row of parameters and says how many rows were
    /// [affected](RowWriter::affected) in all. The default calls [`execute`](Statement::execute)
    /// for each, and does so only where rows that come back are [not wanted](RowWriter::wants_none).
    ///
    /// A long executemany comes in several calls, each but the last with
    /// [more to follow](ParamRows::more_follow). Outside of a transaction a dialect may make all of
    /// them one; if the next call on the connection is then another, it undoes what it has begun.
    ///
    /// # Errors
    /// `NotSupported` from the default when rows are wanted.
    ///
    /// The error of the first row that fails, with its
    /// [index](crate::Error::failing_row) within the whole executemany; whether the rows before it
    /// stay is the transaction's business.
    fn execute_many<'a>(
        &'a mut self,
        connection: &'a mut Self::Connection,
        params: ParamRows<'_>,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<()> {
        crate::abi::shim::execute_each(self, connection, params, rows, call)
    }

    /// Goes on to the next result and delivers its first rows; false when there is none. Blocks.
    ///
    /// # Errors
    /// As [`execute`](Statement::execute).
    fn next_result<'a>(
        &'a mut self,
        connection: &'a mut Self::Connection,
        rows: &mut RowWriter<'_, 'a>,
        call: &Call<'_>,
    ) -> Result<bool> {
        let _ = (connection, rows, call);
        Ok(false)
    }

    /// Abandons the current result; blocks until the deadline at most.
    ///
    /// # Errors
    /// When the connection is no longer usable.
    fn reset(&mut self, connection: &mut Self::Connection, call: &Call<'_>) -> Result<()> {
        let _ = (connection, call);
        Ok(())
    }

    /// Called before the statement is dropped, with its connection. Must not wait for the server.
    fn close(&mut self, connection: &mut Self::Connection) {
        let _ = connection;
    }
}

/// The error of every default.
#[cold]
pub(crate) fn not_supported(what: &str) -> Error {
    Error::not_supported(format!("{what} is not supported by this dialect")).with_sqlstate("0A000")
}
