//! A bulk operation from its beginning to its end.

use aludel::dbapi::{BulkChunk, BulkDirection, BulkSpec, Call, ParamRows};
use aludel::error::{Error, Result};

use super::super::cancel::RunningCall;
use super::super::postgresql::PostgresqlConnection;
use super::columns::Target;
use super::command::{self, check, copy};
use super::drain::Piece;
use super::feed::Ending;
use super::frames::Frames;
use super::rows::{RowWriter, best_format};
use crate::types::Format;

/// An operation that has begun and was not ended.
pub(in crate::connection) struct Bulk {
    state: State,
    /// The COPY, for errors.
    sql: String,
}

enum State {
    /// Rows of values go in. COPY begins with the first of them, because they decide its form.
    RowsToCome(ToCome),
    In(Feed),
    Out(Vec<u8>),
    /// All that came out: so many rows.
    OutDone(u64),
    /// The server has failed it and is ready for something else.
    Failed,
}

struct ToCome {
    columns: Vec<Target>,
    format: Option<Format>,
    text: String,
    binary: String,
}

struct Feed {
    frames: Frames,
    /// `None` when bytes go in.
    rows: Option<RowWriter>,
    /// A row could not be sent, so that what is there is not what was meant.
    is_spoiled: bool,
}

impl Feed {
    fn new(rows: Option<RowWriter>) -> Self {
        let mut frames = Frames::new();
        if let Some(rows) = &rows {
            frames.fill(rows.head());
        }
        Feed { frames, rows, is_spoiled: false }
    }
}

impl PostgresqlConnection {
    pub(in crate::connection) fn begin_bulk(
        &mut self,
        spec: &BulkSpec<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        check(spec)?;
        let (state, sql) = match (spec.direction, spec.format) {
            (BulkDirection::In, Some(format)) => {
                let sql = copy(spec, format)?;
                let _running = self.start_bulk(call)?;
                self.link.begin_copy_in(&sql)?;
                (State::In(Feed::new(None)), sql)
            }
            (BulkDirection::In, None) => {
                let format = command::row_format(spec)?;
                let (text, binary) = (copy(spec, "text")?, copy(spec, "binary")?);
                let _running = self.start_bulk(call)?;
                let columns = self.bulk_columns(spec)?;
                let format = format.map(|format| match format {
                    "binary" => Format::Binary,
                    _ => Format::Text,
                });
                let sql = text.clone();
                (State::RowsToCome(ToCome { columns, format, text, binary }), sql)
            }
            (BulkDirection::Out, format) => {
                let sql = copy(spec, format.unwrap_or("text"))?;
                let _running = self.start_bulk(call)?;
                self.link.begin_copy_out(&sql)?;
                (State::Out(Vec::new()), sql)
            }
        };
        self.bulk = Some(Bulk { state, sql });
        Ok(())
    }

    fn start_bulk(&mut self, call: &Call<'_>) -> Result<RunningCall> {
        let running = self.start(call)?;
        self.has_run = true;
        Ok(running)
    }

    pub(in crate::connection) fn write_bulk(
        &mut self,
        chunk: BulkChunk<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        let _running = self.resume(call)?;
        if let (Some(Bulk { state: State::RowsToCome(to_come), .. }), BulkChunk::Rows(rows)) =
            (&self.bulk, chunk)
        {
            if rows.is_empty() {
                return Ok(());
            }
            let format = best_format(rows, &to_come.columns);
            self.begin_rows(format)?;
        }
        let bulk = self.bulk.as_mut().ok_or_else(none_open)?;
        let State::In(feed) = &mut bulk.state else { return Err(bulk.refusal()) };
        let written = match (&mut feed.rows, chunk) {
            (Some(_), BulkChunk::Rows(rows)) => self.write_rows(rows),
            (None, BulkChunk::Bytes(bytes)) => self.write_bytes(bytes),
            (Some(_), BulkChunk::Bytes(_)) => Err(other_chunk("rows of values", "bytes")),
            (None, BulkChunk::Rows(_)) => Err(other_chunk("bytes", "rows of values")),
        };
        if written.is_err()
            && let Some(Bulk { state: State::In(feed), .. }) = &mut self.bulk
        {
            feed.is_spoiled = true;
        }
        written
    }

    /// Begins COPY for rows of values in this form, unless the program demands another.
    fn begin_rows(&mut self, format: Format) -> Result<()> {
        let Some(Bulk { state: State::RowsToCome(to_come), .. }) = self.bulk.take() else {
            return Err(none_open());
        };
        let format = to_come.format.unwrap_or(format);
        let sql = if format == Format::Binary { to_come.binary } else { to_come.text };
        let begun = self.link.begin_copy_in(&sql);
        let state = match begun {
            Ok(()) => State::In(Feed::new(Some(RowWriter::new(to_come.columns, format)))),
            Err(_) => State::Failed,
        };
        self.bulk = Some(Bulk { state, sql });
        begun
    }

    fn write_rows(&mut self, rows: ParamRows<'_>) -> Result<()> {
        for row in rows.iter() {
            let feed = self.feed()?;
            let Feed { frames, rows: Some(rows), .. } = feed else { return Err(none_open()) };
            rows.append(row, frames.data())?;
            if frames.is_full() {
                self.send_full()?;
            }
        }
        Ok(())
    }

    fn write_bytes(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let frames = &mut self.feed()?.frames;
            let taken = frames.fill(bytes);
            bytes = &bytes[taken..];
            if frames.is_full() {
                self.send_full()?;
            }
        }
        Ok(())
    }

    /// Sends the frames that are full, and looks whether the server has failed meanwhile.
    fn send_full(&mut self) -> Result<()> {
        let bulk = self.bulk.as_mut().ok_or_else(none_open)?;
        let State::In(feed) = &mut bulk.state else { return Err(bulk.refusal()) };
        let mut failed = None;
        while failed.is_none() && feed.frames.is_full() {
            feed.frames.frame();
            failed = self.link.push(&mut feed.frames)?;
        }
        if failed.is_none() {
            failed = self.link.overhear()?;
        }
        let error = match failed {
            Some(fields) => self.link.fail_copy_in(&fields, &bulk.sql)?,
            None if self.link.talk.is_late => {
                self.link.stop_copy_in(&mut feed.frames, &bulk.sql)?
            }
            None => {
                feed.frames.compact();
                return Ok(());
            }
        };
        bulk.state = State::Failed;
        Err(error)
    }

    fn feed(&mut self) -> Result<&mut Feed> {
        match &mut self.bulk {
            Some(Bulk { state: State::In(feed), .. }) => Ok(feed),
            Some(bulk) => Err(bulk.refusal()),
            None => Err(none_open()),
        }
    }

    pub(in crate::connection) fn read_bulk(&mut self, call: &Call<'_>) -> Result<Option<&[u8]>> {
        let _running = self.resume(call)?;
        let bulk = self.bulk.as_mut().ok_or_else(none_open)?;
        let piece = match &mut bulk.state {
            State::Out(piece) => piece,
            State::OutDone(_) => return Ok(None),
            _ => return Err(bulk.refusal()),
        };
        match self.link.next_piece(piece)? {
            Piece::Collected => {}
            Piece::Large => return Ok(Some(self.link.receive()?.body)),
            Piece::End(rows) => {
                bulk.state = State::OutDone(rows);
                return Ok(None);
            }
            Piece::Failed(fields) => {
                bulk.state = State::Failed;
                return Err(self.link.settle(&fields, Some(&bulk.sql))?);
            }
        }
        match &self.bulk {
            Some(Bulk { state: State::Out(piece), .. }) => Ok(Some(piece)),
            _ => Ok(None),
        }
    }

    pub(in crate::connection) fn end_bulk(&mut self, keep: bool, call: &Call<'_>) -> Result<u64> {
        let _running = self.resume(call)?;
        if keep && matches!(&self.bulk, Some(Bulk { state: State::RowsToCome(_), .. })) {
            // Without a row the server still has to say whether it would take one.
            self.begin_rows(Format::Text)?;
        }
        let Bulk { state, sql } = self.bulk.take().ok_or_else(none_open)?;
        match state {
            State::RowsToCome(_) => Ok(0),
            State::Failed if keep => Err(has_failed()),
            State::Failed => Ok(0),
            State::OutDone(rows) => Ok(if keep { rows } else { 0 }),
            State::In(feed) => self.end_in(feed, keep, &sql),
            State::Out(piece) => self.end_out(piece, keep, &sql),
        }
    }

    fn end_in(&mut self, mut feed: Feed, keep: bool, sql: &str) -> Result<u64> {
        if !keep || feed.is_spoiled {
            let ended = self.link.end_copy_in(&mut feed.frames, Ending::Abandon, sql);
            return match ended {
                Err(error) if !self.link.is_alive() => Err(error),
                _ if keep => Err(has_failed()),
                _ => Ok(0),
            };
        }
        if let Some(rows) = &feed.rows {
            feed.frames.data().extend_from_slice(rows.tail());
        }
        while feed.frames.frame() {
            if let Some(fields) = self.link.push(&mut feed.frames)? {
                return Err(self.link.fail_copy_in(&fields, sql)?);
            }
        }
        if self.link.talk.is_late {
            return Err(self.link.stop_copy_in(&mut feed.frames, sql)?);
        }
        feed.frames.compact();
        self.link.end_copy_in(&mut feed.frames, Ending::Keep, sql)
    }

    fn end_out(&mut self, mut piece: Vec<u8>, keep: bool, sql: &str) -> Result<u64> {
        if !keep {
            if !self.link.drain_soon()? {
                self.link.stop();
            }
            return self.link.drain().map(|()| 0);
        }
        loop {
            match self.link.next_piece(&mut piece)? {
                Piece::Collected => {}
                Piece::Large => drop(self.link.receive()?),
                Piece::End(rows) => return Ok(rows),
                Piece::Failed(fields) => return Err(self.link.settle(&fields, Some(sql))?),
            }
        }
    }

    /// Abandons an operation that was not ended, before the session goes back to its beginning.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(in crate::connection) fn give_up_bulk(&mut self, call: &Call<'_>) -> Result<()> {
        if self.bulk.is_none() { Ok(()) } else { self.end_bulk(false, call).map(drop) }
    }

    /// Refuses to do something else while an operation is under way. One that has failed is over.
    ///
    /// # Errors
    /// `InvalidRequest` then.
    #[inline]
    pub(in crate::connection) fn check_no_bulk(&mut self) -> Result<()> {
        let Some(bulk) = &self.bulk else { return Ok(()) };
        let is_over = matches!(bulk.state, State::Failed | State::OutDone(_));
        if !is_over && self.link.is_alive() {
            return Err(under_way());
        }
        self.bulk = None;
        Ok(())
    }
}

impl Bulk {
    /// Why a piece cannot be moved.
    #[cold]
    fn refusal(&self) -> Error {
        match self.state {
            State::Failed => has_failed(),
            State::Out(_) | State::OutDone(_) => {
                Error::interface("this bulk operation brings rows out; read them")
            }
            State::In(_) | State::RowsToCome(_) => {
                Error::interface("this bulk operation takes rows; there is nothing to be read")
            }
        }
    }
}

#[cold]
fn none_open() -> Error {
    Error::invalid_request("no bulk operation has begun on this connection")
        .with_help("begin one with `bulk_begin`; one that failed ends with the next statement")
}

#[cold]
fn under_way() -> Error {
    Error::invalid_request("a bulk operation is under way on this connection")
        .with_help("end it with `bulk_end` first, or roll back")
}

#[cold]
fn has_failed() -> Error {
    Error::operational("the bulk operation has failed, and nothing of it was kept")
        .with_help("the call before gave the reason; begin the operation again")
}

#[cold]
fn other_chunk(wanted: &str, given: &str) -> Error {
    Error::interface(format!("this bulk operation takes {wanted}, not {given}"))
        .with_help("bytes need a format when the operation begins, rows of values must have none")
}
