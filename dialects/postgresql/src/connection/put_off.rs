//! Statements that are put off until the next flight, such as BEGIN, and what they mean meanwhile.

use aludel::dbapi::TransactionState;
use aludel::error::{Error, Result};
use bytes::BytesMut;

use super::link::Link;

impl Link {
    /// The transaction, with a BEGIN that was put off.
    pub(super) fn transaction_state(&self) -> TransactionState {
        match self.talk.status() {
            _ if self.talk.has_failed_to_begin => TransactionState::Aborted,
            TransactionState::Idle if !self.put_off.is_empty() => TransactionState::Active,
            status => status,
        }
    }

    /// The transaction as the server knows it.
    pub(super) fn server_state(&self) -> TransactionState {
        self.talk.status()
    }

    /// Puts a statement off until the next flight.
    pub(super) fn put_off_one(&mut self, sql: String) {
        self.put_off.push(sql);
    }

    /// Statements that were put off.
    pub(super) fn put_off(&self) -> &[String] {
        &self.put_off
    }

    /// Statements that were put off are not wanted any more, nor is a transaction that has failed to
    /// begin.
    pub(super) fn forget_put_off(&mut self) {
        self.put_off.clear();
        self.talk.has_failed_to_begin = false;
    }

    /// True when the server has not begun the transaction that it was told to begin.
    pub(super) fn has_failed_to_begin(&self) -> bool {
        self.talk.has_failed_to_begin
    }

    /// Refuses to run anything in a transaction that has failed to begin.
    ///
    /// # Errors
    /// SQLSTATE 25P02, as in a transaction that is aborted.
    pub(super) fn check_begun(&mut self) -> Result<()> {
        if !self.talk.has_failed_to_begin {
            return Ok(());
        }
        self.forget_flight();
        Err(not_begun())
    }

    /// The statement that was put off last is not wanted any more.
    pub(super) fn forget_last_put_off(&mut self) {
        self.put_off.pop();
    }

    /// Does something without what was put off, which stays so.
    pub(super) fn apart<T>(&mut self, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let put_off = std::mem::take(&mut self.put_off);
        let has_failed = std::mem::take(&mut self.talk.has_failed_to_begin);
        let result = act(self);
        self.put_off = put_off;
        self.talk.has_failed_to_begin = has_failed;
        result
    }

    /// Messages that travel before the flight: what was put off, and what is to be closed.
    pub(super) fn compose_put_off(&mut self) -> Result<BytesMut> {
        let mut before =
            if self.holds_closes { BytesMut::new() } else { std::mem::take(&mut self.closes) };
        let put_off = std::mem::take(&mut self.put_off);
        for sql in &put_off {
            super::flight::run_unnamed(&mut before, sql)?;
        }
        self.talk.ahead += put_off.len() as u32;
        Ok(before)
    }
}

#[cold]
fn not_begun() -> Error {
    Error::operational("the transaction has failed to begin, and nothing can run in it")
        .with_sqlstate("25P02")
        .with_help("roll back; the error of its first statement says why it has not begun")
        .transaction_aborted()
}
