//! Messages that go out, composed into a flight.

use aludel::error::{Error, Result};
use bytes::{BufMut, BytesMut};
use postgres_protocol::message::frontend;

use super::link::Link;
use crate::wire::{Body, WireError};

/// Rows of values in text form; `None` for NULL.
pub(super) type Rows = Vec<Vec<Option<Vec<u8>>>>;

/// What an oversized or otherwise impossible message is to the program.
#[cold]
pub(super) fn unencodable(error: &std::io::Error) -> Error {
    Error::data(format!("the message to the server cannot be composed: {error}"))
        .with_sqlstate("54000")
        .with_help("one message holds at most 1 GiB, and no text of it a NUL byte")
}

/// A statement without parameters and rows, by the unnamed statement and portal, without Sync.
pub(super) fn run_unnamed(out: &mut BytesMut, sql: &str) -> Result<()> {
    let composed = frontend::parse("", sql, [], out).and_then(|()| {
        out.put_slice(b"B\0\0\0\x0c\0\0\0\0\0\0\0\0");
        frontend::execute("", 0, out)
    });
    composed.map_err(|error| unencodable(&error))
}

impl Link {
    /// Parses a statement; an empty name stands for the unnamed one.
    pub(super) fn parse(&mut self, name: &str, sql: &str, parameters: &[u32]) -> Result<()> {
        let parameters = parameters.iter().copied();
        frontend::parse(name, sql, parameters, &mut self.out).map_err(|error| unencodable(&error))
    }

    /// Asks what parameters and columns a statement has.
    pub(super) fn describe_statement(&mut self, name: &str) -> Result<()> {
        frontend::describe(b'S', name, &mut self.out).map_err(|error| unencodable(&error))
    }

    /// Asks what columns the unnamed portal has.
    pub(super) fn describe_portal(&mut self) {
        self.out.put_slice(b"D\0\0\0\x06P\0");
    }

    /// Executes the unnamed portal, up to `limit` rows or (0) all of them.
    pub(super) fn execute(&mut self, limit: u32) {
        self.out.put_slice(b"E\0\0\0\x09\0");
        self.out.put_u32(limit);
    }

    /// Has a statement closed before the next flight.
    pub(super) fn close_later(&mut self, name: &str) {
        if frontend::close(b'S', name, &mut self.closes).is_err() {
            self.closes.clear();
        }
    }

    /// The same for a statement that may be the unnamed one, which needs no closing.
    pub(super) fn close_named(&mut self, name: &str) {
        if !name.is_empty() {
            self.close_later(name);
        }
    }

    /// Ends a part of the flight: the server answers ReadyForQuery.
    pub(super) fn sync(&mut self) {
        frontend::sync(&mut self.out);
        self.syncs += 1;
    }

    /// Statements as text, by the simple protocol; they are a flight of their own.
    pub(super) fn query(&mut self, sql: &str) -> Result<()> {
        frontend::query(sql, &mut self.out).map_err(|error| unencodable(&error))?;
        self.syncs += 1;
        Ok(())
    }

    /// Runs one statement without parameters and rows, and gives its command tag.
    ///
    /// # Errors
    /// What the server reports.
    pub(super) fn command(&mut self, sql: &str) -> Result<String> {
        run_unnamed(&mut self.out, sql)?;
        self.sync();
        self.send()?;
        let mut tag = String::new();
        self.until_ready(Some(sql), |message| {
            if message.tag == b'C' {
                tag = String::from_utf8_lossy(message.body).trim_end_matches('\0').to_owned();
            }
            Ok(())
        })?;
        Ok(tag)
    }

    /// Runs one query without parameters of the dialect's own, and gives its rows as text.
    ///
    /// # Errors
    /// What the server reports.
    pub(super) fn rows_of(&mut self, sql: &str) -> Result<Rows> {
        run_unnamed(&mut self.out, sql)?;
        self.sync();
        self.send()?;
        let mut rows = Rows::new();
        self.until_ready(None, |message| {
            if message.tag == b'D' {
                rows.push(row(Body::new(message.body))?);
            }
            Ok(())
        })?;
        Ok(rows)
    }
}

fn row(mut body: Body<'_>) -> Result<Vec<Option<Vec<u8>>>, WireError> {
    let count = body.u16()?;
    (0..count).map(|_| Ok(body.value()?.map(<[u8]>::to_vec))).collect()
}
