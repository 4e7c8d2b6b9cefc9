//! What a session does beside statements: transactions, options, closing.

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dbapi::{Savepoint, TransactionOptions};

use crate::flaw::{Step, ensure};
use crate::quirks::Setting;
use crate::session::{Session, done};
use crate::show;

impl Session {
    /// Begins a transaction with the session's defaults.
    pub(crate) fn begin(&mut self) -> Step<()> {
        self.begin_with(&TransactionOptions::default())
    }

    /// Begins a transaction.
    pub(crate) fn begin_with(&mut self, options: &TransactionOptions<'_>) -> Step<()> {
        self.note("begin");
        let result = self.raw().begin(options, Limits::NONE);
        done("begin", result)
    }

    /// Commits.
    pub(crate) fn commit(&mut self) -> Step<()> {
        self.note("commit");
        done("commit", self.raw().commit(Limits::NONE))
    }

    /// Rolls back.
    pub(crate) fn rollback(&mut self) -> Step<()> {
        self.note("rollback");
        done("rollback", self.raw().rollback(Limits::NONE))
    }

    /// Creates, releases or rolls back to a savepoint.
    pub(crate) fn savepoint(&mut self, operation: Savepoint, name: &str) -> Step<()> {
        let what = format!("savepoint {operation:?} {name}");
        self.note(&what);
        done(&what, self.raw().savepoint(operation, name, Limits::NONE))
    }

    /// Resets the session.
    pub(crate) fn reset(&mut self) -> Step<()> {
        self.note("reset session");
        done("reset session", self.raw().reset_session(Limits::NONE))
    }

    /// Sets what the quirks say how to set.
    pub(crate) fn apply(&mut self, setting: Setting) -> Step<()> {
        match setting {
            Setting::Option(key, value) => self.set_option(key, &value.into()),
            Setting::Sql(sql) => self.run(sql, &[]).map(drop),
        }
    }

    /// Reads a session option.
    pub(crate) fn option(&mut self, key: &str) -> Step<Value> {
        done(&format!("get option {key}"), self.raw().get_option(key, Limits::NONE))
    }

    /// Sets a session option.
    pub(crate) fn set_option(&mut self, key: &str, value: &Value) -> Step<()> {
        let what = format!("set option {key} = {}", show::value(value));
        self.note(&what);
        done(&what, self.raw().set_option(key, value.as_ref(), Limits::NONE))
    }

    /// Says goodbye.
    pub(crate) fn close(self) -> Step<()> {
        self.note("close");
        done("close", self.into_raw().close(Limits::NONE))
    }

    /// Fails unless the connection still answers.
    pub(crate) fn expect_alive(&mut self) -> Step<()> {
        let alive = self.raw().is_alive();
        ensure(alive, "the connection", "is_alive", "the driver says that it is gone")
    }
}
