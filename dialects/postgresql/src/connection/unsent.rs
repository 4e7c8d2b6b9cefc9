//! Messages are written while answers come in, so that neither side waits for the other.
//!
//! The server takes no more while it cannot get rid of its answers.

use std::io;

use aludel::error::Result;
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::link::{Link, fail};
use crate::net::Stream;
use crate::wire::WireError;

/// Memory that is kept for further messages.
const ROOM: usize = 256 << 10;

/// Messages that were posted, from the first that has not left completely.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    bytes: BytesMut,
    /// Bytes that have left.
    sent: usize,
}

impl Unsent {
    pub(super) fn is_empty(&self) -> bool {
        self.sent == self.bytes.len()
    }

    /// Takes messages over; memory goes back and forth where that saves a copy.
    fn push(&mut self, messages: &mut BytesMut) {
        if self.is_empty() {
            self.sent = 0;
            self.bytes.clear();
            std::mem::swap(&mut self.bytes, messages);
        } else {
            self.bytes.extend_from_slice(messages);
            messages.clear();
        }
    }

    /// Writes what can be written at once; false when nothing can.
    fn write(&mut self, stream: &mut Stream) -> io::Result<bool> {
        let written = stream.try_write(&self.bytes[self.sent..])?;
        self.sent += written;
        if self.is_empty() && self.bytes.capacity() > ROOM {
            *self = Unsent::default();
        }
        Ok(written > 0)
    }

    /// Drops the messages of which nothing has left; true when a Sync is what is still to leave.
    fn cut(&mut self) -> bool {
        const HEADER: usize = 5;
        let (mut end, mut last) = (0, 0);
        while end < self.sent {
            let header = self.bytes[end..].first_chunk::<HEADER>();
            let &[tag, a, b, c, d] = header.expect("invariant: messages are posted whole");
            last = tag;
            end += 1 + u32::from_be_bytes([a, b, c, d]) as usize;
        }
        self.bytes.truncate(end);
        last == b'S' && end > self.sent
    }
}

impl Link {
    /// Opens a pipeline: what is posted runs without waiting for answers, up to a Sync at its end.
    /// When something fails, the server skips the rest.
    ///
    /// # Errors
    /// When the connection is found to be broken, or the transaction has failed to begin.
    pub(super) fn open_pipeline(&mut self) -> Result<()> {
        self.check_begun()?;
        self.hear()?;
        self.talk.owed += 1;
        self.pipeline_is_open = true;
        Ok(())
    }

    /// Has the flight leave in the order of flights, and before it what was put off, while answers
    /// are read: nothing is written yet.
    ///
    /// # Errors
    /// When what was put off cannot be composed.
    pub(super) fn post(&mut self) -> Result<()> {
        let mut before = self.compose_put_off()?;
        if !before.is_empty() {
            self.unsent.push(&mut before);
        }
        self.unsent.push(&mut self.out);
        self.out.clear();
        Ok(())
    }

    /// Ends the pipeline that is open, if one is.
    ///
    /// # Errors
    /// As [`Link::post`].
    pub(super) fn close_pipeline(&mut self) -> Result<()> {
        if std::mem::take(&mut self.pipeline_is_open) {
            frontend::sync(&mut self.out);
            self.post()?;
        }
        Ok(())
    }

    /// Ends what is posted where the server is to read no further: what has not left stays here.
    #[cold]
    pub(super) fn cut_short(&mut self) {
        if self.pipeline_is_open || !self.unsent.is_empty() {
            self.pipeline_is_open = false;
            if self.unsent.cut() {
                // One ReadyForQuery is owed, and the Sync that has begun to leave asks for it.
                return;
            }
            let mut end = BytesMut::new();
            frontend::sync(&mut end);
            self.unsent.push(&mut end);
        }
    }

    /// Waits until a whole message is there, and writes meanwhile what was posted.
    #[inline]
    pub(super) fn arrival(&mut self) -> Result<u8, WireError> {
        if self.unsent.is_empty() {
            return self.inbox.wait(&mut self.stream, self.deadline);
        }
        self.arrival_amid_writes()
    }

    fn arrival_amid_writes(&mut self) -> Result<u8, WireError> {
        loop {
            if let Some(message) = self.inbox.peek()? {
                return Ok(message.tag);
            }
            if self.unsent.is_empty() {
                return self.inbox.wait(&mut self.stream, self.deadline);
            }
            self.exchange()?;
        }
    }

    /// Writes what can be written of what was posted; when nothing can, waits for that or for bytes
    /// that come.
    fn exchange(&mut self) -> Result<(), WireError> {
        if self.unsent.write(&mut self.stream)? {
            return Ok(());
        }
        let ready = self.stream.wait(true, true, self.deadline)?;
        if ready.readable {
            self.inbox.fill_now(&mut self.stream)?;
        }
        Ok(())
    }

    /// Writes everything that was posted, and calls `each` whenever messages have come.
    ///
    /// # Errors
    /// When the connection breaks; what `each` returns.
    pub(super) fn pump(&mut self, mut each: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        while !self.unsent.is_empty() {
            if let Err(error) = self.exchange() {
                self.recover_from(error)?;
            }
            each(self)?;
        }
        self.inbox.fill_now(&mut self.stream).map_err(|error| self.broken(error))?;
        each(self)
    }

    /// Whether a message that says something about an execution has come; those that may come at any
    /// time are taken in.
    ///
    /// # Errors
    /// When the server does not keep to the protocol.
    pub(super) fn has_answer(&mut self) -> Result<bool> {
        loop {
            let next = self.inbox.peek().map_err(|error| fail(&mut self.alive, error))?;
            let Some(message) = next else { return Ok(false) };
            if !self.talk.is_aside(message.tag) {
                return Ok(true);
            }
            self.receive_aside()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::{BufMut, BytesMut};

    use super::Unsent;

    fn message(len: usize) -> BytesMut {
        let mut message = BytesMut::new();
        message.put_u8(b'B');
        message.put_u32(4 + len as u32);
        message.put_bytes(b'x', len);
        message
    }

    #[test]
    fn what_has_begun_to_leave_stays_whole() {
        for (sent, left) in [(0, 0), (1, 15), (14, 15), (15, 15), (16, 22), (22, 22), (23, 30)] {
            let mut unsent = Unsent::default();
            for len in [10, 2, 3] {
                unsent.push(&mut message(len));
            }
            unsent.sent = sent;
            unsent.cut();
            assert_eq!(unsent.bytes.len(), left, "after {sent} bytes");
        }
    }

    #[test]
    fn a_sync_that_has_begun_to_leave_is_the_end() {
        for sent in 0..=20 {
            let mut unsent = Unsent::default();
            unsent.push(&mut message(10));
            unsent.push(&mut BytesMut::from(&b"S\0\0\0\x04"[..]));
            unsent.sent = sent;
            assert_eq!(unsent.cut(), (16..20).contains(&sent), "after {sent} bytes");
        }
    }
}
