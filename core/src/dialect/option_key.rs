//! Standard keys of session options, the same for every dialect.

/// `IsolationLevel` by its SQL name, for transactions to come.
pub const ISOLATION_LEVEL: &str = "isolation_level";
/// Whether each statement commits itself; a truth value.
pub const AUTOCOMMIT: &str = "autocommit";
/// Whether transactions may write; a truth value.
pub const READ_ONLY: &str = "read_only";
/// Current schema, or search path.
pub const SCHEMA: &str = "schema";
/// Current catalog or database.
pub const CATALOG: &str = "catalog";
/// Statement timeout in milliseconds; 0 for none.
pub const TIMEOUT: &str = "timeout";
/// Name that the program shows in the server's list of sessions.
pub const APPLICATION_NAME: &str = "application_name";
