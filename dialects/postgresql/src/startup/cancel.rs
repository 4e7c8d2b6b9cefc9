//! Asking a server to cancel what a session is doing.

use std::io;

use aludel::Error;
use bytes::{BufMut, BytesMut};

use super::negotiation::encrypt;
use super::session::BackendKey;
use crate::config::Keepalives;
use crate::net::{Deadline, Stream};
use crate::{error, startup::encryption};

const CANCEL_REQUEST: i32 = 80_877_102;

/// Why a cancel is not known to have been taken.
#[derive(Debug)]
pub(crate) struct CancelFailure {
    pub(crate) error: Error,
    /// The request has left: the server may still act on it, at any time.
    pub(crate) is_under_way: bool,
}

impl From<Error> for CancelFailure {
    fn from(error: Error) -> Self {
        CancelFailure { error, is_under_way: false }
    }
}

/// Sends a cancel to the very server of the session, encrypted if the session is, and waits until
/// the server has taken it: a cancel that is still under way could hit the session's next
/// statement. A session whose server gave no key has nothing to send.
///
/// # Errors
/// When the server cannot be reached, or has not hung up at the deadline.
pub(crate) fn cancel(backend: &BackendKey, deadline: Deadline) -> Result<(), CancelFailure> {
    if backend.secret.is_empty() {
        return Ok(());
    }
    let place = backend.peer.to_string();
    let lost = |error| error::unreachable(&place, error);
    let mut stream =
        Stream::connect(&backend.peer, &Keepalives::default(), None, deadline).map_err(lost)?;
    if let Some(tls) = &backend.tls {
        let (encrypted, agreed) =
            encrypt(stream, tls, &place, deadline).map_err(|failure| failure.error)?;
        if !agreed {
            return Err(encryption::no_tls(&place).into());
        }
        stream = encrypted;
    }
    stream.write_all(&[&request(backend)], deadline).map_err(lost)?;
    tracing::debug!(server = %place, pid = backend.pid, "cancel sent");
    // It answers nothing, and hangs up when it is done; some hang up hard.
    let mut nothing = [0; 64];
    match stream.read(&mut nothing, deadline) {
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Err(CancelFailure { error: lost(error), is_under_way: true })
        }
        _ => Ok(()),
    }
}

fn request(backend: &BackendKey) -> BytesMut {
    let len = 12 + backend.secret.len();
    let mut out = BytesMut::with_capacity(len);
    out.put_i32(i32::try_from(len).expect("invariant: a key has at most 256 bytes"));
    out.put_i32(CANCEL_REQUEST);
    out.put_i32(backend.pid);
    out.put_slice(&backend.secret);
    out
}
