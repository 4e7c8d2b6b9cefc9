//! What a finished startup hands over.

use std::collections::HashMap;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::pki_types::ServerName;

use crate::net::{Peer, Stream};
use crate::wire::{ErrorFields, Inbox};

/// An authenticated connection, ready for its first statement.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) stream: Stream,
    /// May hold bytes that came after ReadyForQuery.
    pub(crate) inbox: Inbox,
    pub(crate) backend: BackendKey,
    /// What the server reported by ParameterStatus: `server_version`, `TimeZone`, …
    pub(crate) parameters: HashMap<String, String>,
    /// What the server remarked while the session began.
    pub(crate) notices: Vec<ErrorFields>,
}

impl Session {
    /// The server's version as one number, for example 150018 for 15.18; 0 when it tells none.
    pub(crate) fn server_version(&self) -> u32 {
        self.parameters.get("server_version").map_or(0, |text| version_number(text))
    }

    /// Ends the session as the protocol wants it, without waiting for anything.
    pub(crate) fn close(self) {
        self.stream.finish(TERMINATE);
    }
}

/// A Terminate message.
const TERMINATE: &[u8] = b"X\0\0\0\x04";

/// What cancels a statement of this session, and where to send it.
#[derive(Debug, Clone)]
pub(crate) struct BackendKey {
    pub(crate) pid: i32,
    /// As long as the server made it, up to 256 bytes; empty when it gave none.
    pub(crate) secret: Vec<u8>,
    pub(crate) peer: Peer,
    /// How the session is encrypted, which a cancel has to be as well.
    pub(crate) tls: Option<TlsTarget>,
}

/// With what TLS begins.
#[derive(Debug, Clone)]
pub(crate) struct TlsTarget {
    pub(super) config: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
    /// Without asking the server first.
    pub(super) direct: bool,
}

/// `15.18 (Debian 15.18-1)`, `9.6.24`, `17beta1`: libpq's `PQserverVersion`.
fn version_number(text: &str) -> u32 {
    let digits = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
    let mut parts = digits.split('.').map(|part| part.parse::<u32>().unwrap_or(0).min(999));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    match major {
        10.. => major * 10_000 + minor,
        _ => major * 10_000 + minor * 100 + parts.next().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::version_number;

    #[test]
    fn versions_are_numbers_as_libpq_makes_them() {
        for (text, number) in [
            ("15.18 (Debian 15.18-0+deb12u1)", 150_018),
            ("9.6.24", 90_624),
            ("17beta1", 170_000),
            ("14devel", 140_000),
            ("", 0),
            ("none", 0),
            ("99999999999.1", 100),
        ] {
            assert_eq!(version_number(text), number, "{text}");
        }
    }
}
