//! The metrics of an engine: statements, transactions, texts that were compiled.

use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{Key, Label};

use super::voice::Database;
use crate::error::Error;
pub(in crate::engine) use crate::metrics::is_on;
use crate::metrics::list::{
    ADDRESS, CACHED, COMPILED, ERROR, NAMESPACE, OPERATION, OPERATION_DURATION, OUTCOME, PORT,
    RETURNED_ROWS, SYSTEM, TRANSACTIONS,
};
use crate::metrics::{counter, histogram};
use crate::text::first_word;

/// What statements begin with; all others are one operation, so that there are not as many as a
/// program can think of.
const OPERATIONS: [&str; 30] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "WITH",
    "VALUES",
    "MERGE",
    "REPLACE",
    "CREATE",
    "ALTER",
    "DROP",
    "TRUNCATE",
    "BEGIN",
    "START",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "SET",
    "SHOW",
    "PRAGMA",
    "EXPLAIN",
    "ANALYZE",
    "VACUUM",
    "CALL",
    "EXECUTE",
    "COPY",
    "GRANT",
    "LOCK",
    "OTHER",
];
const OTHER: usize = OPERATIONS.len() - 1;

/// What a statement does.
#[derive(Clone, Copy)]
pub(super) struct Operation(usize);

impl Operation {
    pub(super) fn of(sql: &str) -> Self {
        let word = first_word(sql);
        let known = OPERATIONS.iter().position(|operation| operation.eq_ignore_ascii_case(word));
        Operation(known.unwrap_or(OTHER))
    }
}

/// What an engine tells the recorder under; made when it is first needed.
pub(in crate::engine) struct Meter(OnceLock<Keys>);

struct Keys {
    /// What all its metrics have.
    labels: Vec<Label>,
    /// The duration and the rows of each operation.
    statements: [OnceLock<(Key, Key)>; OPERATIONS.len()],
}

impl Keys {
    fn of(database: &Database<'_>) -> Self {
        let mut labels = vec![Label::new(SYSTEM, database.system.to_owned())];
        let mut add = |name, value: Option<String>| {
            labels.extend(value.map(|value| Label::new(name, value)));
        };
        add(NAMESPACE, database.namespace.map(str::to_owned));
        add(ADDRESS, database.address.map(str::to_owned));
        add(PORT, database.port.map(|port| port.to_string()));
        Keys { labels, statements: [const { OnceLock::new() }; OPERATIONS.len()] }
    }

    fn with(&self, name: &'static str, more: impl IntoIterator<Item = Label>) -> Key {
        Key::from_parts(name, self.labels.iter().cloned().chain(more).collect::<Vec<_>>())
    }
}

impl Meter {
    pub(super) fn new() -> Self {
        Meter(OnceLock::new())
    }

    fn keys(&self, database: &Database<'_>) -> &Keys {
        self.0.get_or_init(|| Keys::of(database))
    }

    /// A statement is done: what it took, and the rows that the program has read of it.
    pub(super) fn statement(
        &self,
        database: &Database<'_>,
        operation: Operation,
        took: Duration,
        rows: Option<u64>,
    ) {
        let keys = self.keys(database);
        let (duration, returned) = keys.statements[operation.0].get_or_init(|| {
            let label = || [Label::from_static_parts(OPERATION, OPERATIONS[operation.0])];
            (keys.with(OPERATION_DURATION, label()), keys.with(RETURNED_ROWS, label()))
        });
        histogram(duration).record(took.as_secs_f64());
        if let Some(rows) = rows {
            histogram(returned).record(rows as f64);
        }
    }

    /// A statement has failed.
    #[cold]
    pub(super) fn failure(
        &self,
        database: &Database<'_>,
        operation: Operation,
        took: Duration,
        error: &Error,
    ) {
        let labels = [
            Label::from_static_parts(OPERATION, OPERATIONS[operation.0]),
            Label::from_static_parts(ERROR, error.kind().name()),
        ];
        histogram(&self.keys(database).with(OPERATION_DURATION, labels)).record(took.as_secs_f64());
    }

    /// A transaction was begun, committed or rolled back.
    pub(super) fn transaction(&self, database: &Database<'_>, outcome: &'static str) {
        let label = Label::from_static_parts(OUTCOME, outcome);
        counter(&self.keys(database).with(TRANSACTIONS, [label])).increment(1);
    }

    /// A text was asked for, which the engine had compiled before or not.
    pub(super) fn compiled(&self, database: &Database<'_>, cached: bool) {
        let label = Label::from_static_parts(CACHED, if cached { "true" } else { "false" });
        counter(&self.keys(database).with(COMPILED, [label])).increment(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_operation_that_is_known_is_another() {
        let name = |sql| OPERATIONS[Operation::of(sql).0];
        assert_eq!((name("/* a */ select 1"), name("PRAGMA x")), ("SELECT", "PRAGMA"));
        assert_eq!((name("frobnicate"), name("")), ("OTHER", "OTHER"));
    }
}
