//! Statements on their way to an execution: found among those kept, or prepared and kept.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use super::source::Memory;
use crate::abi::host::{DriverConnection, DriverStatement, Limits, Progress};
use crate::dbapi::PrepareOptions;
use crate::engine::{Kept, Session, Watcher};
use crate::error::{Error, Result};
use crate::text::{Compiled, is_worth_keeping};

/// What executing brought.
pub(super) enum Outcome {
    /// A result to read.
    Cursor(Progress),
    /// An executemany changed this many rows.
    Many(Option<u64>),
    /// All rows of several executions; none of their statements is open.
    Collected(Box<Memory>),
}

/// A statement that was executed.
pub(super) struct Executed {
    pub(super) statement: DriverStatement,
    /// The connection keeps it prepared: it is not closed with its result.
    pub(super) is_kept: bool,
    /// The text as it was given.
    pub(super) sql: Arc<str>,
    pub(super) outcome: Outcome,
    /// Rows of a partition.
    pub(super) yield_per: Option<NonZeroUsize>,
    /// Limit of each further batch.
    pub(super) timeout: Option<Duration>,
    /// Who watches its rows.
    pub(super) watch: Option<Watcher>,
}

/// A statement that is prepared.
pub(super) struct Prepared {
    statement: DriverStatement,
    is_kept: bool,
    has_binds: bool,
    sql: Arc<str>,
}

impl Prepared {
    /// The driver's own text.
    pub(super) fn drivers_own(session: &mut Session, sql: &str, limits: Limits) -> Result<Self> {
        match session.statements.find(sql, false) {
            Some(kept) => Ok(Prepared::kept(kept)),
            None => Prepared::new(session, sql, sql, None, limits),
        }
    }

    /// One that the connection keeps.
    #[inline]
    pub(super) fn kept(kept: Kept) -> Self {
        let has_binds = kept.compiled.is_some();
        Prepared { statement: kept.statement, is_kept: true, has_binds, sql: kept.sql }
    }

    /// Prepares `sent`, which was given as `sql`; kept where that is worth it.
    pub(super) fn new(
        session: &mut Session,
        sql: &str,
        sent: &str,
        compiled: Option<Arc<Compiled>>,
        limits: Limits,
    ) -> Result<Self> {
        let keeps = session.statements.stats().capacity > 0 && is_worth_keeping(sent);
        let options = PrepareOptions { one_shot: !keeps };
        let statement = prepare_single(&mut session.driver, sent, options, limits)?;
        let sql: Arc<str> = sql.into();
        let has_binds = compiled.is_some();
        if keeps {
            let kept = Kept { statement, sql: Arc::clone(&sql), compiled };
            if let Some(gone) = session.statements.keep(kept) {
                session.driver.close_statement(gone);
            }
        }
        Ok(Prepared { statement, is_kept: keeps, has_binds, sql })
    }

    /// Prepares a text that is not kept.
    pub(super) fn once(
        session: &mut Session,
        sql: &str,
        sent: &str,
        limits: Limits,
    ) -> Result<Self> {
        let options = PrepareOptions { one_shot: true };
        let statement = prepare_single(&mut session.driver, sent, options, limits)?;
        Ok(Prepared { statement, is_kept: false, has_binds: true, sql: sql.into() })
    }

    /// Executes; a statement that fails is closed and no longer kept.
    #[inline]
    pub(super) fn execute(
        self,
        session: &mut Session,
        start: impl FnOnce(&mut DriverConnection, &DriverStatement) -> Result<Outcome>,
    ) -> Result<Executed> {
        match start(&mut session.driver, &self.statement) {
            Ok(outcome) => {
                let Prepared { statement, is_kept, sql, .. } = self;
                Ok(Executed {
                    statement,
                    is_kept,
                    sql,
                    outcome,
                    yield_per: None,
                    timeout: None,
                    watch: None,
                })
            }
            Err(error) => {
                if self.is_kept {
                    let _closed_below = session.statements.forget(&self.sql, self.has_binds);
                }
                session.driver.close_statement(self.statement);
                Err(error)
            }
        }
    }
}

/// Prepares a text that holds exactly one statement.
fn prepare_single(
    driver: &mut DriverConnection,
    sql: &str,
    options: PrepareOptions,
    limits: Limits,
) -> Result<DriverStatement> {
    let (statement, consumed) = driver.prepare(sql, options, limits)?;
    let Some(statement) = statement else {
        return Err(Error::programming("the text holds no statement").with_statement(sql));
    };
    if let Err(error) = check_single(driver, &sql[consumed..], limits) {
        driver.close_statement(statement);
        return Err(error.with_statement(sql));
    }
    Ok(statement)
}

/// Refuses a second statement, which would be dropped in silence.
fn check_single(driver: &mut DriverConnection, rest: &str, limits: Limits) -> Result<()> {
    if rest.trim().is_empty() {
        return Ok(());
    }
    let options = PrepareOptions { one_shot: true };
    // What does not prepare is a statement too, if a wrong one.
    let second = match driver.prepare(rest, options, limits) {
        Ok((None, _)) => return Ok(()),
        Ok((second, _)) => second,
        Err(_) => None,
    };
    if let Some(second) = second {
        driver.close_statement(second);
    }
    Err(Error::programming("the text holds more than one statement")
        .with_help("execute them one by one, or as a script: Connection::script"))
}
