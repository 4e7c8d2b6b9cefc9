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
