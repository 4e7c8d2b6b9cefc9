//! Faults in errors, in numbers, and in the rows of an executemany.

use aludel::abi::host::{DriverStatement, Limits};
use aludel::dbapi::{Call, ServerInfo};
use aludel::error::{Error, ErrorKind, Result};
use aludel::value::Value;

use crate::connection::FaultyConnection;
use crate::dialect::limits;
use crate::fault::Fault;
use crate::result::Answer;

impl FaultyConnection {
    /// The error as the fault has it; `Ok` when it is lost.
    pub(crate) fn spoil_error(&mut self, error: Error) -> Result<()> {
        if self.plan.makes(Fault::LostError)
            || error.is_retryable() && self.plan.makes(Fault::LostConflict)
        {
            return Ok(());
        }
        Err(self.spoil_told(error))
    }

    /// An error that is told, as the fault tells it.
    pub(crate) fn spoil_told(&mut self, error: Error) -> Error {
        if self.plan.makes(Fault::SilentAbort) {
            // What is lost here is what the case must find.
            let _ = self.inner.rollback(Limits::NONE);
        }
        self.forget_notices();
        let stopped = matches!(error.sqlstate(), Some("HYT00" | "HY008" | "57014"));
        self.is_dead |= stopped && self.plan.makes(Fault::DeadlineKills);
        let wrong_class = self.plan.makes(Fault::WrongClass);
        let wrong_deadline = stopped && self.plan.makes(Fault::DeadlineClass);
        let no_sqlstate = error.sqlstate().is_some() && self.plan.makes(Fault::NoSqlstate)
            || stopped && self.plan.makes(Fault::DeadlineWithoutState);
        let no_constraint = error.constraint().is_some() && self.plan.makes(Fault::NoConstraint);
        let disconnect = self.plan.makes(Fault::FalseDisconnect);
        let not_retryable = error.is_retryable() && self.plan.makes(Fault::NotRetryable);
        if !(wrong_class
            || wrong_deadline
            || no_sqlstate
            || no_constraint
            || disconnect
            || not_retryable)
        {
            return error;
        }
        let kind = match (wrong_class, wrong_deadline) {
            (true, _) => ErrorKind::Operational,
            (_, true) => ErrorKind::Programming,
            _ => error.kind(),
        };
        let mut told = Error::new(kind, error.message());
        if let Some(sqlstate) = error.sqlstate().filter(|_| !no_sqlstate) {
            told = told.with_sqlstate(sqlstate);
        }
        if let Some(constraint) = error.constraint().filter(|_| !no_constraint) {
            told = told.with_constraint(constraint.clone());
        }
        if let Some(row) = error.failing_row() {
            told = told.with_failing_row(row);
        }
        if disconnect { told.disconnected() } else { told }
    }

    fn forget_notices(&self) {
        let mut state = self.hub.state();
        let notices = &mut state.inbox(self.number).notices;
        if !notices.is_empty() && self.plan.makes(Fault::NoticesGoWithErrors) {
            notices.clear();
        }
    }

    /// Row count and key as the fault tells them.
    pub(crate) fn spoil_numbers(&mut self, answer: &mut Answer) {
        match answer.affected {
            Some(rows) => {
                self.last_affected = Some(rows);
                if self.plan.makes(Fault::WrongRowCount) {
                    answer.affected = Some(rows + 1);
                }
            }
            None if self.last_affected.is_some()
                && answer.columns.is_some()
                && self.plan.makes(Fault::RowCountLeftOver) =>
            {
                answer.affected = self.last_affected;
            }
            None => {}
        }
        match answer.last_insert_id {
            Some(id) => self.last_insert_id = Some(id),
            None if answer.affected.is_some()
                && self.last_insert_id.is_some()
                && self.plan.makes(Fault::StaleInsertId) =>
            {
                answer.last_insert_id = self.last_insert_id;
            }
            None => {}
        }
    }

    /// Executes once for each row.
    pub(crate) fn execute_rows(
        &mut self,
        statement: &DriverStatement,
        rows: &[Vec<Value>],
        call: &Call<'_>,
    ) -> Result<Option<u64>> {
        let mut rows = rows;
        let skips = rows.len() > 1 && self.plan.makes(Fault::SkippedRow);
        if skips {
            rows = &rows[..rows.len() - 1];
        }
        self.before_statement(call)?;
        self.transaction.wrote = true;
        let changed = self.inner.execute_many(statement, rows, limits(call));
        match changed {
            Err(error) => self.spoil_error(error).map(|()| None),
            Ok(Some(_)) if rows.len() > 1 && self.plan.makes(Fault::CountOfLastRow) => Ok(Some(1)),
            Ok(changed) => Ok(changed.map(|changed| changed + u64::from(skips))),
        }
    }

    /// What is told of the server, as the fault tells it.
    pub(crate) fn spoil_server(
        &mut self,
        mut info: ServerInfo,
        call: &Call<'_>,
    ) -> Result<ServerInfo> {
        if self.plan.makes(Fault::ServerInfoCommits) {
            self.inner.commit(limits(call))?;
        }
        if self.plan.makes(Fault::ServerWithoutVersion) {
            info.version.clear();
        }
        if self.plan.makes(Fault::ServerVersionCut) {
            info.version.pop();
        }
        if self.makes_once(Fault::ServerVaries) {
            info.name = format!("{} {}", info.name, self.number);
        }
        if self.plan.makes(Fault::UnknownRule) {
            info.rules.push(("quotes".into(), "true".into()));
        }
        Ok(info)
    }
}
