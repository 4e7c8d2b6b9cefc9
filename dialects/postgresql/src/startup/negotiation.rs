//! From a fresh connection to an encrypted one: the question, the answer, the handshake.

use std::io;

use aludel::Error;
use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::failure::{Failure, Then};
use super::session::TlsTarget;
use super::{stranger, tls_failure};
use crate::error;
use crate::net::{Deadline, Stream};

/// Begins TLS; false when the server has none, and the stream is as it was.
pub(super) fn encrypt(
    mut stream: Stream,
    target: &TlsTarget,
    place: &str,
    deadline: Deadline,
) -> Result<(Stream, bool), Failure> {
    if !target.direct && !ask(&mut stream, place, deadline)? {
        return Ok((stream, false));
    }
    let stream = stream
        .start_tls(target.config.clone(), target.name.clone(), deadline)
        .map_err(|error| tls_failure::failure(place, error))?;
    if target.direct && stream.application_protocol() != Some(b"postgresql") {
        let error =
            Error::operational("the server took TLS but did not agree to PostgreSQL (ALPN)")
                .with_help("servers before PostgreSQL 17 cannot; use sslnegotiation=postgres");
        return Err(Failure::new(error.disconnected(), Then::OtherWay));
    }
    Ok((stream, true))
}

/// Asks whether the server has TLS.
fn ask(stream: &mut Stream, place: &str, deadline: Deadline) -> Result<bool, Failure> {
    let mut out = BytesMut::new();
    frontend::ssl_request(&mut out);
    let lost = |error| error::unreachable(place, error);
    stream.write_all(&[&out], deadline).map_err(lost)?;
    // More room than the one byte of the answer: whatever follows it unasked is seen.
    let mut answer = [0; 64];
    let count = stream.read(&mut answer, deadline).map_err(lost)?;
    match &answer[..count] {
        [b'S'] => Ok(true),
        [b'N'] => Ok(false),
        [] => Err(lost(io::ErrorKind::UnexpectedEof.into()).into()),
        [b'S', b'S', b'H', b'-', ..] => Err(not_postgresql(&answer[..count]).into()),
        // Somebody between has put bytes before the encrypted ones, which would be taken for the
        // server's (CVE-2021-23222).
        [b'S' | b'N', ..] => {
            let error = Error::operational(format!(
                "{place} sent unencrypted bytes after its answer about TLS"
            ))
            .with_help("somebody may be interfering with the connection; check the network");
            Err(Failure::from(error.with_sqlstate("08P01").disconnected()))
        }
        // What it says is not shown: nobody knows yet who says it (CVE-2024-10977).
        [b'E', ..] => {
            let error = Error::operational("the server answered with an error when asked for TLS")
                .with_help("its log tells more");
            Err(Failure::new(error.with_sqlstate("08001").disconnected(), Then::OtherWay))
        }
        bytes => Err(not_postgresql(bytes).into()),
    }
}

/// The error of a server that is something else.
#[cold]
pub(super) fn not_postgresql(bytes: &[u8]) -> Error {
    let (what, help) = stranger::describe(bytes);
    Error::operational(what).with_sqlstate("08P01").with_help(help).disconnected()
}
