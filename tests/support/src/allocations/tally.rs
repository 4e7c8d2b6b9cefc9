//! The counters, by thread and by process.
//!
//! Invariant: nothing here allocates or has a destructor, since the allocator itself calls it.

use std::cell::Cell;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What one thread did, or all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) allocations: u64,
    pub(super) frees: u64,
    pub(super) bytes: u64,
    pub(super) live: i64,
    pub(super) peak: i64,
}

thread_local! {
    pub(super) static THREAD: Cell<Tally> = const { Cell::new(Tally::EMPTY) };
}

pub(super) static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
pub(super) static LIVE: AtomicI64 = AtomicI64::new(0);
pub(super) static PEAK: AtomicI64 = AtomicI64::new(0);

impl Tally {
    const EMPTY: Self = Self { allocations: 0, frees: 0, bytes: 0, live: 0, peak: 0 };
}

pub(super) fn took(size: usize) {
    change(|tally| tally.allocations += 1);
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    grew(size);
}

pub(super) fn freed(size: usize) {
    change(|tally| tally.frees += 1);
    shrank(size);
}

/// Memory was moved or resized: one more allocation of the new size, no free.
pub(super) fn resized(from: usize, to: usize) {
    change(|tally| tally.allocations += 1);
    ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
    shrank(from);
    grew(to);
}

fn grew(size: usize) {
    change(|tally| {
        tally.bytes += size as u64;
        tally.live += size as i64;
        tally.peak = tally.peak.max(tally.live);
    });
    let live = LIVE.fetch_add(size as i64, Ordering::Relaxed) + size as i64;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

fn shrank(size: usize) {
    change(|tally| tally.live -= size as i64);
    LIVE.fetch_sub(size as i64, Ordering::Relaxed);
}

fn change(change: impl FnOnce(&mut Tally)) {
    // A thread whose variables are gone already is not counted any more.
    let _ = THREAD.try_with(|cell| {
        let mut tally = cell.get();
        change(&mut tally);
        cell.set(tally);
    });
}
