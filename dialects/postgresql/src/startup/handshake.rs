//! From a stream to a session: the startup packet, authentication, what the server reports.

use std::collections::HashMap;

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::message::frontend;
use zeroize::Zeroize;

use super::attempt::Target;
use super::authentication::{Authentication, Channel};
use super::failure::{Failure, Then};
use super::negotiation::not_postgresql;
use super::session::{BackendKey, Session, TlsTarget};
use super::tls_failure;
use crate::config::Config;
use crate::error;
use crate::net::{Deadline, Stream};
use crate::wire::{Body, ErrorFields, Inbox, Message, WireError};

/// Longest message that is believed before the session is ours; a server's own are much shorter.
const MAX_MESSAGE: usize = 1 << 20;

/// Bytes that a startup may have in all; without a deadline a server could go on for ever.
const MAX_RECEIVED: usize = 4 << 20;

/// The messages of a startup.
const TAGS: &[u8] = b"RSKENvZ";

/// Longest error as plain text that is shown.
const MAX_TEXT: usize = 1000;

/// Longest key of a cancel that the protocol allows.
const MAX_SECRET: usize = 256;

/// A startup under way.
struct Handshake<'a> {
    place: &'a str,
    inbox: Inbox,
    out: BytesMut,
    authentication: Authentication<'a>,
    authenticated: bool,
    received: usize,
    pid: i32,
    secret: Vec<u8>,
    parameters: HashMap<String, String>,
    notices: Vec<ErrorFields>,
}

/// Makes a session of a stream.
pub(super) fn shake_hands(
    target: &Target<'_>,
    mut stream: Stream,
    tls: Option<TlsTarget>,
) -> Result<Session, Failure> {
    let config = target.config;
    let mut handshake = Handshake {
        place: &target.place,
        inbox: Inbox::new(),
        out: startup_packet(config).map_err(|error| Failure::new(error, Then::Stop))?,
        authentication: Authentication::new(config, target.host, Channel::of(&stream)),
        authenticated: false,
        received: 0,
        pid: 0,
        secret: Vec::new(),
        parameters: HashMap::new(),
        notices: Vec::new(),
    };
    handshake.run(&mut stream, target.deadline)?;
    let backend = BackendKey {
        pid: handshake.pid,
        secret: handshake.secret,
        peer: stream.peer().clone(),
        tls,
    };
    let Handshake { inbox, parameters, notices, .. } = handshake;
    Ok(Session { stream, inbox, backend, parameters, notices })
}

fn startup_packet(config: &Config) -> Result<BytesMut> {
    let mut out = BytesMut::new();
    let fixed = [("user", config.user.as_str()), ("database", config.database.as_str())];
    let parameters = config.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let style = (!sets_date_style(config)).then_some(("DateStyle", "ISO"));
    let all = fixed.into_iter().chain(parameters).chain(style);
    frontend::startup_message(all, &mut out).map_err(|error| {
        Error::argument("user, database or a run-time parameter of the URL contains a NUL")
            .with_source(error)
    })?;
    Ok(out)
}

/// Dates as text are read in ISO's form, which servers can be configured out of. PgBouncer keeps
/// track of this parameter, so it may be set by everybody; of the others that shape text it does
/// not, so they stay as they are. What the program sets itself has precedence.
fn sets_date_style(config: &Config) -> bool {
    config.parameters.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("datestyle")
            || name == "options" && value.to_ascii_lowercase().contains("datestyle")
    })
}

impl Handshake<'_> {
    /// Sends and receives until the server is ready.
    fn run(&mut self, stream: &mut Stream, deadline: Deadline) -> Result<(), Failure> {
        while self.received < MAX_RECEIVED {
            self.send(stream, deadline)?;
            self.receive_header(stream, deadline)?;
            self.inbox.wait(stream, deadline).map_err(|error| lost(self.place, error))?;
            if self.take()? {
                return Ok(());
            }
        }
        Err(protocol("a startup that does not end").into())
    }

    fn send(&mut self, stream: &mut Stream, deadline: Deadline) -> Result<()> {
        if self.out.is_empty() {
            return Ok(());
        }
        let sent = stream.write_all(&[&self.out], deadline);
        // There may have been a password in it.
        self.out.as_mut().zeroize();
        self.out.clear();
        sent.map_err(|error| lost(self.place, error.into()))
    }

    /// Waits for the beginning of a message, and refuses what cannot be one before more is read.
    fn receive_header(&mut self, stream: &mut Stream, deadline: Deadline) -> Result<()> {
        while self.inbox.unread().len() < 5 {
            match self.inbox.fill(stream, deadline) {
                Err(WireError::Closed) if !self.inbox.unread().is_empty() => break,
                filled => filled.map_err(|error| lost(self.place, error))?,
            }
        }
        let bytes = self.inbox.unread();
        let Some(&[tag, a, b, c, d]) = bytes.first_chunk() else {
            return Err(match bytes {
                [tag, rest @ ..] if TAGS.contains(tag) && rest.iter().all(|byte| *byte == 0) => {
                    lost(self.place, WireError::Closed)
                }
                bytes => not_postgresql(bytes),
            });
        };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        let believable = (4..=MAX_MESSAGE).contains(&length) && TAGS.contains(&tag);
        match tag {
            _ if believable => Ok(()),
            // Before the protocol's version 3, or too short of memory for it: text up to a NUL.
            b'E' if [a, b, c, d].iter().all(|byte| (b' '..0x7f).contains(byte)) => {
                Err(plain_error(&self.inbox.unread()[1..]))
            }
            _ if self.authenticated => Err(protocol(&format!(
                "a message of type {:?} with {length} bytes in the startup",
                char::from(tag)
            ))),
            _ => Err(not_postgresql(self.inbox.unread())),
        }
    }

    /// Takes the message that has come; true when the server is ready.
    fn take(&mut self) -> Result<bool, Failure> {
        let message = self.inbox.next().map_err(Error::from)?;
        let Message { tag, body } = message.expect("invariant: `wait` returns with a message");
        self.received += 5 + body.len();
        match tag {
            b'R' if !self.authenticated => {
                let answer = self.authentication.answer(body, &mut self.out);
                self.authenticated = answer.map_err(|error| Failure::new(error, Then::Stop))?;
            }
            b'E' => return Err(refused(&ErrorFields::parse(body), self.authenticated)),
            b'N' => self.notices.push(ErrorFields::parse(body)),
            b'v' => check_version(body)?,
            b'S' if self.authenticated => {
                let mut body = Body::new(body);
                let name = body.text().map_err(Error::from)?;
                self.parameters.insert(name, body.text().map_err(Error::from)?);
            }
            b'K' if self.authenticated => {
                let mut body = Body::new(body);
                self.pid = body.i32().map_err(Error::from)?;
                let secret = body.rest();
                if secret.len() > MAX_SECRET {
                    return Err(protocol("a key of more than 256 bytes").into());
                }
                self.secret = secret.to_vec();
            }
            b'Z' if self.authenticated => return Ok(true),
            other => {
                let what = format!("a message of type {:?} too early", char::from(other));
                return Err(protocol(&what).into());
            }
        }
        Ok(false)
    }
}

/// The server speaks an older version than ours, or does not know options of the protocol.
fn check_version(body: &[u8]) -> Result<()> {
    const OURS: i32 = 3 << 16;

    let mut body = Body::new(body);
    let version = body.i32()?;
    if version != OURS {
        return Err(Error::not_supported(format!(
            "the server wants version {}.{} of the protocol",
            version >> 16,
            version & 0xffff
        ))
        .with_help("version 3.0 is spoken here, which PostgreSQL has spoken since 7.4")
        .disconnected());
    }
    match body.i32()? {
        0 => Ok(()),
        _ => Err(Error::not_supported(format!(
            "the server does not know {:?}, an option of the protocol",
            body.text()?
        ))
        .with_help("leave names that begin with _pq_ out of the URL")
        .disconnected()),
    }
}

/// The error that the server reports, and whether another attempt may end better.
#[cold]
fn refused(fields: &ErrorFields, authenticated: bool) -> Failure {
    let then = match fields.code.as_str() {
        // Too many connections; shutting down, crashed, starting up.
        "53300" | "57P01" | "57P02" | "57P03" => Then::NextServer,
        // pg_hba.conf may let in with TLS whom it does not let in without, and the other way.
        code if code.starts_with("28") && !authenticated => Then::OtherWayOnly,
        _ => Then::Stop,
    };
    let mut error = error::from_startup(fields);
    if fields.code == "08P01" && fields.message.contains("startup parameter") {
        error = error.with_help(
            "a proxy such as PgBouncer does not take this parameter; leave it out of the URL, or \
             name it in the proxy's ignore_startup_parameters",
        );
    }
    Failure::new(error.disconnected(), then)
}

/// The error of a server that reports it as plain text.
#[cold]
fn plain_error(text: &[u8]) -> Error {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT)]);
    Error::operational(text.trim().to_owned())
        .with_sqlstate("08001")
        .with_help("the server reports this before it has started a session; its log tells more")
        .disconnected()
}

#[cold]
fn protocol(what: &str) -> Error {
    WireError::protocol(what).into()
}

#[cold]
fn lost(place: &str, error: WireError) -> Error {
    let error = match error {
        // With TLS 1.3 a server refuses the client's certificate after the handshake.
        WireError::Io(error) if tls_failure::is_tls(&error) => {
            return tls_failure::failure(place, error).error;
        }
        WireError::Io(error) => error,
        WireError::Closed => std::io::ErrorKind::UnexpectedEof.into(),
        WireError::Protocol(_) => return error.into(),
    };
    error::unreachable(place, error)
}
