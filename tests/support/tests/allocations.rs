//! The allocator counts what a thread and what the process take.

use std::hint::black_box;
use std::panic::catch_unwind;
use std::sync::Barrier;
use std::thread;

use aludel_test_support::allocations::{
    Allocations, CountingAllocator, ProcessMemory, count, process,
};

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

#[test]
fn work_that_allocates_nothing_counts_nothing() {
    let mut buffer = Vec::<u8>::with_capacity(100);
    let ((), seen) = count(|| buffer.extend_from_slice(black_box(&[1; 100])));
    assert_eq!(seen, Allocations::default());
}

#[test]
fn calls_bytes_and_what_stays_are_counted() {
    let (kept, seen) = count(|| {
        drop(black_box(vec![0_u8; 1000]));
        let kept = black_box(Vec::<u8>::with_capacity(64));
        drop(black_box(vec![1_u8; 300]));
        kept
    });
    let expected = Allocations { allocations: 3, frees: 2, bytes: 1364, live: 64, peak: 1000 };
    assert_eq!(seen, expected);
    let ((), seen) = count(|| drop(kept));
    assert_eq!(seen, Allocations { frees: 1, live: -64, ..Allocations::default() });
}

#[test]
fn growing_counts_as_an_allocation_of_the_new_size() {
    let mut buffer = black_box(Vec::<u8>::with_capacity(10));
    let ((), seen) = count(|| buffer.reserve_exact(100));
    assert_eq!(seen, Allocations { allocations: 1, frees: 0, bytes: 100, live: 90, peak: 90 });
}

#[test]
fn a_count_inside_another_takes_nothing_away_from_it() {
    let (inner, outer) = count(|| {
        drop(black_box(vec![0_u8; 5000]));
        let (_, inner) = count(|| black_box(vec![0_u8; 100]).len());
        inner
    });
    assert_eq!((inner.peak, inner.allocations), (100, 1));
    assert_eq!((outer.peak, outer.allocations, outer.live), (5000, 2, 0));
}

#[test]
fn a_panic_in_the_work_leaves_the_outer_count_whole() {
    let ((), outer) = count(|| {
        drop(black_box(vec![0_u8; 1 << 20]));
        let silent =
            std::panic::AssertUnwindSafe(|| count(|| std::panic::resume_unwind(Box::new(()))));
        assert!(catch_unwind(silent).is_err());
    });
    assert!(outer.peak >= 1 << 20, "{outer:?}");
}

#[test]
fn other_threads_are_counted_by_the_process_alone() {
    const BLOCKS: usize = 1000;
    let steps = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            steps.wait();
            let kept: Vec<Vec<u8>> = (0..BLOCKS).map(|_| black_box(vec![0; 1000])).collect();
            steps.wait();
            steps.wait();
            drop(kept);
        });
        let before = process();
        let ((), seen) = count(|| {
            steps.wait();
            steps.wait();
        });
        let during = process();
        steps.wait();
        assert_eq!(seen.allocations, 0, "{seen:?}");
        assert!(during.allocations >= before.allocations + BLOCKS as u64);
        assert!(during.peak >= (BLOCKS * 1000) as i64 && during.live <= during.peak);
    });
}

#[test]
fn the_peak_of_the_process_can_begin_anew() {
    const BIG: i64 = 64 << 20;
    drop(black_box(vec![1_u8; BIG as usize]));
    assert!(process().peak >= BIG);
    // Other tests of this program take far less at the same time.
    let fresh = ProcessMemory::forget_peak();
    assert!(fresh.peak < BIG, "{fresh:?}");
}
