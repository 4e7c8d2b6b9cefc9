//! Writing while listening: a server that reports an error or notices may not read on before.

use aludel::error::Result;
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::super::flight::{run_unnamed, unencodable};
use super::super::link::{Link, fail, unexpected};
use super::frames::Frames;
use crate::wire::{ErrorFields, WireError};

/// Has the server send what it has to say, without an end of the flight.
const FLUSH: &[u8] = b"H\0\0\0\x04";

const SYNC: &[u8] = b"S\0\0\0\x04";

/// CopyDone and Sync.
const DONE: &[u8] = b"c\0\0\0\x04S\0\0\0\x04";

/// How an operation that goes into the database ends.
#[derive(Clone, Copy)]
pub(super) enum Ending {
    Keep,
    Abandon,
}

impl Link {
    /// Begins COPY FROM STDIN; from then on a ReadyForQuery is owed, for which no Sync was sent.
    ///
    /// # Errors
    /// What the server reports; it is ready again then.
    pub(super) fn begin_copy_in(&mut self, sql: &str) -> Result<()> {
        run_unnamed(&mut self.out, sql)?;
        self.out.extend_from_slice(FLUSH);
        self.send()?;
        self.talk.owed += 1;
        match self.copy_answer(b'G')? {
            None => Ok(()),
            Some(fields) => Err(self.fail_copy_in(&fields, sql)?),
        }
    }

    /// Begins COPY TO STDOUT.
    ///
    /// # Errors
    /// As [`begin_copy_in`](Self::begin_copy_in).
    pub(super) fn begin_copy_out(&mut self, sql: &str) -> Result<()> {
        run_unnamed(&mut self.out, sql)?;
        self.sync();
        self.send()?;
        match self.copy_answer(b'H')? {
            None => Ok(()),
            Some(fields) => Err(self.settle(&fields, Some(sql))?),
        }
    }

    /// Waits until the server is ready for COPY; gives the fields of the error when it is not.
    fn copy_answer(&mut self, ready: u8) -> Result<Option<ErrorFields>> {
        loop {
            let message = self.receive()?;
            match message.tag {
                b'1' | b'2' | b'n' => {}
                b'E' => return Ok(Some(ErrorFields::parse(message.body))),
                tag if tag == ready => return Ok(None),
                tag => return Err(fail(&mut self.alive, unexpected(tag))),
            }
        }
    }

    /// Writes what is framed, while taking in what the server says; gives the fields of the error
    /// when it has failed. The frame is whole then all the same.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(super) fn push(&mut self, frames: &mut Frames) -> Result<Option<ErrorFields>> {
        let mut failed: Option<ErrorFields> = None;
        while !frames.unsent().is_empty() {
            if failed.as_ref().is_some_and(ErrorFields::is_fatal) {
                break;
            }
            match self.stream.try_write(frames.unsent()) {
                Ok(0) => {}
                Ok(count) => {
                    frames.written(count);
                    continue;
                }
                Err(error) => return Err(self.broken(error.into())),
            }
            match self.stream.wait(true, true, self.deadline) {
                Ok(ready) if ready.readable => failed = failed.or(self.overhear()?),
                Ok(_) => {}
                // The server is told to stop, and gets a moment to do so.
                Err(error) => self.recover_from(error.into())?,
            }
        }
        Ok(failed)
    }

    /// Takes in what has come while data was written: the fields of an error, when there is one.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(super) fn overhear(&mut self) -> Result<Option<ErrorFields>> {
        if let Err(error) = self.inbox.fill_now(&mut self.stream) {
            return Err(self.broken(error));
        }
        while let Some(message) = self.inbox.next().map_err(|error| fail(&mut self.alive, error))? {
            if self.talk.is_aside(message.tag) {
                self.talk.put_aside(message).map_err(|error| fail(&mut self.alive, error))?;
                continue;
            }
            if message.tag != b'E' {
                return Err(fail(&mut self.alive, unexpected(message.tag)));
            }
            let fields = ErrorFields::parse(message.body);
            self.talk.note(message).map_err(|error| fail(&mut self.alive, error))?;
            return Ok(Some(fields));
        }
        Ok(None)
    }

    /// The server has reported an error instead of taking data: it is brought back to being ready.
    /// Data that is on its way to it is skipped.
    ///
    /// # Errors
    /// When the connection breaks; the server's error is what is given.
    pub(super) fn fail_copy_in(
        &mut self,
        fields: &ErrorFields,
        sql: &str,
    ) -> Result<aludel::Error> {
        if !fields.is_fatal() {
            let written = self.stream.write_all(&[SYNC], self.deadline);
            written.map_err(|error| self.broken(error.into()))?;
        }
        self.settle(fields, Some(sql))
    }

    /// The deadline has passed, and the server was told to stop, but may be waiting for data: it
    /// gets the end of it, and gives an error for the one reason or the other.
    ///
    /// # Errors
    /// When the connection breaks; the server's error is what is given.
    #[cold]
    pub(super) fn stop_copy_in(&mut self, frames: &mut Frames, sql: &str) -> Result<aludel::Error> {
        match self.end_copy_in(frames, Ending::Abandon, sql) {
            Err(error) if self.is_alive() => Ok(error),
            Err(error) => Err(error),
            Ok(_) => Err(fail(&mut self.alive, WireError::protocol("COPY does not fail"))),
        }
    }

    /// Ends COPY FROM STDIN after all frames, and gives the number of rows.
    ///
    /// # Errors
    /// What the server reports; it is ready again then.
    pub(super) fn end_copy_in(
        &mut self,
        frames: &mut Frames,
        ending: Ending,
        sql: &str,
    ) -> Result<u64> {
        match ending {
            Ending::Keep => frames.end_with(DONE),
            Ending::Abandon => frames.end_with(&refusal()?),
        }
        if let Some(fields) = self.push(frames)? {
            // The Sync was part of the ending.
            return Err(self.settle(&fields, Some(sql))?);
        }
        let mut rows = 0;
        self.until_ready(Some(sql), |message| {
            if message.tag == b'C' {
                rows = copied(message.body);
            }
            Ok(())
        })?;
        Ok(rows)
    }
}

/// CopyFail and Sync.
fn refusal() -> Result<BytesMut> {
    let mut refusal = BytesMut::new();
    frontend::copy_fail("the program abandons it", &mut refusal)
        .map_err(|error| unencodable(&error))?;
    frontend::sync(&mut refusal);
    Ok(refusal)
}

/// Rows that a command tag says were copied.
pub(super) fn copied(tag: &[u8]) -> u64 {
    let tag = std::str::from_utf8(tag).unwrap_or_default().trim_end_matches('\0');
    tag.strip_prefix("COPY ").and_then(|count| count.parse().ok()).unwrap_or(0)
}
