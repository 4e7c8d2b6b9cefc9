//! Queries that run in parts: inside a transaction the server keeps a portal between two flights.
//!
//! The first part is asked for with the execution, each further one as soon as all of the one before
//! is here, while its rows are still being read; of a long result already when that one begins, so
//! that the server need not wait. What is dropped early is then at most two parts, and nothing has to
//! be cancelled, which would abort the transaction.

use aludel::error::Result;
use bytes::{BufMut, BytesMut};

use super::link::fail;
use super::prepared::PlannedColumn;
use super::talk::Talk;
use crate::net::{Deadline, Stream};
use crate::types;
use crate::wire::WireError;

/// Rows of the first part, of which nothing is known yet.
const FIRST: u32 = 512;

/// The same for rows that hold binary data, which tends to be large.
const FIRST_BINARY: u32 = 16;

/// Bytes that a later part is to have: half of what was read before, so that long results need few
/// parts, each of which may cost the way to the server, and what is dropped is in proportion.
const SMALLEST: usize = 512 << 10;
const LARGEST: usize = 2 << 20;

/// Fewest and most rows of a later part.
const FEWEST: usize = 16;
const MOST: usize = 256 << 10;

/// Bytes from which on a result is long: that the server may be asked once in vain, for what comes
/// after the last part, is then worth it.
const LONG: usize = 1 << 20;

/// PortalSuspended and ReadyForQuery inside a transaction: the end of a part.
const END: &[u8] = b"s\0\0\0\x04Z\0\0\0\x05T";

/// Rows to ask for at first.
pub(super) fn first_part(columns: &[PlannedColumn]) -> u32 {
    if columns.iter().any(|column| column.ty.base().oid == types::BYTEA) {
        FIRST_BINARY
    } else {
        FIRST
    }
}

/// How far a query that runs in parts has come.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The next part was asked for before the end of this one was taken in.
    is_ahead: bool,
    /// Rows that were delivered, and their bytes.
    rows: usize,
    bytes: usize,
}

impl Parts {
    /// Notes a row that was delivered.
    #[inline(always)]
    pub(super) fn note(&mut self, bytes: usize) {
        self.rows += 1;
        self.bytes += bytes;
    }

    /// Asks for the next part when that is due. That all of this one has come its last bytes tell;
    /// bytes of a value that look the same do no harm: the server gives one part after the other.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn look_ahead(&mut self, unread: &[u8], asker: &mut Asker<'_>) -> Result<()> {
        if self.is_ahead || !(self.bytes >= LONG || unread.ends_with(END)) {
            return Ok(());
        }
        self.is_ahead = true;
        asker.ask(self.next_part())
    }

    /// This part has ended and the query has not; asks for the next one unless that was done.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn suspended(&mut self, asker: &mut Asker<'_>) -> Result<()> {
        if std::mem::take(&mut self.is_ahead) {
            return Ok(());
        }
        asker.ask(self.next_part())
    }

    fn next_part(&self) -> u32 {
        let width = self.bytes / self.rows.max(1);
        let part = (self.bytes / 2).clamp(SMALLEST, LARGEST);
        (part / width.max(1)).clamp(FEWEST, MOST) as u32
    }
}

/// What asking for more rows takes.
pub(super) struct Asker<'l> {
    pub(super) stream: &'l mut Stream,
    pub(super) talk: &'l mut Talk,
    pub(super) alive: &'l mut bool,
    pub(super) deadline: Deadline,
}

impl Asker<'_> {
    fn ask(&mut self, rows: u32) -> Result<()> {
        let mut flight = *b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04";
        flight[6..10].copy_from_slice(&rows.to_be_bytes());
        self.talk.owed += 1;
        let written = self.stream.write_all(&[&flight], self.deadline);
        written.map_err(|error| fail(self.alive, WireError::Io(error)))
    }
}

/// Has the unnamed portal closed, so that what it holds is given back.
pub(super) fn close_portal(out: &mut BytesMut) {
    out.put_slice(b"C\0\0\0\x06P\0");
}

#[cfg(test)]
mod tests {
    use super::{FEWEST, MOST, Parts};

    #[test]
    fn a_part_has_the_fewer_rows_the_wider_they_are() {
        let part = |rows, width| {
            let parts = Parts { rows, bytes: rows * width, ..Parts::default() };
            parts.next_part()
        };
        assert_eq!(part(512, 1024), 512);
        assert_eq!(part(2048, 1024), 1024);
        assert_eq!(part(1 << 20, 1024), 2048);
        assert_eq!(part(512, 100 << 20), FEWEST as u32);
        assert_eq!(part(512, 0), MOST as u32);
        assert_eq!(part(0, 0), MOST as u32);
    }
}
