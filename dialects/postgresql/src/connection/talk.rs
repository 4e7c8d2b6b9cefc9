//! Where the conversation stands: what the server still owes, and its transaction.

use aludel::dbapi::TransactionState;

use super::unasked::Unasked;
use crate::wire::{Message, WireError};

/// Where the conversation stands.
#[derive(Debug)]
pub(super) struct Talk {
    pub(super) unasked: Unasked,
    /// ReadyForQuery messages that flights have asked for and that have not come.
    pub(super) owed: u32,
    /// Statements that were put off and have left with the last flight, not completed yet.
    pub(super) ahead: u32,
    status: TransactionState,
}

impl Talk {
    pub(super) fn new(unasked: Unasked) -> Self {
        Talk { unasked, owed: 0, ahead: 0, status: TransactionState::Idle }
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
    /// When nobody has asked for it.
    #[inline]
    pub(super) fn note(&mut self, message: Message<'_>) -> Result<(), WireError> {
        match message.tag {
            b'Z' => self.ready(message.body),
            b'E' => {
                if self.status == TransactionState::Active {
                    self.status = TransactionState::Aborted;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn ready(&mut self, body: &[u8]) -> Result<(), WireError> {
        self.status = match body {
            b"I" => TransactionState::Idle,
            b"T" => TransactionState::Active,
            b"E" => TransactionState::Aborted,
            _ => return Err(WireError::protocol("a ReadyForQuery of unknown status")),
        };
        let Some(owed) = self.owed.checked_sub(1) else {
            return Err(WireError::protocol("a ReadyForQuery that nobody has asked for"));
        };
        self.owed = owed;
        self.ahead = 0;
        Ok(())
    }
}
