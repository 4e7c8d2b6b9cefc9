//! What a server says unasked.

/// A notice or warning.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notice {
    /// Severity as the database names it, for example `WARNING`.
    pub severity: String,
    /// Message.
    pub message: String,
    /// SQLSTATE, where there is one.
    pub sqlstate: Option<String>,
    /// The database's own number, where there is one.
    pub native_code: Option<i64>,
}

/// An asynchronous notification (PostgreSQL NOTIFY and its kin).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notification {
    /// Channel.
    pub channel: String,
    /// Payload.
    pub payload: String,
    /// Process or session that sent it, where known.
    pub sender: Option<u64>,
}
