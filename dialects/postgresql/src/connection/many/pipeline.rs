//! Rows of parameters one after the other, without waiting for answers.

use std::sync::Arc;

use aludel::dbapi::{ParamRows, Params};
use aludel::error::Result;

use super::super::flight::run_unnamed;
use super::super::link::Link;
use super::super::postgresql::PostgresqlConnection;
use super::super::prepared::Prepared;
use super::super::statement::PostgresqlStatement;
use super::answers::Answers;
use super::variant::fits;

/// Bytes that are composed before they are written.
const FLIGHT: usize = 64 << 10;

/// What the rows of a pipeline are bound to, one after the other.
pub(super) struct Composer {
    pub(super) prepared: Arc<Prepared>,
    /// Number of the description that the unnamed statement has been parsed by.
    parsed: Option<u32>,
}

impl Composer {
    pub(super) fn new(prepared: &Arc<Prepared>) -> Self {
        Composer { prepared: Arc::clone(prepared), parsed: None }
    }

    /// Composes the execution for a row.
    ///
    /// # Errors
    /// When it cannot be sent; nothing of it is composed then.
    pub(super) fn compose(&mut self, row: Params<'_>, link: &mut Link) -> Result<()> {
        let begin = link.out.len();
        let composed = self.append(row, link);
        if composed.is_err() {
            link.out.truncate(begin);
            self.parsed = None;
        }
        composed
    }

    fn append(&mut self, row: Params<'_>, link: &mut Link) -> Result<()> {
        let prepared = &self.prepared;
        if prepared.name.is_empty() && self.parsed != Some(prepared.id) {
            link.parse("", &prepared.sql, &prepared.parameter_oids)?;
            self.parsed = Some(prepared.id);
        }
        link.bind(prepared, row)?;
        link.execute(0);
        Ok(())
    }
}

impl PostgresqlConnection {
    /// Executes for each row. `commit` commits when all have succeeded.
    ///
    /// # Errors
    /// When the connection breaks; all that the server reports are answers.
    pub(super) fn run_pipeline<'s>(
        &mut self,
        statement: &mut PostgresqlStatement,
        prepared: &'s Arc<Prepared>,
        params: ParamRows<'_>,
        commit: bool,
    ) -> Result<Answers<'s>> {
        let mut answers = Answers::new(prepared, params);
        let mut composer = Composer::new(prepared);
        self.link.open_pipeline()?;
        for (index, row) in params.iter().enumerate() {
            if !fits(&composer.prepared, row) {
                self.change_variant(statement, row, &mut composer, &mut answers)?;
            }
            if answers.has_failed() || !self.link.pipeline_is_open {
                break;
            }
            if let Err(error) = composer.compose(row, &mut self.link) {
                answers.refuse(index, error);
                break;
            }
            if self.link.out.len() >= FLIGHT {
                self.link.post()?;
                self.link.pump(|link| link.answer_now(&mut answers))?;
            }
        }
        if !self.link.pipeline_is_open {
            // The deadline has passed, and the server has been told to expect no more.
            self.link.forget_flight();
        } else if commit && !answers.has_failed() {
            run_unnamed(&mut self.link.out, "COMMIT")?;
        }
        self.link.close_pipeline()?;
        self.link.pump(|link| link.answer_now(&mut answers))?;
        self.link.answer_all(&mut answers)?;
        Ok(answers)
    }

    /// Changes to the description that a row needs. When the server must be asked for it, the rows
    /// before have their answers first.
    ///
    /// # Errors
    /// When the connection breaks.
    fn change_variant(
        &mut self,
        statement: &mut PostgresqlStatement,
        row: Params<'_>,
        composer: &mut Composer,
        answers: &mut Answers<'_>,
    ) -> Result<()> {
        if let Some(known) = self.variant(statement, row) {
            composer.prepared = known;
            return Ok(());
        }
        self.link.close_pipeline()?;
        self.link.pump(|link| link.answer_now(answers))?;
        self.link.answer_all(answers)?;
        if answers.has_failed() {
            return Ok(());
        }
        match self.describe(statement, row) {
            Ok(described) => *composer = Composer::new(&described),
            Err(error) if self.link.is_alive() => {
                answers.refuse(answers.completed() as usize, error);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.link.open_pipeline()
    }
}
