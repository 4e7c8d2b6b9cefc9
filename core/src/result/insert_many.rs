//! RETURNING with many sets of parameters: few inserts of many rows, or one execution for each.

use super::bound::Named;
use super::collected::Collected;
use super::given::How;
use super::own_transaction::in_one_transaction;
use super::params::NamedParams;
use super::prepared::{Executed, Outcome, Prepared};
use super::sending::Rows;
use super::told;
use crate::abi::host::{BindRow, ParamWriter};
use crate::engine::{Connection, TextOrigin};
use crate::error::Result;
use crate::text::{ManyValues, Returning, Slot};

/// How a statement that returns rows was executed with many sets of parameters
/// ([`CursorResult::insertmanyvalues`](crate::CursorResult::insertmanyvalues)).
///
/// `INSERT INTO … VALUES (…) RETURNING …` with many sets of parameters by name is made into few
/// inserts of many rows (SQLAlchemy's *insertmanyvalues*): of
/// [1000](crate::EngineBuilder::insertmanyvalues_page_size) at most, and of no more than the database
/// takes parameters. All that they return is one result, in memory.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// # let mut connection = aludel::create_engine("sqlite://")?.connect()?;
/// use aludel::params;
///
/// connection.execute("create table t (id integer primary key, x text)", ())?;
/// let rows = [params! { x: "a" }, params! { x: "b" }, params! { x: "c" }];
/// let mut result = connection.execute("insert into t (x) values (:x) returning id", &rows)?;
/// assert_eq!(result.insertmanyvalues().map(|many| many.statements), Some(1));
/// assert_eq!(result.all::<(i64,)>()?.len(), 3);
/// # Ok(())
/// # }
/// ```
///
/// A statement of which one insert of many rows would not do the same is executed once for each set,
/// and [`row_by_row`](Self::row_by_row) says why: one that is no plain `INSERT INTO`, has several
/// rows of VALUES, parameters outside of the row, or a query in it, or updates rows that are there
/// already. So is every UPDATE, DELETE and MERGE. The dialect sends those executions together where
/// it can. Outside of a transaction all of it is one: every row is there in the end, or none.
///
/// Three differences remain that a text does not show: triggers for a statement fire once for each
/// insert and not for each row; a function in the row of VALUES that looks at the table may see it
/// without the rows of the same insert; and one that looks at what the session did last
/// (`last_insert_rowid()`, `changes()`, `LAST_INSERT_ID()`) gives every row of an insert what was
/// so before it. Where that matters, have the sets executed by themselves:
/// [`use_insertmanyvalues`](crate::EngineBuilder::use_insertmanyvalues), or
/// [`sort_by_parameter_order`](crate::ExecutionOptions::sort_by_parameter_order) for one statement.
///
/// # Order
/// Sets are executed in their order, and inserts in the order of their rows. The rows of *one* insert
/// come back as the database likes: SQLite documents no order and PostgreSQL promises none, though
/// both return them as they were given. With
/// [`sort_by_parameter_order`](crate::ExecutionOptions::sort_by_parameter_order) each set is executed
/// by itself, and rows stand in the order of the sets for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct InsertManyValues {
    /// Statements that were executed.
    pub statements: u64,
    /// The rows stand in the order of the parameters, for certain.
    pub is_sorted: bool,
    /// Why each set was executed by itself; `None` when they were not.
    pub row_by_row: Option<&'static str>,
}

/// Statements of fewer rows than this are kept prepared. Of the longer ones only full pages are:
/// they come again, and the server holds few of them.
const SHORT: usize = 32;

/// Longest text of an insert of many rows, in bytes; one row may be longer.
const LONGEST: usize = 1 << 20;

/// An execution with many sets of parameters whose rows are wanted.
pub(super) struct InsertMany<'p> {
    pub(super) sql: &'p str,
    pub(super) binds: Named<'p>,
    pub(super) rows: &'p [NamedParams],
    pub(super) how: How,
    /// The insert whose row is repeated, and how often at most; or why none is.
    plan: std::result::Result<(&'p ManyValues, usize), &'static str>,
}

impl<'p> InsertMany<'p> {
    /// `None` for a statement that returns no rows, and for an executemany of nothing.
    pub(super) fn of(
        connection: &Connection,
        sql: &'p str,
        binds: Named<'p>,
        rows: &'p [NamedParams],
        how: How,
    ) -> Option<Self> {
        let plan = match binds.compiled.returning(sql) {
            _ if rows.is_empty() => return None,
            Returning::Nothing => return None,
            Returning::RowByRow(why) => Err(*why),
            Returning::Batches(_) if how.sorts => Err("the order of the parameters is wanted"),
            Returning::Batches(_) if !connection.insertmanyvalues().is_used => {
                Err("use_insertmanyvalues is off")
            }
            Returning::Batches(many) => match binds.compiled.fixed() {
                Some(fixed) => Ok((many, page(connection, many, fixed.slots.len(), how))),
                None => Err("its text differs with the values"),
            },
        };
        Some(InsertMany { sql, binds, rows, how, plan })
    }

    /// Executes everything and collects the rows.
    ///
    /// # Errors
    /// What the database reports; with `failing_row` where sets are executed by themselves.
    pub(super) fn execute(&self, connection: &mut Connection) -> Result<Executed> {
        let mut collected = Collected::default();
        match self.plan {
            Ok((many, page)) if self.rows.len() <= page => {
                connection.autobegin(self.sql, self.how.start.limits)?;
                self.batch(connection, many, (self.rows, 1), &mut collected)?;
            }
            Ok((many, page)) => {
                in_one_transaction(connection, self.how.start.limits, |connection| {
                    let mut pages = self.rows.chunks(page).zip(1..);
                    pages.try_for_each(|page| self.batch(connection, many, page, &mut collected))
                })?
            }
            Err(why) => {
                let sets = self.rows.len();
                if self.how.is_watched {
                    connection.tell_row_by_row(why, sets);
                }
                in_one_transaction(connection, self.how.start.limits, |connection| {
                    self.singly(connection, &mut collected)
                })?;
            }
        }
        let is_sorted = self.plan.is_err() || collected.statements == self.rows.len() as u64;
        let done = InsertManyValues {
            statements: collected.statements,
            is_sorted,
            row_by_row: self.plan.err(),
        };
        Ok(collected.executed(self.sql, done))
    }

    /// One insert of the rows of a page, which has a number from 1.
    fn batch(
        &self,
        connection: &mut Connection,
        many: &ManyValues,
        (rows, number): (&[NamedParams], usize),
        collected: &mut Collected,
    ) -> Result<()> {
        let page = self.plan.map_or(0, |(_, page)| page);
        let compiled = self.binds.compiled;
        let sql = many.insert_of(compiled, rows.len());
        let slots = compiled.fixed().map_or(&[][..], |fixed| &fixed.slots);
        let page_of = PageRow { binds: self.binds, rows, slots };
        if self.how.is_told {
            let pages = self.rows.len().div_ceil(page.max(1));
            let origin = TextOrigin::Page { stamp: compiled.stamp(), number, pages };
            return told::execute_cursor(connection, &sql, Rows::One(&page_of), self.how, origin)
                .and_then(|executed| collected.read(connection.session(), executed));
        }
        let limits = self.how.start.limits;
        let session = connection.session();
        let prepared = match rows.len() == page || rows.len() < SHORT {
            true => Prepared::drivers_own(session, &sql, limits)?,
            false => Prepared::once(session, self.sql, &sql, limits)?,
        };
        let start = self.how.start;
        prepared
            .execute(session, |driver, statement| {
                driver.start(statement, &page_of, start).map(Outcome::Cursor)
            })
            .and_then(|executed| collected.read(session, executed))
            .map_err(|error| error.with_statement(self.sent()))
    }

    /// The statement as the database gets it for one set.
    pub(super) fn sent(&self) -> &str {
        self.binds.compiled.fixed().map_or(self.sql, |fixed| &fixed.sql)
    }
}

/// Rows of one insert: as many as wanted, and as the database takes of parameters and text.
fn page(connection: &Connection, many: &ManyValues, width: usize, how: How) -> usize {
    let wanted = how.page_size.unwrap_or(connection.insertmanyvalues().page_size).get();
    let parameters = connection.sql_rules().max_parameters as usize;
    let by_parameters = match (parameters, width) {
        (0, _) | (_, 0) => usize::MAX,
        (most, width) => most / width,
    };
    let row = many.len_of(1) - many.len_of(0);
    wanted.min(by_parameters).min(LONGEST / row.max(1)).max(1)
}

/// The parameters of an insert of many rows.
struct PageRow<'p> {
    binds: Named<'p>,
    rows: &'p [NamedParams],
    slots: &'p [Slot],
}

impl BindRow for PageRow<'_> {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        for row in self.rows {
            self.binds.row(Some(row), self.slots).write(to);
        }
    }
}
