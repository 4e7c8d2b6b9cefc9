//! What a listener may return.

use crate::error::Result;

/// What a listener returns: nothing, or a `Result` with which it can refuse.
pub trait Verdict {
    /// The same as a `Result`.
    ///
    /// # Errors
    /// The listener refuses what is about to be done.
    fn verdict(self) -> Result<()>;
}

impl Verdict for () {
    fn verdict(self) -> Result<()> {
        Ok(())
    }
}

impl Verdict for Result<()> {
    fn verdict(self) -> Result<()> {
        self
    }
}
