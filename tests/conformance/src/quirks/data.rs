//! What the quirks of a database are.

use aludel::ConstraintKind;
use aludel::dbapi::IsolationLevel;

use super::Kind;
use super::rare::{Bulk, Deferrable, Notices, Notifications, Procedures, Results};
use crate::sql::fill;
use crate::target::Nowhere;

/// How a database does what not every database does alike. SQL in here is a template: `{table}`,
/// `{columns}`, `{rows}` and the like are filled in; what is `None` is not known, and cases that
/// need it are unsupported.
#[derive(Debug, Clone, PartialEq)]
pub struct Quirks {
    /// Name in reports.
    pub name: String,
    /// What the types of the cases' tables are called.
    pub words: Words,
    /// Every type whose values are sent there and back.
    pub kinds: Vec<Kind>,
    /// Options that are added to the URL unless it has them.
    pub url_options: Vec<(&'static str, &'static str)>,
    /// Ends a query that reads no table (`from dual`); begins with a space.
    pub from_nothing: &'static str,
    /// Drops `{table}`.
    pub drop_table: &'static str,
    /// Adds the column `{column}` to `{table}`.
    pub add_column: &'static str,
    /// Makes the temporary table `{table}` of `{columns}`.
    pub temporary_table: Option<&'static str>,
    /// A query of one whole number `n` in each row, from 1 to `{rows}`, in order.
    pub count_up: Option<&'static str>,
    /// A query that runs for minutes unless it is stopped.
    pub slow_query: Option<&'static str>,
    /// A query that delivers `{rows}` rows of `n` as `count_up` does, and then an error.
    pub rows_then_error: Option<&'static str>,
    /// A statement whose value is out of range.
    pub out_of_range: Option<&'static str>,
    /// A statement that divides by zero, where that is an error.
    pub division_by_zero: Option<&'static str>,
    /// Inserts `(?, ?)` into the columns `n, s` of `{table}`, or sets `s` where its key `n` is there.
    pub upsert: Option<&'static str>,
    /// A query of one text in which the server's version stands as the driver tells it.
    pub version_query: Option<&'static str>,
    /// An expression that is text of the bytes `61 ff 62`, which are no UTF-8.
    pub bad_utf8: Option<&'static str>,
    /// Empty text is NULL (Oracle).
    pub empty_text_is_null: bool,
    /// Whether text may hold U+0000; where that is not known it may be refused.
    pub nul_in_text: Option<bool>,
    /// What the row count of an UPDATE counts.
    pub update_count: UpdateCount,
    /// Most columns of a result; 0 for a limit that is not known.
    pub max_columns: u32,
    /// What is told about the constraint that a row violates.
    pub constraints: Vec<(ConstraintKind, Vec<Told>)>,
    /// Whether each refused statement aborts the transaction that it was in (PostgreSQL).
    pub errors_abort_transactions: bool,
    /// Whether a writer never has to wait for those that have only read (so that a case may read and
    /// write the same row on two connections in turn).
    pub readers_block_nobody: bool,
    /// Isolation levels at which each statement sees all that was committed before it.
    pub fresh_levels: Vec<IsolationLevel>,
    /// Longest identifier of a two-phase transaction, in bytes; 0 where it is not known.
    pub xid_length: usize,
    /// What tells whether a transaction is deferrable.
    pub deferrable: Option<Deferrable>,
    /// How the server is made to say something.
    pub notices: Option<Notices>,
    /// How connections are made to hear of one another.
    pub notifications: Option<Notifications>,
    /// What goes in and out in bulk.
    pub bulk: Option<Bulk>,
    /// How a statement is made to give several results.
    pub results: Option<Results>,
    /// How a procedure is made.
    pub procedures: Option<Procedures>,
    /// A mode of transactions ([`TransactionOptions::mode`](aludel::dbapi::TransactionOptions::mode))
    /// in which two of them exclude one another from the start.
    pub exclusive_mode: Option<&'static str>,
    /// Has a session fail at once, or very soon, where it would wait for a lock.
    pub no_waiting: Option<Setting>,
    /// What makes a constraint in DDL wait for the commit.
    pub deferred: Option<&'static str>,
    /// Places where no database is.
    pub nowhere: Vec<Nowhere>,
}

/// What the types of the cases' tables are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// 32-bit integers, at least.
    pub integer: String,
    /// 64-bit integers.
    pub bigint: String,
    /// A key that the database numbers by itself, where that is known.
    pub key: Option<String>,
    /// Floats of 64 bits.
    pub float: String,
    /// Text without a limit, or of 10 MB at least.
    pub text: String,
    /// Text that can be a key.
    pub name: String,
    /// Bytes without a limit, or of 10 MB at least.
    pub blob: String,
}

/// What the row count of an UPDATE counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateCount {
    /// Rows that the WHERE clause matched, as the standard has it.
    Matched,
    /// Rows that differ afterwards (MySQL, unless the client asks otherwise).
    Changed,
}

/// How something of a session, or of a transaction, is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A session option and its value.
    Option(&'static str, i64),
    /// A statement.
    Sql(&'static str),
    /// A statement for the rest of a transaction (`set local`).
    Local(&'static str),
}

/// What an error tells about a constraint beside its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// That a primary key is a unique constraint, and no more of its kind.
    AsUnique,
    /// The name of the constraint.
    Name,
    /// The table.
    Table,
    /// The columns.
    Columns,
}

impl Quirks {
    /// Puts the names of types into a text.
    pub(crate) fn spell(&self, text: &str) -> String {
        let words = &self.words;
        fill(
            text,
            &[
                ("integer", &words.integer),
                ("bigint", &words.bigint),
                ("key", words.key.as_deref().unwrap_or("")),
                ("float", &words.float),
                ("text", &words.text),
                ("name", &words.name),
                ("blob", &words.blob),
            ],
        )
    }

    /// What is told about a constraint of this kind.
    pub(crate) fn told(&self, kind: ConstraintKind) -> Option<&[Told]> {
        let (_, told) = self.constraints.iter().find(|(known, _)| *known == kind)?;
        Some(told)
    }
}
