//! The stable codes of the engine's errors; each has an entry in `docs/errors.md`.
//!
//! What a database reports has no code here: it has its [SQLSTATE](super::Error::sqlstate) or
//! [number](super::Error::native_code). The codes of plugins' errors are in
//! [`plugin::code`](crate::plugin::code).

/// A listener to an event panicked.
pub const LISTENER_PANICKED: &str = "E01";
