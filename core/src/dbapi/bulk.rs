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
///
/// ```
/// use aludel::dbapi::BulkSpec;
///
/// let rows = BulkSpec::into_table("artist").columns(["id", "name"]);
/// let csv = BulkSpec::into_table("artist").format("csv").option("header", "true");
/// let query = BulkSpec::from_query("select * from artist").format("csv");
/// assert_eq!((rows.format, csv.format, query.table), (None, Some("csv"), ""));
/// ```
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

impl<'a> BulkSpec<'a> {
    /// Rows into a table of the default schema: rows of values, unless a [format](Self::format)
    /// makes them bytes.
    pub fn into_table(table: &'a str) -> Self {
        BulkSpec {
            direction: BulkDirection::In,
            schema: "",
            table,
            query: "",
            columns: Vec::new(),
            format: None,
            options: Vec::new(),
        }
    }

    /// The rows of a table of the default schema.
    pub fn from_table(table: &'a str) -> Self {
        BulkSpec { direction: BulkDirection::Out, ..BulkSpec::into_table(table) }
    }

    /// The rows of a query.
    pub fn from_query(query: &'a str) -> Self {
        BulkSpec { query, ..BulkSpec::from_table("") }
    }

    /// The same in another schema.
    #[must_use]
    pub fn schema(mut self, schema: &'a str) -> Self {
        self.schema = schema;
        self
    }

    /// The same for these columns, in this order.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.columns = columns.into_iter().collect();
        self
    }

    /// The same for bytes in this format, for example `csv`.
    #[must_use]
    pub fn format(mut self, format: &'a str) -> Self {
        self.format = Some(format);
        self
    }

    /// The same with a further option of the dialect.
    #[must_use]
    pub fn option(mut self, key: &'a str, value: &'a str) -> Self {
        self.options.push((key, value));
        self
    }
}

/// A piece of what goes in.
#[derive(Clone, Copy)]
pub enum BulkChunk<'a> {
    /// Rows of values.
    Rows(ParamRows<'a>),
    /// Bytes in the format of the operation; pieces may end anywhere.
    Bytes(&'a [u8]),
}
