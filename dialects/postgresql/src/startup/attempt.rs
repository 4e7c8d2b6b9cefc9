//! One attempt to reach one server, with and without TLS as `sslmode` allows.

use super::encryption::{self, Way};
use super::failure::{Failure, Then};
use super::handshake::shake_hands;
use super::negotiation::encrypt;
use super::session::Session;
use crate::config::{Config, Host};
use crate::error;
use crate::net::{Deadline, Peer, Stream};

/// A server to try, and until when.
pub(super) struct Target<'a> {
    pub(super) config: &'a Config,
    pub(super) host: &'a Host,
    pub(super) peer: Peer,
    /// The server's name in messages.
    pub(super) place: String,
    pub(super) deadline: Deadline,
}

impl Target<'_> {
    /// Opens a session in the first way that leads to one.
    pub(super) fn attempt(&self) -> Result<Session, Failure> {
        let ways = encryption::ways(&self.config.ssl, &self.host.endpoint, &self.peer)
            .map_err(|error| Failure::new(error, Then::Stop))?;
        let mut earlier: Option<Failure> = None;
        for way in &ways {
            let failure = match self.go(way) {
                Ok(session) => return Ok(session),
                Err(failure) => failure,
            };
            let leads_on = matches!(failure.then, Then::OtherWay | Then::OtherWayOnly);
            let failure = match earlier.take() {
                Some(earlier) => both(earlier, failure, way),
                None => failure,
            };
            if !leads_on {
                return Err(failure);
            }
            earlier = Some(failure);
        }
        Err(earlier.expect("invariant: there is at least one way, and it failed").final_one())
    }

    fn go(&self, way: &Way) -> Result<Session, Failure> {
        let config = self.config;
        let stream =
            Stream::connect(&self.peer, &config.keepalives, config.tcp_user_timeout, self.deadline)
                .map_err(|error| error::unreachable(&self.place, error))?;
        let Way::Tls { target, or_plain } = way else { return shake_hands(self, stream, None) };
        match encrypt(stream, target, &self.place, self.deadline)? {
            (stream, true) => shake_hands(self, stream, Some(target.clone())),
            (stream, false) if *or_plain => {
                shake_hands(self, stream, None).map_err(Failure::final_one)
            }
            (..) => Err(Failure::new(encryption::no_tls(&self.place), Then::OtherWay)),
        }
    }
}

/// One failure of two: what the server itself said tells more than that TLS failed.
fn both(earlier: Failure, later: Failure, way: &Way) -> Failure {
    let (with, without) = ("with TLS", "without TLS");
    let (of_earlier, of_later) = match way {
        Way::Plain => (with, without),
        Way::Tls { .. } => (without, with),
    };
    let (shown, other, label) = match (earlier.then, later.then) {
        (Then::OtherWayOnly, Then::OtherWay) => (earlier, later, of_later),
        _ => (later, earlier, of_earlier),
    };
    if shown.error.message() == other.error.message() {
        return shown;
    }
    Failure { error: shown.error.with_note(label, other.error.message()), then: shown.then }
}
