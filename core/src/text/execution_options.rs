//! How a statement is executed, beside what it says.

use std::num::NonZeroUsize;

/// How a statement is executed (SQLAlchemy's `execution_options`).
///
/// Given with a statement ([`text(…).execution_options`](crate::text::TextClause::execution_options))
/// or with one execution ([`execute_with`](crate::Connection::execute_with)), which has the last
/// word on what it sets. What is not set is left to the other.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let mut connection = aludel::create_engine("sqlite://")?.connect()?;
/// use aludel::ExecutionOptions;
///
/// let options = ExecutionOptions::new().yield_per(2);
/// let mut result = connection.execute_with("values (1), (2), (3)", (), &options)?;
/// let first = result.partitions::<(i64,)>(None).next();
/// assert_eq!(first.transpose()?, Some(vec![(1,), (2,)]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExecutionOptions {
    stream_results: Option<bool>,
    max_row_buffer: Option<NonZeroUsize>,
    yield_per: Option<NonZeroUsize>,
    insertmanyvalues_page_size: Option<NonZeroUsize>,
    sort_by_parameter_order: Option<bool>,
}

impl ExecutionOptions {
    /// Nothing is set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Rows are fetched as they are read, at most
    /// [`max_row_buffer`](ExecutionOptions::max_row_buffer) at once. Results stream in any case, in
    /// batches of at most 256 rows; with `false`, `max_row_buffer` has no effect.
    #[must_use]
    pub fn stream_results(mut self, streams: bool) -> Self {
        self.stream_results = Some(streams);
        self
    }

    /// Most rows that are fetched at once; 0 is taken as 1. More than a batch holds, 256, means a
    /// batch.
    #[must_use]
    pub fn max_row_buffer(mut self, rows: usize) -> Self {
        self.max_row_buffer = Some(at_least_one(rows));
        self
    }

    /// Most rows that are fetched at once, and the number of rows that
    /// [`partitions`](crate::CursorResult::partitions) and
    /// [`fetch_many`](crate::CursorResult::fetch_many) give when they are told none. 0 is taken as 1.
    #[must_use]
    pub fn yield_per(mut self, rows: usize) -> Self {
        self.yield_per = Some(at_least_one(rows));
        self
    }

    /// Most rows of one of the inserts that
    /// [`INSERT … RETURNING` with many sets of parameters](crate::result::InsertManyValues) is made
    /// into; the [engine's](crate::EngineBuilder::insertmanyvalues_page_size) unless set. 0 is taken
    /// as 1. What the dialect takes of parameters bounds it as well.
    #[must_use]
    pub fn insertmanyvalues_page_size(mut self, rows: usize) -> Self {
        self.insertmanyvalues_page_size = Some(at_least_one(rows));
        self
    }

    /// Whether the rows of a `RETURNING` with many sets of parameters have to stand in the order of
    /// the sets; if not, their order is [not promised](crate::result::InsertManyValues#order). Each
    /// set is executed by itself then, which costs time.
    #[must_use]
    pub fn sort_by_parameter_order(mut self, sorts: bool) -> Self {
        self.sort_by_parameter_order = Some(sorts);
        self
    }

    /// What is set here, and what is not as in `others`.
    #[must_use]
    pub fn or(&self, others: &ExecutionOptions) -> Self {
        ExecutionOptions {
            stream_results: self.stream_results.or(others.stream_results),
            max_row_buffer: self.max_row_buffer.or(others.max_row_buffer),
            yield_per: self.yield_per.or(others.yield_per),
            insertmanyvalues_page_size: self
                .insertmanyvalues_page_size
                .or(others.insertmanyvalues_page_size),
            sort_by_parameter_order: self
                .sort_by_parameter_order
                .or(others.sort_by_parameter_order),
        }
    }

    /// The number of rows of a partition.
    pub(crate) fn partition(&self) -> Option<NonZeroUsize> {
        self.yield_per
    }

    /// Rows of an insert of many rows at most.
    pub(crate) fn page_size(&self) -> Option<NonZeroUsize> {
        self.insertmanyvalues_page_size
    }

    /// True when rows that come back have to stand in the order of the parameters.
    pub(crate) fn sorts(&self) -> bool {
        self.sort_by_parameter_order == Some(true)
    }

    /// Rows of a batch at most; 0 for as many as it holds.
    pub(crate) fn batch_rows(&self) -> u32 {
        let buffer = self.max_row_buffer.filter(|_| self.stream_results != Some(false));
        let rows = self.yield_per.or(buffer);
        rows.map_or(0, |rows| u32::try_from(rows.get()).unwrap_or(u32::MAX))
    }
}

fn at_least_one(rows: usize) -> NonZeroUsize {
    NonZeroUsize::new(rows).unwrap_or(NonZeroUsize::MIN)
}
