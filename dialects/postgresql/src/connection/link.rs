//! The conversation with a server: flights out, messages in.
//!
//! Messages are composed into `out` by the functions of [`flight`](super::flight), and leave
//! together with what was put off. [`Link::receive`] then gives one message after the other;
//! [`Link::until_ready`] reads to the end.

use std::collections::HashMap;
use std::sync::Arc;

use aludel::dbapi::Call;
use aludel::error::{Error, Result};
use bytes::BytesMut;

use super::bind::Large;
use super::cancel::Running;
use super::parts::Asker;
use super::talk::{Role, Talk};
use super::unasked::Unasked;
use super::unsent::Unsent;
use crate::error::from_server;
use crate::net::{Deadline, Stream};
use crate::startup::Session;
use crate::wire::{ErrorFields, Inbox, Lent, Message, WireError};

/// Room for flights that a connection keeps.
const OUT_ROOM: usize = 64 << 10;

/// The conversation.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) stream: Stream,
    pub(super) inbox: Inbox,
    pub(super) talk: Talk,
    pub(super) running: Arc<Running>,
    /// The flight that is being composed.
    pub(super) out: BytesMut,
    /// Sync and Query messages in `out`.
    pub(super) syncs: u32,
    /// What was posted and has not left yet.
    pub(super) unsent: Unsent,
    /// A pipeline is open: the Sync at its end is owed already, and not yet composed.
    pub(super) pipeline_is_open: bool,
    /// Close messages that travel before the next flight.
    pub(super) closes: BytesMut,
    /// They wait: a flight that is to come uses statements that the cache has dropped meanwhile.
    pub(super) holds_closes: bool,
    /// Statements that were put off: they travel before the next flight, in its own Sync, so that
    /// nothing after them runs when one of them fails.
    pub(super) put_off: Vec<String>,
    pub(super) deadline: Deadline,
    /// When a server that was told to stop is given up.
    pub(super) grace: Deadline,
    pub(super) alive: bool,
}

impl Link {
    pub(super) fn new(session: Session) -> Self {
        let Session { stream, inbox, backend, parameters, notices } = session;
        Link {
            stream,
            inbox,
            talk: Talk::new(Unasked::new(parameters, notices)),
            running: Running::new(backend),
            out: BytesMut::with_capacity(OUT_ROOM),
            syncs: 0,
            unsent: Unsent::default(),
            pipeline_is_open: false,
            closes: BytesMut::new(),
            holds_closes: false,
            put_off: Vec::new(),
            deadline: Deadline::NEVER,
            grace: Deadline::NEVER,
            alive: true,
        }
    }

    /// Which call is running, for those who may cancel it.
    pub(super) fn running(&self) -> &Arc<Running> {
        &self.running
    }

    /// False when nothing more can come.
    pub(super) fn is_alive(&self) -> bool {
        self.alive && !self.running.is_at_risk()
    }

    /// True when every flight has been answered.
    pub(super) fn is_ready(&self) -> bool {
        self.talk.owed == 0
    }

    pub(super) fn parameters(&self) -> &HashMap<String, String> {
        &self.talk.unasked.parameters
    }

    /// The first number of the server's version; 0 when it does not tell.
    pub(super) fn server_major(&self) -> u32 {
        let version = self.parameters().get("server_version").map_or("", String::as_str);
        let end = version.find(|c: char| !c.is_ascii_digit()).unwrap_or(version.len());
        version[..end].parse().unwrap_or(0)
    }

    pub(super) fn unasked(&mut self) -> &mut Unasked {
        &mut self.talk.unasked
    }

    /// Whether the server has to take writes.
    pub(super) fn role(&mut self) -> &mut Role {
        &mut self.talk.role
    }

    /// Begins a call.
    ///
    /// # Errors
    /// When the connection is gone, or the deadline has passed.
    #[inline]
    pub(super) fn start(&mut self, call: &Call<'_>) -> Result<()> {
        if !self.alive {
            return Err(gone());
        }
        self.check_no_late_cancel()?;
        self.forget_flight();
        // What was cancelled may not have said so yet.
        self.talk.is_late &= self.talk.owed > 0;
        if !call.has_deadline() {
            self.deadline = Deadline::NEVER;
            return Ok(());
        }
        call.check()?;
        self.deadline = Deadline::of(call);
        Ok(())
    }

    /// Has the server answer.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn ping(&mut self) -> Result<()> {
        self.apart(|link| {
            link.sync();
            link.send()?;
            if link.talk.owed == 1 {
                // There is no statement to be stopped: who does not answer in time is gone.
                link.talk.is_late = true;
                link.grace = link.deadline;
            }
            link.until_ready(None, |_| Ok(()))
        })
    }

    /// Throws away what was composed and not sent.
    pub(super) fn forget_flight(&mut self) {
        self.out.clear();
        self.syncs = 0;
    }

    /// Sends the flight, and before it what was put off, in one write.
    ///
    /// # Errors
    /// When the connection breaks or is found to be broken, with the server's reason if it gave
    /// one.
    pub(super) fn send(&mut self) -> Result<()> {
        self.send_with(&Large::default())
    }

    /// Sends the flight with large values of its parameters.
    ///
    /// # Errors
    /// As [`Link::send`].
    pub(super) fn send_with(&mut self, large: &Large<'_>) -> Result<()> {
        self.check_begun()?;
        if self.talk.owed == 0 {
            self.hear()?;
        }
        let before = self.compose_put_off()?;
        self.talk.owed += std::mem::take(&mut self.syncs);
        let written = if large.is_empty() {
            self.stream.write_all(&[&before, &self.out], self.deadline)
        } else {
            self.stream.write_all(&large.woven_into(&before, &self.out), self.deadline)
        };
        self.out.clear();
        if self.out.capacity() > OUT_ROOM * 4 {
            self.out = BytesMut::with_capacity(OUT_ROOM);
        }
        written.map_err(|error| self.broken(error.into()))
    }

    /// Waits until a message that says something about an execution is at the front, and tells its
    /// tag. [`Link::receive`] then takes it, or [`Link::lend`] lends it.
    ///
    /// # Errors
    /// When the connection breaks, or the deadline passes.
    #[inline]
    pub(super) fn front(&mut self) -> Result<u8> {
        loop {
            let tag = match self.arrival() {
                Ok(tag) => tag,
                Err(error) => {
                    self.recover_from(error)?;
                    continue;
                }
            };
            if !self.talk.is_aside(tag) {
                return Ok(tag);
            }
            let message = self.inbox.next().map_err(|error| fail(&mut self.alive, error))?;
            let message = message.expect("invariant: `wait` returns when a message is whole");
            self.talk.put_aside(message).map_err(|error| fail(&mut self.alive, error))?;
        }
    }

    /// Waits for the next message that says something about an execution.
    ///
    /// # Errors
    /// As [`Link::front`]; not for an ErrorResponse, which is a message.
    #[inline]
    pub(super) fn receive(&mut self) -> Result<Message<'_>> {
        self.front()?;
        let message = self.inbox.next().map_err(|error| fail(&mut self.alive, error))?;
        let message = message.expect("invariant: `front` returns when a message is whole");
        self.talk.note(message).map_err(|error| fail(&mut self.alive, error))?;
        Ok(message)
    }

    /// Lends what has come, with what asks for more of it and keeps track.
    #[inline]
    pub(super) fn lend(&mut self) -> (Lent<'_>, Asker<'_>) {
        let Link { stream, inbox, talk, alive, deadline, .. } = self;
        (inbox.lend(), Asker { stream, talk, alive, deadline: *deadline })
    }

    /// What asks for more rows.
    pub(super) fn asker(&mut self) -> Asker<'_> {
        self.lend().1
    }

    /// Reads until every flight has been answered, and gives each message before.
    ///
    /// # Errors
    /// The first error that the server reports, with the statement; what `each` returns, once the
    /// server is ready.
    pub(super) fn until_ready(
        &mut self,
        sql: Option<&str>,
        mut each: impl FnMut(Message<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut result = Ok(());
        let mut reported = false;
        while self.talk.owed > 0 {
            let message = self.receive()?;
            match message.tag {
                b'Z' => {}
                b'E' => {
                    let fields = ErrorFields::parse(message.body);
                    let error = self.reported(&fields, sql);
                    if result.is_ok() {
                        result = Err(error);
                        reported = true;
                    }
                    if !self.alive {
                        return result;
                    }
                }
                _ if result.is_ok() => {
                    result = each(message);
                    if result.as_ref().is_err_and(Error::is_disconnect) {
                        self.alive = false;
                        return result;
                    }
                }
                _ => {}
            }
        }
        if reported { result.map_err(|error| self.talk.with_transaction(error)) } else { result }
    }

    /// The error that the server reports, and what it means for the conversation.
    #[cold]
    pub(super) fn reported(&mut self, fields: &ErrorFields, sql: Option<&str>) -> Error {
        let error = self.talk.error(fields, sql);
        self.alive &= !error.is_disconnect();
        self.talk.ahead = 0;
        error
    }

    /// Reads until the server is ready again after it has reported an error, and gives that error.
    ///
    /// # Errors
    /// When the connection breaks meanwhile.
    #[cold]
    pub(super) fn settle(&mut self, fields: &ErrorFields, sql: Option<&str>) -> Result<Error> {
        let error = self.reported(fields, sql);
        if !self.alive {
            return Ok(error);
        }
        // What else it reports, such as statements of the same flight, follows from the first.
        let rest = self.until_ready(None, |_| Ok(()));
        if !self.alive {
            rest?;
        }
        Ok(self.talk.with_transaction(error))
    }

    /// The connection cannot be read or written any more. The server may have said why.
    #[cold]
    pub(super) fn broken(&mut self, error: WireError) -> Error {
        self.alive = false;
        if error.is_timeout() {
            return Error::from(error).disconnected();
        }
        while let Ok(true) = self.inbox.fill_now(&mut self.stream) {}
        while let Ok(Some(message)) = self.inbox.next() {
            if message.tag == b'E' {
                let fields = ErrorFields::parse(message.body);
                if fields.is_fatal() {
                    return from_server(&fields, None).disconnected();
                }
            }
        }
        error.into()
    }

    /// The server does not keep to the protocol.
    #[cold]
    pub(super) fn fail(&mut self, error: WireError) -> Error {
        fail(&mut self.alive, error)
    }

    /// Tells the server goodbye.
    pub(super) fn terminate(&mut self) -> Result<()> {
        self.alive = false;
        let written = self.stream.write_all(&[b"X\0\0\0\x04"], self.deadline);
        written.map_err(|error| WireError::Io(error).into())
    }
}

/// The connection is not used again.
#[cold]
pub(super) fn fail(alive: &mut bool, error: WireError) -> Error {
    *alive = false;
    error.into()
}

/// A message that has no place here.
#[cold]
pub(super) fn unexpected(tag: u8) -> WireError {
    WireError::protocol(format!("a message of type {:?} comes unexpectedly", char::from(tag)))
}

#[cold]
fn gone() -> Error {
    Error::operational("the connection to the server is lost")
        .with_sqlstate("08003")
        .with_help("connect again")
        .disconnected()
}
