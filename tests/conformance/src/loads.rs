//! Bulk operations of a session.

use aludel::Error;
use aludel::abi::host::Limits;
use aludel::dbapi::{BulkDirection, BulkSpec};

use crate::flaw::{Flaw, Step};
use crate::session::{Rows, Session, done};

/// A piece of what goes in.
#[derive(Debug, Clone, Copy)]
pub enum Piece<'a> {
    /// Rows of values.
    Rows(&'a Rows),
    /// Bytes in the format of the operation.
    Bytes(&'a [u8]),
}

impl Session {
    /// Loads pieces and keeps them; how many rows were moved, or the error, after which the
    /// operation has been abandoned.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the operation cannot begin.
    pub fn load(&mut self, spec: &BulkSpec<'_>, pieces: &[Piece<'_>]) -> Step<Result<u64, Error>> {
        self.bulk_begin(spec)?;
        for piece in pieces {
            if let Err(error) = self.bulk_write(*piece) {
                // It must be ended all the same; what it says now adds nothing.
                let _ = self.bulk_end(false);
                return Ok(Err(error));
            }
        }
        Ok(self.bulk_end(true))
    }

    /// Unloads all; the bytes, and how many rows were moved.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn unload(&mut self, spec: &BulkSpec<'_>) -> Step<(Vec<u8>, u64)> {
        self.bulk_begin(spec)?;
        let mut bytes = Vec::new();
        while let Some(piece) = done("bulk_read", self.raw().bulk_read(Limits::NONE))? {
            bytes.extend_from_slice(piece);
            if bytes.len() > MOST {
                return Err(Flaw::mismatch("bulk_read", "an end", format!("{MOST} bytes")));
            }
        }
        let moved = done("bulk_end", self.bulk_end(true))?;
        Ok((bytes, moved))
    }

    /// Begins a bulk operation.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn bulk_begin(&mut self, spec: &BulkSpec<'_>) -> Step<()> {
        let way = if spec.direction == BulkDirection::In { "into" } else { "out of" };
        let what = format!("bulk {way} {}{}", spec.table, spec.query);
        self.note(&what);
        done(&what, self.raw().bulk_begin(spec, Limits::NONE))
    }

    /// Sends a piece.
    ///
    /// # Errors
    /// What the dialect reports.
    pub fn bulk_write(&mut self, piece: Piece<'_>) -> Result<(), Error> {
        match piece {
            Piece::Rows(rows) => self.raw().bulk_write_rows(rows, Limits::NONE),
            Piece::Bytes(bytes) => self.raw().bulk_write_bytes(bytes, Limits::NONE),
        }
    }

    /// Ends a bulk operation, and keeps or abandons it.
    ///
    /// # Errors
    /// What the dialect reports.
    pub fn bulk_end(&mut self, keep: bool) -> Result<u64, Error> {
        self.note(if keep { "bulk end" } else { "bulk end, abandoned" });
        self.raw().bulk_end(keep, Limits::NONE)
    }
}

/// More bytes than any case unloads.
const MOST: usize = 1 << 26;
