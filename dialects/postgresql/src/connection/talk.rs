//! Where the conversation stands: what the server still owes, and its transaction.

use aludel::dbapi::TransactionState;
use aludel::error::Error;

use super::link::unexpected;
use super::unasked::Unasked;
use crate::error::{from_server, judge_role};
use crate::wire::{ErrorFields, Message, WireError};

/// Whether a server that takes no writes is the wrong one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Role {
    /// The URL demands a server that takes writes.
    pub(super) must_write: bool,
    /// The program has made the session read only.
    pub(super) is_read_only_session: bool,
    /// The program has made the transaction read only.
    pub(super) is_read_only_transaction: bool,
}

/// Where the conversation stands.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) unasked: Unasked,
    /// ReadyForQuery messages that flights have asked for and that have not come.
    pub(super) owed: u32,
    /// Statements that were put off and have left with the last flight, not completed yet.
    pub(super) ahead: u32,
    /// Whether the server has to take writes.
    pub(super) role: Role,
    /// How many ReadyForQuery messages come before the next CloseComplete is not known, and says
    /// nothing: only those after it are owed.
    pub(super) is_until_closed: bool,
    /// The deadline of the call has passed and the server was told to stop.
    pub(super) is_late: bool,
    status: TransactionState,
    /// An error has come before what was put off was completed.
    is_put_off_lost: bool,
    /// The server has not begun the transaction that it was told to begin, and the program does not
    /// know: nothing may run, lest it commits itself.
    pub(super) has_failed_to_begin: bool,
    /// The last error outside of an aborted transaction: if one is aborted now, the reason.
    reason: Option<Box<ErrorFields>>,
}

impl Talk {
    pub(super) fn new(unasked: Unasked) -> Self {
        Talk {
            unasked,
            owed: 0,
            ahead: 0,
            role: Role::default(),
            is_until_closed: false,
            is_late: false,
            status: TransactionState::Idle,
            is_put_off_lost: false,
            has_failed_to_begin: false,
            reason: None,
        }
    }

    /// The transaction as the server last reported it.
    pub(super) fn status(&self) -> TransactionState {
        self.status
    }

    /// True for a message that no execution needs: it may come at any time, or completes what was
    /// put off, or answers the Close of what the cache has dropped.
    #[inline]
    pub(super) fn is_aside(&self, tag: u8) -> bool {
        match tag {
            b'S' | b'N' | b'A' | b'3' => true,
            b'1' | b'2' | b'C' => self.ahead > 0,
            _ => false,
        }
    }

    /// Takes in such a message.
    ///
    /// # Errors
    /// When it is malformed.
    pub(super) fn put_aside(&mut self, message: Message<'_>) -> Result<(), WireError> {
        self.is_until_closed &= message.tag != b'3';
        if message.tag == b'C' {
            self.ahead -= 1;
            if message.body.starts_with(b"BEGIN") {
                self.status = TransactionState::Active;
            }
        }
        self.unasked.absorb(message)
    }

    /// Notes what any other message says about the conversation.
    ///
    /// # Errors
    /// When nobody has asked for it, or the protocol does not know it.
    #[inline]
    pub(super) fn note(&mut self, message: Message<'_>) -> Result<(), WireError> {
        match message.tag {
            b'Z' => self.ready(message.body),
            b'E' => {
                self.is_put_off_lost |= self.ahead > 0;
                self.failed(message.body);
                Ok(())
            }
            b'1' | b'2' | b'C' | b'D' | b'G' | b'H' | b'I' | b'T' | b'c' | b'd' | b'n' | b's'
            | b't' => Ok(()),
            tag => Err(unexpected(tag)),
        }
    }

    /// Keeps what may have aborted the transaction: of a result that was dropped nobody else does.
    #[cold]
    fn failed(&mut self, body: &[u8]) {
        if self.status != TransactionState::Aborted {
            self.reason = Some(Box::new(ErrorFields::parse(body)));
        }
        if self.status == TransactionState::Active {
            self.status = TransactionState::Aborted;
        }
    }

    /// Tells what has aborted the transaction that the error is about.
    #[cold]
    pub(super) fn with_reason(&self, error: Error) -> Error {
        let Some(reason) = &self.reason else { return error };
        let reason = from_server(reason, None);
        error
            .with_detail(format!("the transaction was aborted by: {}", reason.message()))
            .with_source(reason)
    }

    /// The error that the server reports.
    #[cold]
    pub(super) fn error(&self, fields: &ErrorFields, sql: Option<&str>) -> Error {
        if self.is_late && fields.code == "57014" {
            return late();
        }
        if fields.code == "25P02" && self.status == TransactionState::Aborted {
            return self.with_reason(from_server(fields, sql));
        }
        // An error of what was put off has no place in this statement's text.
        let error = from_server(fields, if self.ahead > 0 { None } else { sql });
        let Role { must_write, is_read_only_session, is_read_only_transaction } = self.role;
        judge_role(error, must_write && !is_read_only_session && !is_read_only_transaction)
    }

    /// Tells whether the transaction has survived the error.
    #[cold]
    pub(super) fn with_transaction(&self, error: Error) -> Error {
        match self.status {
            TransactionState::Aborted => error.transaction_aborted(),
            _ if self.has_failed_to_begin => error.transaction_aborted(),
            _ => error,
        }
    }

    fn ready(&mut self, body: &[u8]) -> Result<(), WireError> {
        self.status = match body {
            b"I" => TransactionState::Idle,
            b"T" => {
                self.reason = None;
                TransactionState::Active
            }
            b"E" => TransactionState::Aborted,
            _ => return Err(WireError::protocol("a ReadyForQuery of unknown status")),
        };
        if self.is_until_closed {
            return Ok(());
        }
        let Some(owed) = self.owed.checked_sub(1) else {
            return Err(WireError::protocol("a ReadyForQuery that nobody has asked for"));
        };
        self.owed = owed;
        // What was put off may also be lost without an error, when a flight is cut short.
        let is_lost = std::mem::take(&mut self.is_put_off_lost) || self.ahead > 0;
        self.has_failed_to_begin |= is_lost && self.status == TransactionState::Idle;
        self.ahead = 0;
        Ok(())
    }
}

/// The error of a call whose deadline has passed.
#[cold]
pub(super) fn late() -> Error {
    Error::operational("the statement was cancelled: the deadline of its call has passed")
        .with_sqlstate("HYT00")
}
