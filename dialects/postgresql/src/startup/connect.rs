//! Connecting to the hosts of a configuration: which, in which order, until one is right.

use aludel::{Error, Result};

use super::addresses::{self, place};
use super::attempt::Target;
use super::failure::{Failure, Then};
use super::role::{self, Fit};
use super::session::Session;
use crate::config::{Config, Host};
use crate::error;
use crate::net::{Deadline, Peer};

/// Opens a session with the first server that takes us and is what `target_session_attrs` wants.
///
/// Blocks until the deadline; each address has `connect_timeout` of its own, for everything from
/// the connection to the check of its role. A server that refuses us ends the search, because the
/// next one would do the same; one that cannot be reached, is full or is starting does not.
///
/// # Errors
/// That of the server, or one that names every server that was tried and why it would not do.
pub(crate) fn connect(config: &Config, deadline: Deadline) -> Result<Session> {
    let mut search = Search { config, deadline, failures: Vec::new(), spare: None };
    let found = search.run();
    match found.or_else(|| search.spare.take()) {
        Some(session) => Ok(session),
        None => Err(search.error()),
    }
}

/// What has been tried.
struct Search<'a> {
    config: &'a Config,
    deadline: Deadline,
    failures: Vec<(String, Error)>,
    /// A server that will do when there is no better one.
    spare: Option<Session>,
}

impl Search<'_> {
    fn run(&mut self) -> Option<Session> {
        for host in addresses::hosts(self.config) {
            let peers = match addresses::peers(&host.endpoint, self.config.load_balance_hosts) {
                Ok(peers) => peers,
                Err(error) => {
                    let place = host.endpoint.to_string();
                    let error = error::unreachable(&place, error);
                    self.failures.push((place, error));
                    continue;
                }
            };
            for peer in peers {
                match self.attempt(host, peer) {
                    Ok(found @ Some(_)) => return found,
                    Ok(None) => {}
                    Err(Then::Stop) => return None,
                    Err(_) if self.deadline.has_passed() => return None,
                    Err(_) => {}
                }
            }
        }
        None
    }

    /// Tries one address; `None` for a server that is not the right one.
    fn attempt(&mut self, host: &Host, peer: Peer) -> Result<Option<Session>, Then> {
        let limit = Deadline::after_if(self.config.connect_timeout);
        let target = Target {
            config: self.config,
            host,
            place: place(&host.endpoint, &peer),
            peer,
            deadline: self.deadline.earlier(limit),
        };
        let result = target.attempt().and_then(|mut session| {
            let fit = role::check(&mut session, self.config.target_session_attrs, &target);
            Ok((fit?, session))
        });
        match result {
            Ok((Fit::Right, session)) => {
                let version = session.parameters.get("server_version").map(String::as_str);
                let (pid, tls) = (session.backend.pid, session.stream.is_encrypted());
                tracing::debug!(server = %target.place, version, pid, tls, "connected");
                Ok(Some(session))
            }
            Ok((Fit::IfNoOther, session)) if self.spare.is_none() => {
                self.spare = Some(session);
                Ok(None)
            }
            Ok((Fit::IfNoOther, session)) => {
                session.close();
                Ok(None)
            }
            Ok((Fit::Wrong(error), session)) => {
                session.close();
                self.failures.push((target.place, error));
                Ok(None)
            }
            Err(Failure { error, then }) => {
                tracing::debug!(server = %target.place, %error, "connection failed");
                self.failures.push((target.place, error));
                Err(then)
            }
        }
    }

    /// The only failure, or all of them.
    #[cold]
    fn error(self) -> Error {
        let mut failures = self.failures;
        let Some((place, last)) = failures.pop() else {
            return Error::argument("there is no host to connect to")
                .with_help("name one in the URL, or in PGHOST");
        };
        if failures.is_empty() {
            let named = last.message().contains(&place);
            return if named { last } else { last.with_note("server", place) };
        }
        let mut error = Error::operational(format!(
            "none of {} servers would do; the last one, {place}: {}",
            failures.len() + 1,
            last.message()
        ))
        .with_sqlstate(last.sqlstate().unwrap_or("08001"))
        .disconnected();
        if let Some(help) = last.help() {
            error = error.with_help(help);
        }
        for (place, failure) in failures {
            error = error.with_note(place, failure.message());
        }
        error.with_note(place, last.message()).with_source(last)
    }
}
