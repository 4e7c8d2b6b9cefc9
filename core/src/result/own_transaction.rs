//! Several statements that stand for one: all of them are done, or none.

use crate::abi::host::Limits;
use crate::dbapi::{TransactionOptions, TransactionState};
use crate::dialect::Capability;
use crate::engine::Connection;
use crate::error::Result;

/// Does the work in the transaction that there is, or in one of its own where each statement would
/// commit itself.
///
/// # Errors
/// Those of the work, after which a transaction of its own is rolled back; those of beginning and
/// committing it, which keep to the limits as each statement does.
pub(super) fn in_one_transaction<T>(
    connection: &mut Connection,
    limits: Limits,
    work: impl FnOnce(&mut Connection) -> Result<T>,
) -> Result<T> {
    connection.ready()?;
    let told_in = connection.told_in();
    connection.autobegin("INSERT", limits)?;
    let has_transactions = connection.dialect().has(Capability::Transactions);
    if !has_transactions
        || connection.session().driver.transaction_state() != TransactionState::Idle
    {
        return work(connection);
    }
    let tell = |connection: &mut Connection, step: &str| {
        let told = connection.tell_step(format_args!("{step}"));
        connection.note_told(told);
        connection.limits_since(limits, told_in)
    };
    let limits_now = tell(connection, "BEGIN (implicit)");
    connection.session().driver.begin(&TransactionOptions::default(), limits_now)?;
    connection.count_transaction("begun");
    let done = work(connection).and_then(|done| {
        let limits_now = tell(connection, "COMMIT");
        let committed = connection.session().driver.commit(limits_now);
        committed.inspect_err(|error| connection.tell_failed("COMMIT", error))?;
        connection.count_transaction("committed");
        Ok(done)
    });
    if done.is_err() && connection.session().driver.transaction_state() != TransactionState::Idle {
        connection.tell_step(format_args!("ROLLBACK"));
        // A limit that is over does not keep it from rolling back. The error is what matters; a
        // connection that cannot roll back is broken and knows it.
        let _unseen = connection.session().driver.rollback(Limits::NONE);
        connection.count_transaction("rolled_back");
    }
    done
}
