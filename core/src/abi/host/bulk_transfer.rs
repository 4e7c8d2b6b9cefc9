//! Bulk operations as values that end when they are dropped.

use std::io;
use std::time::Duration;

use super::connection::DriverConnection;
use super::limits::Limits;
use super::params::BindRow;
use crate::dbapi::{BulkDirection, BulkSpec};
use crate::error::{Error, Result};

/// How long dropping an operation may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl DriverConnection {
    /// Begins to load. The limits are those of the whole operation.
    ///
    /// # Errors
    /// `Argument` for a `spec` that brings rows out; as [`bulk_begin`](Self::bulk_begin).
    pub fn bulk_in(&mut self, spec: &BulkSpec<'_>, limits: Limits) -> Result<BulkWriter<'_>> {
        if spec.direction != BulkDirection::In {
            return Err(Error::argument("this bulk operation brings rows out")
                .with_help("use `BulkSpec::into_table`, or `bulk_out`"));
        }
        self.bulk_begin(spec, limits)?;
        Ok(BulkWriter { operation: Operation { connection: self, limits, is_open: true } })
    }

    /// Begins to unload. The limits are those of the whole operation.
    ///
    /// # Errors
    /// `Argument` for a `spec` that takes rows in; as [`bulk_begin`](Self::bulk_begin).
    pub fn bulk_out(&mut self, spec: &BulkSpec<'_>, limits: Limits) -> Result<BulkReader<'_>> {
        if spec.direction != BulkDirection::Out {
            return Err(Error::argument("this bulk operation takes rows in")
                .with_help("use `BulkSpec::from_table` or `from_query`, or `bulk_in`"));
        }
        self.bulk_begin(spec, limits)?;
        Ok(BulkReader { operation: Operation { connection: self, limits, is_open: true } })
    }
}

/// An operation that is abandoned when it is dropped before its end.
struct Operation<'c> {
    connection: &'c mut DriverConnection,
    limits: Limits,
    is_open: bool,
}

impl Operation<'_> {
    fn end(&mut self, commit: bool) -> Result<u64> {
        self.is_open = false;
        self.connection.bulk_end(commit, self.limits)
    }
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        if self.is_open {
            // An error here is one that nobody asked to see; a broken connection remembers it.
            let _ = self.connection.bulk_end(false, Limits::within(PATIENCE));
        }
    }
}

/// A bulk operation into the database. Nothing is kept until it is [finished](Self::finish);
/// dropping it abandons it, and waits for the server at most ten seconds.
///
/// Bytes may also be written to it as to a file, by [`io::Write`]: `io::copy(&mut file, &mut writer)`.
#[must_use = "an operation that is not finished is abandoned"]
pub struct BulkWriter<'c> {
    operation: Operation<'c>,
}

impl BulkWriter<'_> {
    /// Sends rows of values.
    ///
    /// # Errors
    /// What the database reports; the operation cannot be finished then.
    pub fn rows<P: BindRow>(&mut self, rows: &[P]) -> Result<()> {
        let Operation { connection, limits, .. } = &mut self.operation;
        connection.bulk_write_rows(rows, *limits)
    }

    /// Sends bytes in the format of the operation; pieces may end anywhere.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        let Operation { connection, limits, .. } = &mut self.operation;
        connection.bulk_write_bytes(bytes, *limits)
    }

    /// Ends the operation and tells how many rows it has brought in.
    ///
    /// # Errors
    /// What the database reports; nothing is kept then.
    pub fn finish(mut self) -> Result<u64> {
        self.operation.end(true)
    }

    /// Ends the operation without keeping anything.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn abandon(mut self) -> Result<()> {
        self.operation.end(false).map(drop)
    }
}

impl io::Write for BulkWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A bulk operation out of the database. Dropping it abandons what is left, and waits for the server
/// at most ten seconds.
pub struct BulkReader<'c> {
    operation: Operation<'c>,
}

impl BulkReader<'_> {
    /// The next piece, lent until the next call; `None` at the end. Pieces may end anywhere.
    ///
    /// # Errors
    /// What the database reports.
    #[allow(clippy::should_implement_trait)] // it lends, which Iterator cannot
    pub fn next(&mut self) -> Result<Option<&[u8]>> {
        let Operation { connection, limits, .. } = &mut self.operation;
        connection.bulk_read(*limits)
    }

    /// Writes all that is left, and tells how many rows the operation has brought out.
    ///
    /// # Errors
    /// What the database reports; `Operational` when the bytes cannot be written.
    pub fn copy_to(mut self, target: &mut dyn io::Write) -> Result<u64> {
        while let Some(piece) = self.next()? {
            target.write_all(piece).map_err(|error| {
                Error::operational("what the bulk operation brings out cannot be written")
                    .with_source(error)
            })?;
        }
        self.finish()
    }

    /// Ends the operation and tells how many rows it has brought out; those that were not read are
    /// read and discarded.
    ///
    /// # Errors
    /// What the database reports.
    pub fn finish(mut self) -> Result<u64> {
        self.operation.end(true)
    }
}

impl std::fmt::Debug for BulkWriter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkWriter").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for BulkReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BulkReader").finish_non_exhaustive()
    }
}
