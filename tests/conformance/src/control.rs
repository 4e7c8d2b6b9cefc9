//! What a session does beside statements: transactions, options, closing.

use aludel::abi::host::Limits;
use aludel::dbapi::{Savepoint, TransactionOptions, TwoPhase};
use aludel::{Error, Value};

use crate::flaw::{Step, ensure};
use crate::quirks::Setting;
use crate::session::{Session, done, refused};
use crate::show;

impl Session {
    /// Begins a transaction with the session's defaults.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn begin(&mut self) -> Step<()> {
        self.begin_with(&TransactionOptions::default())
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn begin_with(&mut self, options: &TransactionOptions<'_>) -> Step<()> {
        self.note("begin");
        let result = self.raw().begin(options, Limits::NONE);
        done("begin", result)
    }

    /// Commits.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn commit(&mut self) -> Step<()> {
        self.note("commit");
        done("commit", self.raw().commit(Limits::NONE))
    }

    /// Rolls back.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn rollback(&mut self) -> Step<()> {
        self.note("rollback");
        done("rollback", self.raw().rollback(Limits::NONE))
    }

    /// Creates, releases or rolls back to a savepoint.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn savepoint(&mut self, operation: Savepoint, name: &str) -> Step<()> {
        let what = format!("savepoint {operation:?} {name}");
        self.note(&what);
        done(&what, self.raw().savepoint(operation, name, Limits::NONE))
    }

    /// A step of two-phase commit.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn two_phase(&mut self, operation: TwoPhase, xid: &str) -> Step<()> {
        let what = format!("two-phase {operation:?} {xid}");
        self.note(&what);
        done(&what, self.raw().two_phase(operation, xid, Limits::NONE))
    }

    /// The error that a step of two-phase commit must end in.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when it succeeds.
    pub fn refusal_of_two_phase(&mut self, operation: TwoPhase, xid: &str) -> Step<Error> {
        let what = format!("two-phase {operation:?} {xid}");
        self.note(&what);
        let result = self.raw().two_phase(operation, xid, Limits::NONE);
        refused(&what, result)
    }

    /// The identifiers of prepared transactions.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn recover(&mut self) -> Step<Vec<String>> {
        self.note("recover");
        done("recover", self.raw().recover(Limits::NONE))
    }

    /// Resets the session.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn reset(&mut self) -> Step<()> {
        self.note("reset session");
        done("reset session", self.raw().reset_session(Limits::NONE))
    }

    /// Sets what the quirks say how to set for a session; what is set within each transaction is
    /// left to [`begin_setting`](Self::begin_setting).
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn apply(&mut self, setting: Setting) -> Step<()> {
        match setting {
            Setting::Option(key, value) => self.set_option(key, &value.into()),
            Setting::Sql(sql) => self.run(sql, &[]).map(drop),
            Setting::Local(_) => Ok(()),
        }
    }

    /// Begins a transaction with what is set within it.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn begin_setting(
        &mut self,
        options: &TransactionOptions<'_>,
        setting: Option<Setting>,
    ) -> Step<()> {
        self.begin_with(options)?;
        match setting {
            Some(Setting::Local(sql)) => self.run(sql, &[]).map(drop),
            _ => Ok(()),
        }
    }

    /// Reads a session option.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn option(&mut self, key: &str) -> Step<Value> {
        done(&format!("get option {key}"), self.raw().get_option(key, Limits::NONE))
    }

    /// Sets a session option.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn set_option(&mut self, key: &str, value: &Value) -> Step<()> {
        let what = format!("set option {key} = {}", show::value(value));
        self.note(&what);
        done(&what, self.raw().set_option(key, value.as_ref(), Limits::NONE))
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn close(self) -> Step<()> {
        self.note("close");
        done("close", self.into_raw().close(Limits::NONE))
    }

    /// Fails unless the connection still answers.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) that shows both when something else comes.
    pub fn expect_alive(&mut self) -> Step<()> {
        let alive = self.raw().is_alive();
        ensure(alive, "the connection", "is_alive", "the driver says that it is gone")
    }
}
