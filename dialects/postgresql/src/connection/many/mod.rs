//! Executing a statement once for each of many rows of parameters.
//!
//! The rows of one call travel as a *pipeline*: a Bind and an Execute for each, and one Sync at the
//! end, while answers are read as they come ([`pipeline`]). The failing row is told by the number of
//! executions that the server has answered before its error.
//!
//! An insert of one tuple of parameters becomes one insert of many rows where nobody can tell the
//! difference ([`target`]): each column travels as an array, which `unnest` takes apart ([`bulk`]).
//! When that fails, it is undone, and the rows run as a pipeline, which then has the error that a
//! loop would have, and its row.
//!
//! **Transactions.** Inside a transaction an error aborts it, as it does for single executions. In
//! autocommit an executemany begins and commits a transaction of its own: all its rows are stored or
//! none, whatever they fail of ([`run`]). Statements that may not run in a transaction, such as VACUUM,
//! and those that may end one, CALL, run one by one and commit themselves.
//!
//! **What differs from a loop** of single executions: the rows of one insert share one
//! `statement_timestamp`, one `statement_timeout`, one plan, and one round of foreign key checks at
//! their end; an insert that is undone and run again leaves gaps in sequences. Tables where more than
//! that could show (triggers, rules, row security, references to themselves, defaults and checks that
//! call functions of the database's own) are never inserted into that way, nor is ON CONFLICT DO
//! UPDATE, which may change a row only once in a statement. That the table is still such a one is
//! asserted by the flight itself, each time.

mod answers;
mod at_once;
mod bulk;
mod each;
mod pipeline;
mod returning;
mod run;
mod target;
mod variant;

pub(super) use run::Unfinished;
