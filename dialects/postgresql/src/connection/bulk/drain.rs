//! What comes out of the database, lent piece by piece.

use aludel::error::Result;

use super::super::link::{Link, fail, unexpected};
use super::feed::copied;
use crate::wire::ErrorFields;

/// Small messages are lent together, up to this many bytes.
const PIECE: usize = 16 << 10;

/// What is at hand of an operation that comes out.
pub(super) enum Piece {
    /// Small messages, collected.
    Collected,
    /// One that is large: it can be lent from where it arrived.
    Large,
    /// Nothing: this many rows came.
    End(u64),
    /// The server reports an error, and is not ready yet.
    Failed(Box<ErrorFields>),
}

impl Link {
    /// Waits for the next piece. Small ones are collected in `piece`.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn next_piece(&mut self, piece: &mut Vec<u8>) -> Result<Piece> {
        let mut rows = 0;
        piece.clear();
        while !self.is_ready() {
            if self.front()? == b'd' {
                if self.is_large()? {
                    return Ok(Piece::Large);
                }
                self.collect(piece)?;
                if piece.is_empty() {
                    continue;
                }
                return Ok(Piece::Collected);
            }
            let message = self.receive()?;
            match message.tag {
                b'C' => rows = copied(message.body),
                b'E' => return Ok(Piece::Failed(Box::new(ErrorFields::parse(message.body)))),
                b'c' | b'Z' => {}
                tag => return Err(fail(&mut self.alive, unexpected(tag))),
            }
        }
        Ok(Piece::End(rows))
    }

    fn is_large(&mut self) -> Result<bool> {
        let first = self.inbox.peek().map_err(|error| fail(&mut self.alive, error))?;
        Ok(first.is_some_and(|message| message.body.len() > PIECE))
    }

    /// Collects data that has come.
    fn collect(&mut self, piece: &mut Vec<u8>) -> Result<()> {
        let (mut lent, asker) = self.lend();
        let alive = asker.alive;
        while let Some(message) = lent.peek().map_err(|error| fail(alive, error))? {
            if message.tag != b'd' || piece.len() + message.body.len() > PIECE {
                break;
            }
            piece.extend_from_slice(message.body);
            lent.take(&message);
        }
        Ok(())
    }
}
