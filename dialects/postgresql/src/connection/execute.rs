//! Executing: which flights, and what to do when the server has forgotten a statement.

use std::sync::Arc;

use aludel::dbapi::{Params, TransactionState};
use aludel::error::{Error, Result};

use super::bind::{are_declared, check_count, declared_types};
use super::open::{Front, Open, advance, not_by_statement};
use super::parts::{Parts, first_part};
use super::postgresql::PostgresqlConnection;
use super::prepared::{Described, Name, Prepared};
use super::statement::PostgresqlStatement;
use crate::split::{StatementKind, may_run_in_parts};
use crate::types;
use crate::wire::ErrorFields;

/// What one execution is to do.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub(super) params: Params<'r>,
    /// No more than one row will be read.
    pub(super) one_row: bool,
}

impl PostgresqlConnection {
    /// Executes and leaves a result open, with a row or the end at hand.
    ///
    /// # Errors
    /// What the server reports.
    pub(super) fn run(&mut self, statement: &mut PostgresqlStatement, run: Run<'_>) -> Result<()> {
        check_count(run.params.len())?;
        self.has_run = true;
        let put_off = self.link.put_off().to_vec();
        let was_idle = self.link.server_state() == TransactionState::Idle;
        let Some(fields) = self.attempt(statement, run)? else { return Ok(()) };
        let stale = self.is_stale(&fields);
        let error = self.recover(fields, statement)?;
        if !stale {
            return Err(error);
        }
        self.forget(statement);
        if !was_idle {
            return Err(error);
        }
        if !put_off.is_empty() {
            // The transaction that has just begun holds nothing yet: it begins again.
            self.link.command("ROLLBACK")?;
            put_off.into_iter().for_each(|sql| self.link.put_off_one(sql));
        }
        match self.attempt(statement, run)? {
            None => Ok(()),
            Some(fields) => Err(self.recover(fields, statement)?),
        }
    }

    /// Forgets what is known of the statement; the server forgets it with the next flight.
    fn forget(&mut self, statement: &mut PostgresqlStatement) {
        let Some(prepared) = statement.prepared.take() else { return };
        self.cache.forget(&prepared);
        self.catalog.forget();
        self.link.close_named(&prepared.name);
    }

    /// Reads until the server is ready again after an error, and gives that error.
    ///
    /// # Errors
    /// When the connection breaks meanwhile.
    pub(super) fn recover(
        &mut self,
        fields: ErrorFields,
        statement: &PostgresqlStatement,
    ) -> Result<Error> {
        let copy = self.open.take().and_then(|open| open.copy);
        let error = self.link.settle(&fields, Some(&statement.sql))?;
        Ok(copy.map_or(error, not_by_statement))
    }

    /// Executes; gives the fields of the error when the server reports one before any row.
    fn attempt(
        &mut self,
        statement: &mut PostgresqlStatement,
        run: Run<'_>,
    ) -> Result<Option<ErrorFields>> {
        let known = self.known(statement, run.params);
        let was_known = known.is_some();
        let prepared = match known {
            Some(prepared) => prepared,
            None if statement.kind.may_return_rows()
                || run.params.iter().any(types::depends_on_type) =>
            {
                self.describe(statement, run.params)?
            }
            None => return self.execute_unseen(statement, run),
        };
        if prepared.name.is_empty() {
            self.link.parse("", &prepared.sql, &prepared.parameter_oids)?;
        }
        let large = match self.link.bind_lending(&prepared, run.params) {
            Ok(large) => large,
            Err(error) if !was_known => return Err(error),
            Err(_) => {
                // The types that are known may be those of a table that has changed.
                self.link.forget_flight();
                self.forget(statement);
                return self.attempt(statement, run);
            }
        };
        if prepared.name.is_empty() {
            self.link.describe_portal();
        }
        let in_parts = prepared.first_part > 0
            && !run.one_row
            && self.link.transaction_state() == TransactionState::Active;
        let limit = match (run.one_row, in_parts) {
            (true, _) => prepared.first_part.min(1),
            (false, true) => prepared.first_part,
            (false, false) => 0,
        };
        self.link.execute(limit);
        self.link.sync();
        self.link.send_with(&large)?;
        let mut open = Open::new(statement, prepared);
        open.was_known = was_known;
        open.parts = in_parts.then(Parts::default);
        self.first_answer(open)
    }

    fn first_answer(&mut self, open: Open) -> Result<Option<ErrorFields>> {
        let open = self.open.insert(open);
        match advance(&mut self.link, open)? {
            Front::Failed(fields) => return Ok(Some(*fields)),
            Front::Row | Front::End => {}
        }
        if open.has_dropped_statements {
            self.cache.clear();
        }
        if let Some(described) = open.changed.take() {
            let types = self.catalog.resolve_known(&described);
            let columns = described.columns.as_deref().unwrap_or_default();
            self.cache.forget(&open.prepared);
            let id = self.cache.next_id();
            open.prepared = Arc::new(open.prepared.with_columns(id, columns, types));
        }
        Ok(None)
    }

    /// The description of the statement, when it is known and still true.
    #[inline]
    pub(super) fn known(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: Params<'_>,
    ) -> Option<Arc<Prepared>> {
        let accepts =
            |kept: &Prepared| !kept.is_forgotten() && are_declared(&kept.declared, params);
        if !statement.prepared.as_ref().is_some_and(|kept| accepts(kept)) {
            statement.prepared = self.cache.get(&statement.sql, accepts).cloned();
        }
        let prepared = statement.prepared.as_ref()?;
        self.cache.touch(prepared);
        Some(Arc::clone(prepared))
    }

    /// Has the server parse and describe the statement, and keeps it.
    ///
    /// # Errors
    /// What the server reports.
    pub(super) fn describe(
        &mut self,
        statement: &mut PostgresqlStatement,
        params: Params<'_>,
    ) -> Result<Arc<Prepared>> {
        let name = self.new_name(statement, params, true);
        self.link.parse(&name.name, &name.sql, &name.declared)?;
        self.link.describe_statement(&name.name)?;
        self.link.sync();
        self.link.send()?;
        let mut described = Described::default();
        let answered = self.link.until_ready(Some(&statement.sql), |message| {
            Ok(described.take(message.tag, message.body)?)
        });
        let resolved = answered.and_then(|()| self.catalog.resolve(&described, &mut self.link));
        let types = resolved.inspect_err(|_| self.link.close_named(&name.name))?;
        let mut prepared = Prepared::new(name, described, types);
        if statement.kind == StatementKind::Query && may_run_in_parts(&statement.sql) {
            prepared.first_part = first_part(&prepared.columns);
        }
        let prepared = Arc::new(prepared);
        self.keep(&prepared);
        statement.prepared = Some(Arc::clone(&prepared));
        Ok(prepared)
    }

    /// Executes a statement that returns no rows, in one flight: its parameters go as text, since
    /// their types are not known yet.
    fn execute_unseen(
        &mut self,
        statement: &mut PostgresqlStatement,
        run: Run<'_>,
    ) -> Result<Option<ErrorFields>> {
        let keep = statement.kind.is_worth_keeping();
        let name = self.new_name(statement, run.params, keep);
        self.link.parse(&name.name, &name.sql, &name.declared)?;
        self.link.describe_statement(&name.name)?;
        let large = self.link.bind_unseen(&name.name, run.params, &name.declared)?;
        self.link.execute(0);
        self.link.sync();
        self.link.send_with(&large)?;
        let mut described = Described::default();
        while matches!(self.link.front()?, b'1' | b't' | b'T' | b'n') {
            let message = self.link.receive()?;
            let taken = described.take(message.tag, message.body);
            taken.map_err(|error| self.link.fail(error))?;
        }
        let is_described = self.link.front()? == b'2';
        let types = self.catalog.resolve_known(&described);
        let prepared = Arc::new(Prepared::new(name, described, types));
        if keep && is_described {
            self.keep(&prepared);
            statement.prepared = Some(Arc::clone(&prepared));
        } else {
            self.link.close_named(&prepared.name);
        }
        let mut open = Open::new(statement, prepared);
        open.all_text = true;
        self.first_answer(open)
    }

    /// Keeps a statement, and has the server close the one that goes for it.
    pub(super) fn keep(&mut self, prepared: &Arc<Prepared>) {
        let evicted = self.cache.insert(prepared);
        if let Some(evicted) = evicted {
            self.link.close_named(&evicted.name);
        }
    }

    /// What the statement is called from now on, if the server is to keep it.
    fn new_name(
        &mut self,
        statement: &PostgresqlStatement,
        params: Params<'_>,
        keep: bool,
    ) -> Name {
        let id = self.cache.next_id();
        let named = keep && self.named_statements;
        Name {
            id,
            name: if named { format!("aludel_{id}") } else { String::new() },
            sql: Arc::clone(&statement.sql),
            kind: statement.kind,
            declared: declared_types(params),
        }
    }

    /// True for the error of a statement that the server no longer has, or has planned for tables
    /// that have changed. Nothing of it has run then: a statement that has taken its parameters may
    /// have committed before it failed.
    pub(super) fn is_stale(&self, fields: &ErrorFields) -> bool {
        let Some(open) = &self.open else { return false };
        // An error of what was put off says nothing about the statement.
        if self.link.talk.ahead > 0 || open.is_bound {
            return false;
        }
        match fields.code.as_str() {
            // The unnamed statement was parsed anew, and has another number of columns.
            "08P01" => open.prepared.name.is_empty(),
            // What it was parsed for is gone: a column has another type, or a type was made anew.
            code if matches!(code.get(..2), Some("22" | "42")) || code == "XX000" => open.was_known,
            _ => is_forgotten(fields),
        }
    }
}

/// True for the error of a statement that the server no longer has, or has planned for tables that
/// have changed.
pub(super) fn is_forgotten(fields: &ErrorFields) -> bool {
    match fields.code.as_str() {
        "26000" => true,
        "0A000" => fields.routine.as_deref() == Some("RevalidateCachedQuery"),
        _ => false,
    }
}
