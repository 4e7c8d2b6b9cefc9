//! The receive buffer: whole messages, lent from where they arrived.

use std::io::ErrorKind;

use super::WireError;
use super::pace::Pace;
use crate::net::{Deadline, Stream};

/// Room that a connection keeps; one read takes what the server sends in a few of its own writes.
const ROOM: usize = 256 << 10;

/// Longest message that is believed. The server's own limit for a message is 1 GiB.
const MAX_MESSAGE: usize = 1 << 30;

/// Room that is added at a time for a large message, so that memory follows what has really come
/// and not what a length claims.
const STEP: usize = 16 << 20;

/// Tag and length.
const HEADER: usize = 5;

/// A message, lent from the buffer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message<'i> {
    pub(crate) tag: u8,
    pub(crate) body: &'i [u8],
}

/// The receive buffer.
#[derive(Debug)]
pub(crate) struct Inbox {
    buffer: Vec<u8>,
    /// The first byte that has not been taken.
    start: usize,
    /// One past the last byte that has come.
    end: usize,
    pace: Pace,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Inbox { buffer: vec![0; ROOM], start: 0, end: 0, pace: Pace::default() }
    }

    /// True when nothing has come that was not taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Tag and end of the first message, when all of it has come.
    #[inline(always)]
    fn whole(&self) -> Result<Option<(u8, usize)>, WireError> {
        match measure(&self.buffer[self.start..self.end])? {
            Some((tag, len)) if len <= self.end - self.start => Ok(Some((tag, self.start + len))),
            _ => Ok(None),
        }
    }

    /// Everything that has come and was not taken.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The first message, when all of it has come; it stays the first.
    ///
    /// # Errors
    /// `Protocol` for a length that cannot be.
    #[inline]
    pub(crate) fn peek(&self) -> Result<Option<Message<'_>>, WireError> {
        let whole = self.whole()?;
        Ok(whole.map(|(tag, end)| Message { tag, body: &self.buffer[self.start + HEADER..end] }))
    }

    /// Takes the first message, when all of it has come.
    ///
    /// # Errors
    /// As [`Inbox::peek`].
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Option<Message<'_>>, WireError> {
        let Some((tag, end)) = self.whole()? else { return Ok(None) };
        let begin = std::mem::replace(&mut self.start, end) + HEADER;
        Ok(Some(Message { tag, body: &self.buffer[begin..end] }))
    }

    /// Lends what has come; nothing moves while anything of it is held.
    #[inline]
    pub(crate) fn lend(&mut self) -> Lent<'_> {
        Lent { bytes: &self.buffer[..self.end], start: &mut self.start }
    }

    /// Waits until a whole message is there, and tells its tag; it stays the first.
    ///
    /// # Errors
    /// When the connection breaks, the deadline passes, or the length cannot be.
    #[inline]
    pub(crate) fn wait(
        &mut self,
        stream: &mut Stream,
        deadline: Deadline,
    ) -> Result<u8, WireError> {
        loop {
            if let Some((tag, _)) = self.whole()? {
                return Ok(tag);
            }
            self.fill(stream, deadline)?;
        }
    }

    /// Waits for a message and takes it.
    ///
    /// # Errors
    /// As [`Inbox::wait`].
    #[inline]
    pub(crate) fn receive(
        &mut self,
        stream: &mut Stream,
        deadline: Deadline,
    ) -> Result<Message<'_>, WireError> {
        self.wait(stream, deadline)?;
        let message = self.next()?;
        Ok(message.expect("invariant: `wait` returns when a message is whole"))
    }

    /// Waits for bytes, whatever they are.
    ///
    /// # Errors
    /// When the connection breaks, or the deadline passes.
    pub(crate) fn fill(
        &mut self,
        stream: &mut Stream,
        deadline: Deadline,
    ) -> Result<(), WireError> {
        self.make_room()?;
        self.pace.wait();
        let read = loop {
            match stream.read(&mut self.buffer[self.end..], deadline) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.pace.note(read, self.buffer.len() - self.end);
        self.arrived(read)
    }

    /// Takes in what is there, without waiting; false when nothing is. A conversation begins so.
    ///
    /// # Errors
    /// When the connection is broken.
    pub(crate) fn fill_now(&mut self, stream: &mut Stream) -> Result<bool, WireError> {
        self.make_room()?;
        self.pace.begin();
        let Some(read) = stream.try_read(&mut self.buffer[self.end..])? else { return Ok(false) };
        self.arrived(read).map(|()| true)
    }

    fn arrived(&mut self, read: usize) -> Result<(), WireError> {
        if read == 0 {
            return Err(WireError::Closed);
        }
        self.end += read;
        Ok(())
    }

    /// Room for what comes next: what is left goes to the front when the first message does not fit
    /// behind it, a large message gets more room, and after it the buffer is what it was.
    fn make_room(&mut self) -> Result<(), WireError> {
        let have = self.end - self.start;
        let measured = measure(&self.buffer[self.start..self.end])?;
        let need = measured.map_or(HEADER, |(_, len)| len).max(have + 1);
        if need <= ROOM && self.buffer.len() > ROOM {
            let mut smaller = vec![0; ROOM];
            smaller[..have].copy_from_slice(&self.buffer[self.start..self.end]);
            self.buffer = smaller;
        } else if have > 0 && self.start + need <= self.buffer.len() {
            return Ok(());
        } else {
            self.buffer.copy_within(self.start..self.end, 0);
            self.grow(need.min(have + have.max(STEP)));
        }
        self.start = 0;
        self.end = have;
        Ok(())
    }

    fn grow(&mut self, wanted: usize) {
        if wanted > self.buffer.len() {
            self.buffer.reserve_exact(wanted - self.buffer.len());
            self.buffer.resize(wanted, 0);
        }
    }
}

/// The messages that have come, lent together.
#[derive(Debug)]
pub(crate) struct Lent<'i> {
    bytes: &'i [u8],
    start: &'i mut usize,
}

impl<'i> Lent<'i> {
    /// The first message, when all of it has come; it stays the first.
    ///
    /// # Errors
    /// `Protocol` for a length that cannot be.
    #[inline(always)]
    pub(crate) fn peek(&self) -> Result<Option<Message<'i>>, WireError> {
        let bytes = &self.bytes[*self.start..];
        match measure(bytes)? {
            Some((tag, len)) if len <= bytes.len() => {
                Ok(Some(Message { tag, body: &bytes[HEADER..len] }))
            }
            _ => Ok(None),
        }
    }

    /// Everything that was not taken.
    #[inline]
    pub(crate) fn unread(&self) -> &'i [u8] {
        &self.bytes[*self.start..]
    }

    /// Takes the message that [`Lent::peek`] has shown.
    #[inline(always)]
    pub(crate) fn take(&mut self, message: &Message<'i>) {
        *self.start += HEADER + message.body.len();
    }
}

/// Tag and whole length of the message that begins here, when its header has come.
#[inline(always)]
fn measure(bytes: &[u8]) -> Result<Option<(u8, usize)>, WireError> {
    let Some((&[tag, a, b, c, d], _)) = bytes.split_first_chunk::<HEADER>() else {
        return Ok(None);
    };
    let len = u32::from_be_bytes([a, b, c, d]) as usize;
    if !(4..=MAX_MESSAGE).contains(&len) {
        return Err(no_length(tag, len));
    }
    Ok(Some((tag, len + 1)))
}

#[cold]
fn no_length(tag: u8, len: usize) -> WireError {
    WireError::protocol(format!(
        "a message of type {:?} claims a length of {len} bytes",
        char::from(tag)
    ))
}
