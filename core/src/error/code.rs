//! The stable codes of the engine's errors; each has an entry in `docs/errors.md`.
//!
//! What a database reports has no code here: it has its [SQLSTATE](super::Error::sqlstate) or
//! [number](super::Error::native_code). Errors of finding and loading plugins have codes of their
//! own, which begin with `P`.

/// A listener to an event panicked.
pub const LISTENER_PANICKED: &str = "E01";
/// The connection was lost inside a transaction that has not been rolled back.
pub const TRANSACTION_LOST: &str = "E02";
/// The transaction takes nothing but a rollback.
pub const ROLLBACK_ONLY: &str = "E03";
