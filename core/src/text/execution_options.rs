//! How a statement is executed, beside what it says.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use crate::dbapi::IsolationLevel;

/// How a statement is executed (SQLAlchemy's `execution_options`).
///
/// Given with one execution ([`execute_with`](crate::Connection::execute_with)), for a connection
/// ([`execution_options`](crate::Connection::execution_options)) or its engine
/// ([`execution_options`](crate::Engine::execution_options)), or with a statement
/// ([`text(…).execution_options`](crate::text::TextClause::execution_options)), in this order: what
/// is not set by the one is left to the next.
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
    pub(crate) timeout: Option<Duration>,
    pub(crate) isolation_level: Option<IsolationLevel>,
    pub(crate) read_only: Option<bool>,
    pub(crate) deferrable: Option<bool>,
    pub(crate) logging_token: Option<Arc<str>>,
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

    /// How long the database may take: for a statement up to its first rows, its BEGIN and its
    /// preparation included, again for each further batch of rows, and for a commit or rollback. What
    /// takes longer fails with SQLSTATE `HYT00` or the database's own, and is stopped; the next
    /// statement is not touched. The time that the program takes between is not counted. For a
    /// commit, it means that nobody knows whether it happened.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let mut conn = aludel::create_engine("sqlite://")?.connect()?;
    /// use aludel::ExecutionOptions;
    /// use std::time::Duration;
    ///
    /// let soon = ExecutionOptions::new().timeout(Duration::from_millis(20));
    /// let endless = "with recursive c(i) as (select 1 union all select i + 1 from c) \
    ///                select count(*) from c";
    /// assert!(conn.execute_with(endless, (), &soon).is_err());
    /// assert_eq!(conn.scalar::<i64>("select 1", ())?, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(mut self, time: Duration) -> Self {
        self.timeout = Some(time);
        self
    }

    /// The isolation level of transactions; with AUTOCOMMIT there are none. For connections and
    /// engines, as the two that follow: with a statement or an execution it is refused.
    #[must_use]
    pub fn isolation_level(mut self, level: IsolationLevel) -> Self {
        self.isolation_level = Some(level);
        self
    }

    /// Whether transactions may only read (SQLAlchemy's `postgresql_readonly`).
    #[must_use]
    pub fn read_only(mut self, read_only: bool) -> Self {
        self.read_only = Some(read_only);
        self
    }

    /// Whether a serializable transaction that is read only may wait until it can run without being
    /// aborted by others (SQLAlchemy's `postgresql_deferrable`).
    #[must_use]
    pub fn deferrable(mut self, deferrable: bool) -> Self {
        self.deferrable = Some(deferrable);
        self
    }

    /// What lines of the [echo](crate::EngineBuilder::echo) about a connection begin with, so that
    /// connections can be told from each other: `[token] SELECT 1`. For connections and engines;
    /// with a statement or an execution it has no effect.
    #[must_use]
    pub fn logging_token(mut self, token: impl Into<Arc<str>>) -> Self {
        self.logging_token = Some(token.into());
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
            timeout: self.timeout.or(others.timeout),
            isolation_level: self.isolation_level.or(others.isolation_level),
            read_only: self.read_only.or(others.read_only),
            deferrable: self.deferrable.or(others.deferrable),
            logging_token: self.logging_token.as_ref().or(others.logging_token.as_ref()).cloned(),
        }
    }

    /// The name of an option that is set and says how transactions begin.
    pub(crate) fn of_transactions(&self) -> Option<&'static str> {
        if self.isolation_level.is_some() {
            Some("isolation_level")
        } else if self.read_only.is_some() {
            Some("read_only")
        } else {
            self.deferrable.map(|_| "deferrable")
        }
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only == Some(true)
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
