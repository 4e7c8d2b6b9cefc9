//! The flight that inserts many rows at once, and undoes that when it fails.

use std::sync::Arc;

use aludel::dbapi::ParamRows;
use aludel::error::{Error, Result};

use super::super::flight::run_unnamed;
use super::super::open::affected;
use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::{Described, Name, Prepared, Types};
use super::bulk::Bulk;
use super::target::assertion;
use crate::split::StatementKind;
use crate::types::Oid;
use crate::wire::ErrorFields;

/// Where an insert that fails is undone to.
pub(super) const SAVEPOINT: &str = "SAVEPOINT aludel_executemany";
pub(super) const ROLLBACK: &str = "ROLLBACK TO SAVEPOINT aludel_executemany";
pub(super) const RELEASE: &str = "RELEASE SAVEPOINT aludel_executemany";

/// The statements of the flight that the server keeps.
#[derive(Default)]
struct Statements {
    used: Vec<Arc<Prepared>>,
    /// Those that the server sees for the first time.
    new: Vec<Arc<Prepared>>,
}

/// What the server has answered to the flight.
#[derive(Default)]
struct Outcome {
    inserted: Option<u64>,
    /// Statements that have been completed.
    completed: u32,
    failure: Option<(Error, ErrorFields)>,
}

impl PostgresqlConnection {
    /// Inserts the rows, and commits when it is told to. `None` when that has failed in a way that
    /// may have to do with one of the rows: nothing of it has happened then, and the undoing travels
    /// with the next flight.
    ///
    /// # Errors
    /// When the connection breaks, or the server reports what is no row's fault.
    pub(super) fn insert_at_once(
        &mut self,
        original: &Prepared,
        bulk: &Bulk,
        params: ParamRows<'_>,
        commit: bool,
    ) -> Result<Option<u64>> {
        let mut statements = Statements::default();
        if self.compose_insert(original, bulk, (params, commit), &mut statements).is_err() {
            // The pipeline finds the row that cannot be sent, and executes those before it.
            self.link.forget_flight();
            return Ok(None);
        }
        self.link.send()?;
        let outcome = self.read_outcome()?;
        let Some((error, fields)) = outcome.failure else {
            statements.new.iter().for_each(|prepared| self.keep(prepared));
            return Ok(Some(outcome.inserted.unwrap_or(0)));
        };
        self.close_new(&statements);
        let is_row = outcome.inserted.is_none() && may_be_a_row(&fields.code);
        if !is_row || self.link.talk.is_late || self.link.has_failed_to_begin() {
            return Err(error);
        }
        if fields.code == "26000" {
            statements.used.iter().for_each(|kept| self.cache.forget(kept));
            self.cache.forget(original);
        }
        if outcome.completed < 2 && !bulk.is_asked {
            // The assertion has failed: the table has changed.
            original.note_takes_many(None);
        }
        self.link.put_off_one(ROLLBACK.into());
        self.link.put_off_one(RELEASE.into());
        Ok(None)
    }

    fn compose_insert(
        &mut self,
        original: &Prepared,
        bulk: &Bulk,
        (params, commit): (ParamRows<'_>, bool),
        statements: &mut Statements,
    ) -> Result<()> {
        run_unnamed(&mut self.link.out, SAVEPOINT)?;
        if !bulk.is_asked {
            let name = self.use_statement(assertion(&bulk.table).into(), &[], statements)?;
            self.link.bind_columns(&name, &[], params)?;
            self.link.execute(0);
        }
        let name = self.use_statement(Arc::clone(&bulk.sql), &bulk.arrays, statements)?;
        self.link.bind_columns(&name, &original.parameters, params)?;
        self.link.execute(0);
        run_unnamed(&mut self.link.out, RELEASE)?;
        if commit {
            run_unnamed(&mut self.link.out, "COMMIT")?;
        }
        self.link.sync();
        Ok(())
    }

    /// The name of a statement that returns nothing that is read; it is parsed in this flight unless
    /// the server has it.
    fn use_statement(
        &mut self,
        sql: Arc<str>,
        parameters: &[Oid],
        statements: &mut Statements,
    ) -> Result<String> {
        let known =
            self.cache.get(&sql, |kept| !kept.is_forgotten() && kept.declared == parameters);
        if let Some(known) = known.filter(|known| !known.name.is_empty()) {
            let known = Arc::clone(known);
            self.cache.touch(&known);
            statements.used.push(Arc::clone(&known));
            return Ok(known.name.clone());
        }
        let id = self.cache.next_id();
        let name = if self.named_statements { format!("aludel_{id}") } else { String::new() };
        self.link.parse(&name, &sql, parameters)?;
        if self.named_statements {
            let described = Described { parameters: parameters.to_vec(), columns: None };
            let types = Types { parameters: Vec::new(), columns: Vec::new() };
            let kind = StatementKind::Change;
            let declared = parameters.to_vec();
            let name = Name { id, name: name.clone(), sql, kind, declared };
            statements.new.push(Arc::new(Prepared::new(name, described, types)));
        }
        Ok(name)
    }

    /// Statements of a flight that has failed: nobody knows which of them the server has.
    fn close_new(&mut self, statements: &Statements) {
        statements.new.iter().for_each(|prepared| self.link.close_later(&prepared.name));
    }

    fn read_outcome(&mut self) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        while !self.link.is_ready() {
            let message = self.link.receive()?;
            match message.tag {
                b'C' => {
                    outcome.completed += 1;
                    outcome.inserted = outcome.inserted.or(affected(message.body, true));
                }
                b'E' => {
                    let fields = ErrorFields::parse(message.body);
                    let error = self.link.reported(&fields, None);
                    if !self.link.is_alive() {
                        return Err(error);
                    }
                    outcome.failure.get_or_insert((error, fields));
                }
                _ => {}
            }
        }
        Ok(outcome)
    }
}

/// False for errors that would hit any statement at this moment, whatever its rows.
fn may_be_a_row(sqlstate: &str) -> bool {
    const OTHERS: &[&str] = &["08", "40", "53", "55", "57", "58", "XX"];
    !OTHERS.iter().any(|class| sqlstate.starts_with(class))
}
