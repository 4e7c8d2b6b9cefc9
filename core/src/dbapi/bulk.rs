//! Bulk loading and unloading.

use super::ParamRows;

/// Where a bulk operation goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkDirection {
    /// Into the database.
    In,
    /// Out of the database.
    Out,
}

/// What a bulk operation moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkSpec<'a> {
    /// Where it goes.
    pub direction: BulkDirection,
    /// Schema of the table; empty for the default one.
    pub schema: &'a str,
    /// Table; empty when `query` is set.
    pub table: &'a str,
    /// Query whose rows go out; empty when `table` is set.
    pub query: &'a str,
    /// Columns in order; none for all.
    pub columns: Vec<&'a str>,
    /// Format of bytes (for example `csv`); `None` moves rows of values.
    pub format: Option<&'a str>,
    /// Further options of the dialect.
    pub options: Vec<(&'a str, &'a str)>,
}

/// A piece of what goes in.
#[derive(Clone, Copy)]
pub enum BulkChunk<'a> {
    /// Rows of values.
    Rows(ParamRows<'a>),
    /// Bytes in the format of the operation; pieces may end anywhere.
    Bytes(&'a [u8]),
}
