//! Cancelling from another thread.

use super::Call;
use crate::error::Result;

/// Cancels what a connection is doing. Shared between threads and outlives the connection.
pub trait Cancel: Send + Sync + 'static {
    /// Cancels the call of this [generation](Call::generation).
    ///
    /// Does nothing when that call has ended: a late cancel must not hit the next statement. May
    /// open a connection of its own; blocks until `call`'s deadline at most.
    ///
    /// # Errors
    /// When the request could not be delivered.
    fn cancel(&self, generation: u64, call: &Call<'_>) -> Result<()>;
}
