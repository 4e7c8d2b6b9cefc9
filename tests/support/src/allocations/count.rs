//! What a piece of work allocates on the thread that does it.

use std::hint::black_box;

use super::tally::{THREAD, Tally};

/// What was allocated, in calls and bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Allocations {
    /// Calls that took memory, growing and shrinking included.
    pub allocations: u64,
    /// Calls that gave memory back.
    pub frees: u64,
    /// Bytes that those calls took, all together; a resize counts its whole new size.
    pub bytes: u64,
    /// Bytes that are held after the work and were not before it; negative when the work freed
    /// older memory, or memory of another thread.
    pub live: i64,
    /// Bytes that were held at most at one moment above those before the work. As asked for: what
    /// the allocator adds, or holds twice while it moves memory, is not seen.
    pub peak: i64,
}

/// Does the work and counts what the calling thread allocated meanwhile.
///
/// Other threads are not seen, also not those that the work starts; see [`process`](super::process).
/// Calls may be nested.
///
/// # Panics
/// When [`CountingAllocator`](super::CountingAllocator) is not the allocator of this program: every
/// count would be 0, and every assertion on it true.
pub fn count<T>(work: impl FnOnce() -> T) -> (T, Allocations) {
    require_installed();
    let scope = Scope::enter();
    let value = work();
    let seen = scope.seen();
    drop(scope);
    (value, seen)
}

/// One allocation that the optimiser must not take away has to show; it is not counted itself.
pub(super) fn require_installed() {
    let before = THREAD.get();
    drop(black_box(Box::new(black_box(0_u8))));
    let installed = THREAD.replace(before).allocations > before.allocations;
    assert!(
        installed,
        "nothing is counted: make CountingAllocator the #[global_allocator] of this program"
    );
}

/// Restores the peak of the scope around it, also when the work panics.
struct Scope {
    start: Tally,
}

impl Scope {
    fn enter() -> Self {
        let start = THREAD.get();
        THREAD.set(Tally { peak: start.live, ..start });
        Self { start }
    }

    fn seen(&self) -> Allocations {
        let (now, start) = (THREAD.get(), self.start);
        Allocations {
            allocations: now.allocations - start.allocations,
            frees: now.frees - start.frees,
            bytes: now.bytes - start.bytes,
            live: now.live - start.live,
            peak: now.peak - start.live,
        }
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let now = THREAD.get();
        THREAD.set(Tally { peak: now.peak.max(self.start.peak), ..now });
    }
}
