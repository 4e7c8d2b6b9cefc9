//! The answers to a flight of many executions.

use aludel::dbapi::ParamRows;
use aludel::error::{Error, Result};

use super::super::link::{Link, unexpected};
use super::super::open::{ManyExecuted, affected, unfinished};
use super::super::prepared::Prepared;
use crate::wire::{ErrorFields, Message, WireError};

/// What the server has answered so far.
#[derive(Debug)]
pub(super) struct Answers<'s> {
    prepared: &'s Prepared,
    many: ManyExecuted,
    /// Rows that were changed, when every execution tells.
    pub(super) affected: Option<u64>,
    pub(super) failure: Option<Failure>,
    /// The server has taken the parameters of a row.
    is_bound: bool,
    /// Why a row was not sent.
    refusal: Option<Error>,
}

/// The first error.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) fields: ErrorFields,
    /// Executions that were answered before it, `None` when it is no row's.
    pub(super) completed: Option<u64>,
    /// The server had taken the parameters of a row before.
    pub(super) is_bound: bool,
}

impl<'s> Answers<'s> {
    /// No answers yet to executions for this many rows of parameters.
    pub(super) fn new(prepared: &'s Prepared, params: ParamRows<'_>) -> Self {
        let many = ManyExecuted::new(params.first_row(), params.len());
        Answers { prepared, many, affected: Some(0), failure: None, is_bound: false, refusal: None }
    }

    /// Executions that were answered.
    pub(super) fn completed(&self) -> u64 {
        self.many.completed
    }

    /// True when no further row is worth sending.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some() || self.refusal.is_some()
    }

    /// The row at this place cannot be sent.
    #[cold]
    pub(super) fn refuse(&mut self, index: usize, error: Error) {
        self.refusal = Some(error.with_failing_row(self.many.first_row + index as u64));
    }

    /// Takes in a message that is no error.
    fn take(&mut self, message: Message<'_>) -> Result<(), WireError> {
        match message.tag {
            // What follows the rows is the end of their transaction.
            b'C' | b'I' if self.many.completed == self.many.rows => {}
            b'C' => {
                let changed = affected(message.body, self.prepared.returns_rows);
                self.affected = self.many.add(self.affected, changed);
            }
            b'I' => self.affected = self.many.add(self.affected, None),
            b'2' => self.is_bound = true,
            b'1' | b't' | b'T' | b'n' | b'D' | b'Z' => {}
            tag => return Err(unexpected(tag)),
        }
        Ok(())
    }

    #[cold]
    fn fail(&mut self, fields: ErrorFields, error: Error, is_ahead: bool) {
        if self.failure.is_some() {
            return;
        }
        let is_row = !is_ahead && self.many.completed < self.many.rows;
        let completed = is_row.then_some(self.many.completed);
        let error = match completed {
            Some(completed) => error.with_failing_row(self.many.first_row + completed),
            None => error,
        };
        self.failure = Some(Failure { error, fields, completed, is_bound: self.is_bound });
    }

    /// How it has ended: the rows that were changed, when every execution tells.
    ///
    /// # Errors
    /// The first error, or that of the deadline when it has passed amid the rows.
    pub(super) fn finish(self, link: &mut Link) -> Result<Option<u64>> {
        if let Some(failure) = self.failure {
            return Err(failure.error);
        }
        if let Some(refusal) = self.refusal {
            return Err(refusal);
        }
        let many = &self.many;
        if many.completed < many.rows {
            let row = many.first_row + many.completed;
            return Err(unfinished(&link.talk, &mut link.alive).with_failing_row(row));
        }
        Ok(self.affected)
    }
}

impl Link {
    /// Waits for the next answer and takes it in.
    ///
    /// # Errors
    /// When the connection breaks; an error that the server reports is an answer, unless it is the
    /// end of the session.
    fn answer(&mut self, answers: &mut Answers<'_>) -> Result<()> {
        let message = self.receive()?;
        if message.tag != b'E' {
            return answers.take(message).map_err(|error| self.fail(error));
        }
        let fields = ErrorFields::parse(message.body);
        let is_ahead = self.talk.ahead > 0;
        let error = self.reported(&fields, Some(&answers.prepared.sql));
        answers.fail(fields, error, is_ahead);
        match answers.failure.take_if(|_| !self.alive) {
            Some(failure) => Err(failure.error),
            None => Ok(()),
        }
    }

    /// Takes in the answers that have come.
    pub(super) fn answer_now(&mut self, answers: &mut Answers<'_>) -> Result<()> {
        while !self.is_ready() && self.has_answer()? {
            self.answer(answers)?;
        }
        Ok(())
    }

    /// Takes in all answers, until the server is ready again.
    pub(super) fn answer_all(&mut self, answers: &mut Answers<'_>) -> Result<()> {
        while !self.is_ready() {
            self.answer(answers)?;
        }
        Ok(())
    }
}
