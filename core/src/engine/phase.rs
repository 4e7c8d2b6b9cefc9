//! What a connection knows of its transaction.

use crate::error::{Error, code};

/// How far the transaction of a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Phase {
    /// There is none; the next statement begins one.
    #[default]
    Idle,
    /// It has begun.
    Open,
    /// It can only be rolled back: a savepoint was to be undone and could not be.
    Doomed,
    /// Its first phase of two is done.
    Prepared,
    /// It was ended inside the block that holds it; nothing follows until the block ends.
    Ended,
}

/// A savepoint that the database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Savepoint {
    number: u32,
    /// It was rolled back to, and waits for its release.
    is_spent: bool,
}

/// What a connection knows of its transaction.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) phase: Phase,
    /// Blocks that hold the transaction or a savepoint of it.
    pub(super) blocks: u32,
    /// Number of the transaction, so that a block knows its own.
    pub(super) serial: u64,
    /// Number of the transaction that was rolled back last.
    pub(super) rolled_back: u64,
    /// Identifier of the two-phase transaction.
    pub(super) xid: Option<Box<str>>,
    /// Number of the savepoint that was made last; none has it twice.
    last_savepoint: u32,
    savepoints: Vec<Savepoint>,
}

impl State {
    /// True until the program has ended the transaction, whatever became of it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open | Phase::Doomed | Phase::Prepared)
    }

    /// Notes that a transaction has begun.
    pub(super) fn begin(&mut self) {
        self.phase = Phase::Open;
        self.serial += 1;
        self.xid = None;
        self.savepoints.clear();
    }

    /// Notes that the transaction has ended, and its savepoints with it.
    pub(super) fn end(&mut self) {
        self.phase = if self.blocks > 0 { Phase::Ended } else { Phase::Idle };
        self.xid = None;
        self.savepoints.clear();
    }

    /// Notes that the transaction was rolled back.
    pub(super) fn end_rolled_back(&mut self) {
        self.rolled_back = self.serial;
        self.end();
    }

    /// Notes that the connection is closed, whatever was open.
    pub(super) fn close(&mut self) {
        self.end();
        self.phase = Phase::Idle;
    }

    /// Notes that a block holds the transaction.
    pub(super) fn enter(&mut self) {
        self.blocks += 1;
    }

    /// Notes that a block has ended.
    pub(super) fn leave(&mut self) {
        self.blocks = self.blocks.saturating_sub(1);
        if self.blocks == 0 && self.phase == Phase::Ended {
            self.phase = Phase::Idle;
        }
    }

    /// The number of a savepoint to come.
    pub(super) fn next_savepoint(&mut self) -> u32 {
        self.last_savepoint += 1;
        self.last_savepoint
    }

    /// Notes that the savepoint is there.
    pub(super) fn push(&mut self, number: u32) {
        self.savepoints.push(Savepoint { number, is_spent: false });
    }

    /// True when the savepoint is there, to be released or rolled back to.
    pub(super) fn has(&self, number: u32) -> bool {
        self.savepoints.iter().any(|savepoint| savepoint.number == number && !savepoint.is_spent)
    }

    /// True inside a savepoint.
    pub(super) fn is_nested(&self) -> bool {
        self.savepoints.iter().any(|savepoint| !savepoint.is_spent)
    }

    /// Notes that the savepoint was released, and those in it.
    pub(super) fn release(&mut self, number: u32) {
        self.savepoints.retain(|savepoint| savepoint.number < number);
    }

    /// Notes that the savepoint was rolled back to, which ended those in it. The database keeps it.
    pub(super) fn spend(&mut self, number: u32) {
        self.savepoints.retain(|savepoint| savepoint.number <= number);
        if let Some(savepoint) = self.savepoints.last_mut() {
            savepoint.is_spent = true;
        }
    }

    /// The savepoint that nobody needs any more, in which the next one would stand.
    pub(super) fn spent(&self) -> Option<u32> {
        self.savepoints.last().filter(|last| last.is_spent).map(|last| last.number)
    }

    /// The error for everything but a rollback, when the connection went in the transaction.
    #[cold]
    pub(super) fn lost(&self) -> Error {
        Error::invalid_request("the connection was lost, and its transaction with it")
            .with_code(code::TRANSACTION_LOST)
            .with_help("roll back; the next use then connects again")
            .transaction_aborted()
    }

    /// The error for everything but a rollback, in a transaction that takes nothing else.
    #[cold]
    pub(super) fn refusal(&self) -> Error {
        let error = match self.phase {
            Phase::Doomed => Error::invalid_request(
                "the transaction can only be rolled back: a savepoint could not be rolled back to",
            ),
            Phase::Prepared => {
                return Error::invalid_request(
                    "the transaction is prepared: it can only be committed or rolled back",
                );
            }
            Phase::Ended => {
                return Error::invalid_request(
                    "the transaction of this block has ended, and the block has not",
                )
                .with_help("leave the block before other statements are executed");
            }
            Phase::Idle | Phase::Open => {
                Error::invalid_request("the transaction is aborted by an earlier error")
            }
        };
        error
            .with_code(code::ROLLBACK_ONLY)
            .with_sqlstate("25P02")
            .with_help("roll back first")
            .transaction_aborted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_savepoint_takes_those_in_it_along() {
        let mut state = State::default();
        state.begin();
        let numbers = [state.next_savepoint(), state.next_savepoint(), state.next_savepoint()];
        for number in numbers {
            state.push(number);
        }
        state.spend(numbers[1]);
        assert_eq!(numbers.map(|number| state.has(number)), [true, false, false]);
        assert_eq!(state.spent(), Some(numbers[1]));
        state.release(numbers[0]);
        assert!(!state.is_nested() && state.spent().is_none());
        assert!(state.next_savepoint() > numbers[2], "numbers are not given twice");
    }

    #[test]
    fn a_transaction_that_ends_inside_its_block_stays_ended_until_the_block_does() {
        let mut state = State::default();
        state.begin();
        state.enter();
        state.enter();
        state.end();
        state.leave();
        assert_eq!(state.phase, Phase::Ended);
        state.leave();
        assert_eq!(state.phase, Phase::Idle);
    }
}
