//! What a finished startup hands over.

use std::collections::HashMap;

use crate::net::{Peer, Stream};
use crate::wire::Inbox;

/// An authenticated connection, ready for its first statement.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) stream: Stream,
    /// May hold bytes that came after ReadyForQuery.
    pub(crate) inbox: Inbox,
    pub(crate) backend: BackendKey,
    /// What the server reported by ParameterStatus: `server_version`, `TimeZone`, …
    pub(crate) parameters: HashMap<String, String>,
}

/// What cancels a statement of this session, and where to send it.
#[derive(Debug, Clone)]
pub(crate) struct BackendKey {
    pub(crate) pid: i32,
    /// As long as the server made it, up to 256 bytes; empty when it gave none.
    pub(crate) secret: Vec<u8>,
    pub(crate) peer: Peer,
}
