//! Whether a server is what `target_session_attrs` wants.

use aludel::{Error, Result};
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::attempt::Target;
use super::failure::Failure;
use super::session::Session;
use crate::config::TargetSessionAttrs as Wanted;
use crate::error;
use crate::net::Deadline;
use crate::wire::{Body, ErrorFields, Message};

/// How well a server fits.
#[derive(Debug)]
pub(super) enum Fit {
    Right,
    /// It will do when no other is right.
    IfNoOther,
    Wrong(Error),
}

/// Compares the server with what is wanted; asks it what it does not report by itself.
pub(super) fn check(
    session: &mut Session,
    wanted: Wanted,
    target: &Target<'_>,
) -> Result<Fit, Failure> {
    let deadline = target.deadline;
    let (fits, is) = match wanted {
        Wanted::Any => return Ok(Fit::Right),
        Wanted::ReadWrite => (!is_read_only(session, deadline)?, "does not take writes"),
        Wanted::ReadOnly => (is_read_only(session, deadline)?, "takes writes"),
        Wanted::Primary => (!is_standby(session, deadline)?, "is a standby"),
        Wanted::Standby => (is_standby(session, deadline)?, "is no standby"),
        Wanted::PreferStandby => {
            let fit = if is_standby(session, deadline)? { Fit::Right } else { Fit::IfNoOther };
            return Ok(fit);
        }
    };
    if fits {
        return Ok(Fit::Right);
    }
    let error = Error::operational(format!(
        "{} {is}, and target_session_attrs={} is wanted",
        target.place,
        wanted.name()
    ))
    .with_sqlstate("08001")
    .with_help("add the other servers of the cluster to the URL, or check that one has the role")
    .disconnected();
    Ok(Fit::Wrong(error))
}

/// A standby, or a server whose sessions cannot write unless they ask for it.
fn is_read_only(session: &mut Session, deadline: Deadline) -> Result<bool> {
    match (reported(session, "default_transaction_read_only"), reported(session, "in_hot_standby"))
    {
        (Some(read_only), Some(standby)) => Ok(read_only || standby),
        _ => Ok(ask(session, "SHOW transaction_read_only", deadline)? == b"on"),
    }
}

fn is_standby(session: &mut Session, deadline: Deadline) -> Result<bool> {
    match reported(session, "in_hot_standby") {
        Some(standby) => Ok(standby),
        None => Ok(ask(session, "SELECT pg_catalog.pg_is_in_recovery()", deadline)? == b"t"),
    }
}

/// What servers from version 14 on report by themselves.
fn reported(session: &Session, parameter: &str) -> Option<bool> {
    session.parameters.get(parameter).map(|value| value == "on")
}

/// The first value of the answer to a query.
fn ask(session: &mut Session, sql: &str, deadline: Deadline) -> Result<Vec<u8>> {
    let mut out = BytesMut::new();
    frontend::query(sql, &mut out).expect("invariant: our own queries have no NUL");
    session.stream.write_all(&[&out], deadline).map_err(error::from_io)?;
    let mut value = Vec::new();
    let mut failed = None;
    loop {
        let Message { tag, body } = session.inbox.receive(&mut session.stream, deadline)?;
        match tag {
            b'D' => {
                let mut body = Body::new(body);
                if body.u16()? > 0
                    && let Ok(len) = usize::try_from(body.i32()?)
                {
                    value = body.take(len)?.to_vec();
                }
            }
            b'E' => failed = Some(error::from_server(&ErrorFields::parse(body), Some(sql))),
            b'Z' => return failed.map_or(Ok(value), Err),
            _ => {}
        }
    }
}
