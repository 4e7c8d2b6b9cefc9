//! How long a test waits for what must come.

use std::time::Duration;

/// Long enough for a machine that does much else; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);
