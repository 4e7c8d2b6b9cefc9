//! What the whole process holds.

use std::sync::atomic::Ordering;

use super::count::require_installed;
use super::tally::{ALLOCATIONS, LIVE, PEAK};

/// The memory of all threads together at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessMemory {
    /// Calls that took memory since the process began.
    pub allocations: u64,
    /// Bytes that are held.
    pub live: i64,
    /// Bytes that were held at most since the process began, or since the last
    /// [`ProcessMemory::forget_peak`].
    pub peak: i64,
}

/// Reads the counters of the process.
///
/// They are read one after another: threads that run meanwhile may change one and not the other.
///
/// # Panics
/// As [`count`](super::count()).
pub fn process() -> ProcessMemory {
    require_installed();
    ProcessMemory {
        allocations: ALLOCATIONS.load(Ordering::Relaxed),
        live: LIVE.load(Ordering::Relaxed),
        peak: PEAK.load(Ordering::Relaxed),
    }
}

impl ProcessMemory {
    /// Lets the peak of the process begin anew at what is held now, and returns that.
    ///
    /// # Panics
    /// As [`count`](super::count()).
    pub fn forget_peak() -> Self {
        PEAK.store(LIVE.load(Ordering::Relaxed), Ordering::Relaxed);
        process()
    }
}
