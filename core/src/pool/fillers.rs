//! How many connect for a pool, and that nobody who waits is left without one of them.

use super::sync::{AtomicU32, Ordering};

/// Those who connect for a pool.
pub(super) struct Fillers(AtomicU32);

/// One of them at work.
struct AtWork<'a>(&'a AtomicU32);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Fillers {
    pub(super) fn new() -> Self {
        Fillers(AtomicU32::new(0))
    }

    /// True when there may be one more, who then [serves](Self::serve).
    pub(super) fn begin(&self, limit: u32) -> bool {
        let more = |now: u32| (now < limit).then_some(now + 1);
        self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    /// Fills, which says whether it did, for as long as that is wanted.
    pub(super) fn serve(&self, limit: u32, wanted: impl Fn() -> bool, fill: impl Fn() -> bool) {
        loop {
            let at_work = AtWork(&self.0);
            while fill() {}
            drop(at_work);
            // Who came to wait just before found enough at work, and sent none.
            if !wanted() || !self.begin(limit) {
                return;
            }
        }
    }
}
