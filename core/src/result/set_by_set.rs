//! Statements that return rows, executed once for each set of parameters.

use std::sync::Arc;

use super::bound::Bound;
use super::collected::Collected;
use super::execute::with_binds;
use super::given::How;
use super::insert_many::InsertMany;
use super::params::{NamedParams, Shape};
use super::prepared::{Executed, Outcome, Prepared};
use super::sending::Rows;
use super::told;
use crate::abi::host::ExecuteOptions;
use crate::dbapi::TransactionState;
use crate::dialect::Capability;
use crate::engine::{Brought, Connection, Sent, Statement, TextOrigin};
use crate::error::{Error, ErrorKind, Result};
use crate::text::Assembled;

/// Sets of parameters that are told of as one execution.
#[derive(Clone, Copy)]
struct Sets<'s> {
    sets: &'s [NamedParams],
    /// The number of the first of them within all.
    first: usize,
}

impl InsertMany<'_> {
    /// Each set by itself: many together where the dialect takes them so.
    pub(super) fn singly(
        &self,
        connection: &mut Connection,
        collected: &mut Collected,
    ) -> Result<()> {
        // Listeners are told of each execution.
        let is_together = connection.dialect().has(Capability::ExecuteMany)
            && !told::is_cursor_listened_to(connection);
        let Some(fixed) = self.binds.compiled.fixed().filter(|_| is_together) else {
            let all = Sets { sets: self.rows, first: 0 };
            return self.one_by_one(connection, all, self.how, collected);
        };
        let page = connection.insertmanyvalues().page_size.get();
        let mut is_refused = false;
        for (number, sets) in self.rows.chunks(page).enumerate() {
            let sets = Sets { sets, first: number * page };
            is_refused = self.page(connection, (sets, fixed), is_refused, collected)?;
        }
        Ok(())
    }

    fn one_by_one(
        &self,
        connection: &mut Connection,
        Sets { sets, first }: Sets<'_>,
        how: How,
        collected: &mut Collected,
    ) -> Result<()> {
        let start = ExecuteOptions::default().limits(how.limits(connection));
        let how = How { start, told_in: connection.told_in(), ..how };
        for (index, set) in sets.iter().enumerate() {
            with_binds(connection, self.sql, self.binds.declared, &Shape::Named(set), how)
                .and_then(|executed| collected.read(connection.session(), executed))
                .map_err(|error| error.with_failing_row((first + index) as u64))?;
        }
        Ok(())
    }

    /// Executes sets together, unless the dialect has refused that before; says whether it has by
    /// now.
    fn page(
        &self,
        connection: &mut Connection,
        (page, fixed): (Sets<'_>, &Assembled),
        is_refused: bool,
        collected: &mut Collected,
    ) -> Result<bool> {
        let row = |set| self.binds.row(Some(set), &fixed.slots);
        let rows: Vec<_> = page.sets.iter().map(row).collect();
        let sent = Sent {
            sql: self.sent(),
            origin: TextOrigin::Compiled(self.binds.compiled.stamp()),
            parameters: &Rows::Bound(&rows),
            caller: self.how.caller,
        };
        let mut told = self.how.is_watched.then(|| Statement::begin(connection, &sent));
        let executed = match is_refused {
            true => Ok(None),
            false => self.together(connection, &rows, told.as_mut()),
        };
        let executed = match executed {
            Err(error) if page.first == 0 && refuses(&error, connection) => Ok(None),
            executed => executed.map_err(|error| self.located(error, page.first)),
        };
        match (executed, told) {
            (Ok(Some(mut executed)), told) => {
                let brought = executed.outcome.brought();
                executed.told = told.and_then(|told| told.executed(&sent, brought));
                let read = collected.read_many(connection.session(), executed, rows.len());
                read.map(|()| false).map_err(|error| self.located(error, page.first))
            }
            (Ok(None), told) => {
                self.refused(connection, page, (told, &sent), collected).map(|()| true)
            }
            (Err(error), told) => {
                if let Some(told) = told {
                    told.failed(&sent, &error);
                }
                Err(error)
            }
        }
    }

    /// Has the dialect execute sets together, each by itself.
    fn together(
        &self,
        connection: &mut Connection,
        rows: &[Bound<'_>],
        told: Option<&mut Statement>,
    ) -> Result<Option<Executed>> {
        let _entered = told.as_ref().map(|told| told.span().entered());
        let limits = self.how.limits(connection);
        let compiled = self.binds.compiled;
        let session = connection.session();
        let prepared = match session.statements.find(self.sql, true) {
            Some(kept) if self.binds.declared.is_empty() => Prepared::kept(kept),
            _ if self.binds.declared.is_empty() => {
                let compiled = Some(Arc::clone(compiled));
                Prepared::new(session, self.sql, self.sent(), compiled, limits)?
            }
            _ => Prepared::once(session, self.sql, self.sent(), limits)?,
        };
        if let Some(told) = told {
            told.prepared();
        }
        let executed = prepared.execute(session, |driver, statement| {
            driver.start_many_returning(statement, rows, limits).map(Outcome::Cursor)
        });
        executed.map(Some)
    }

    /// Executes one after the other what the dialect does not execute together. They were told of.
    fn refused(
        &self,
        connection: &mut Connection,
        page: Sets<'_>,
        (told, sent): (Option<Statement>, &Sent<'_>),
        collected: &mut Collected,
    ) -> Result<()> {
        let Some(told) = told else {
            return self.one_by_one(connection, page, self.how, collected);
        };
        let entered = told.span().entered();
        if page.first == 0 {
            let why = "the dialect does not execute sets together whose rows are wanted";
            connection.tell_row_by_row(why, self.rows.len());
        }
        let how = How { is_watched: false, is_told: false, ..self.how };
        let before = collected.rows();
        let executed = self.one_by_one(connection, page, how, collected);
        drop(entered);
        if let Err(error) = executed {
            told.failed(sent, &error);
            return Err(error);
        }
        let brought = Brought { affected: None, returns_rows: true, goes_on: false };
        if let Some(mut told) = told.executed(sent, brought) {
            told.passed_over((collected.rows() - before) as u64);
        }
        Ok(())
    }

    /// The error with the number of the set within all of them.
    fn located(&self, error: Error, first: usize) -> Error {
        let error = error.with_statement(self.sent());
        match error.failing_row() {
            Some(row) => error.with_failing_row(row + first as u64),
            None => error,
        }
    }
}

/// True when the dialect has said that it does not do this, before it did anything.
fn refuses(error: &Error, connection: &mut Connection) -> bool {
    error.kind() == ErrorKind::NotSupported
        && connection.session().driver.transaction_state() != TransactionState::Aborted
}
