//! A wake-up that is due at an instant.

use std::fmt;
use std::sync::Arc;

use super::fake::Board;

/// Wakes when the clock gets there; dropped before, it never does.
#[must_use]
pub struct Alarm {
    pub(super) board: Arc<Board>,
    pub(super) number: u64,
}

impl Alarm {
    /// Whether it is still to come.
    pub fn is_pending(&self) -> bool {
        self.board.lock().alarms.contains_key(&self.number)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.board.remove(self.number);
    }
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Alarm").field("is_pending", &self.is_pending()).finish()
    }
}
