//! Bulk operations: entries in as rows or as CSV in pieces, and out as CSV in pieces.

use aludel::dbapi::{BulkChunk, BulkDirection, BulkSpec};
use aludel::{Error, Result, Value};

use crate::coverage;
use crate::database::Entry;

/// Lines of a piece that goes out.
const LINES: usize = 3;

/// A bulk operation that has begun.
pub(crate) struct Bulk {
    direction: BulkDirection,
    bytes: bool,
    entries: Vec<Entry>,
    /// The end of a piece of CSV that is not a whole line yet; the piece that goes out.
    buffer: Vec<u8>,
    /// Entries that went out.
    next: usize,
}

impl Bulk {
    /// Begins; `entries` are those that there are.
    pub(crate) fn begin(spec: &BulkSpec<'_>, entries: Vec<Entry>) -> Result<Self> {
        if spec.direction == BulkDirection::Out && spec.format.is_none() {
            return Err(Error::not_supported("only bytes come out in bulk")
                .with_help("name a format, or execute `select`"));
        }
        if let Some(format) = spec.format.filter(|format| *format != "csv") {
            return Err(Error::not_supported(format!("there is no format {format:?}")));
        }
        let wanted = (spec.schema, spec.table, spec.query, spec.columns.as_slice());
        let known =
            matches!(wanted, ("main", "entries", "", ["key", "value"]) | ("", "", "select", []));
        if !known {
            return Err(Error::programming(format!("there is no {spec:?}")));
        }
        let entries = if spec.direction == BulkDirection::Out { entries } else { Vec::new() };
        let bytes = spec.format.is_some();
        Ok(Bulk { direction: spec.direction, bytes, entries, buffer: Vec::new(), next: 0 })
    }

    /// Takes a piece.
    pub(crate) fn write(&mut self, chunk: BulkChunk<'_>) -> Result<()> {
        match (self.direction, chunk) {
            (BulkDirection::In, BulkChunk::Rows(rows)) if !self.bytes => {
                for row in rows.iter() {
                    row.iter().for_each(coverage::received);
                    self.entries.push((row.get(0).to_owned(), row.get(1).to_owned()));
                }
                Ok(())
            }
            (BulkDirection::In, BulkChunk::Bytes(bytes)) if self.bytes => self.lines(bytes),
            _ => Err(Error::interface("this bulk operation does not take such a piece")),
        }
    }

    fn lines(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        while let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.buffer.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line[..end]).into_owned();
            let parsed = line
                .split_once(',')
                .and_then(|(key, value)| Some((Value::I64(key.parse().ok()?), Value::from(value))));
            let malformed = || Error::data(format!("{line:?} is no line of CSV"));
            self.entries.push(parsed.ok_or_else(malformed)?);
        }
        Ok(())
    }

    /// Gives a piece.
    pub(crate) fn read(&mut self) -> Result<Option<&[u8]>> {
        if self.direction == BulkDirection::In {
            return Err(Error::interface("this bulk operation goes into the database"));
        }
        let end = self.entries.len().min(self.next + LINES);
        if self.next == end {
            return Ok(None);
        }
        self.buffer.clear();
        for (key, value) in &self.entries[self.next..end] {
            let (Value::I64(key), Value::Text(value)) = (key, value) else {
                return Err(Error::data("only integers and text go out as CSV"));
            };
            self.buffer.extend_from_slice(format!("{key},{value}\n").as_bytes());
        }
        self.next = end;
        Ok(Some(&self.buffer))
    }

    /// Ends: what goes into the database, and how many entries were moved.
    pub(crate) fn end(self) -> Result<(Vec<Entry>, u64)> {
        if self.direction == BulkDirection::Out {
            return Ok((Vec::new(), self.next as u64));
        }
        if !self.buffer.is_empty() {
            return Err(Error::data("the last line of CSV has no end"));
        }
        let moved = self.entries.len() as u64;
        Ok((self.entries, moved))
    }
}
