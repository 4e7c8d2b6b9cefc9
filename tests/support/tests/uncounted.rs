//! Without the allocator nothing can be counted, and that must not pass for a result.

use aludel_test_support::allocations::{ProcessMemory, count, process};

#[test]
#[should_panic(expected = "make CountingAllocator the #[global_allocator] of this program")]
fn counting_without_the_allocator_panics() {
    count(|| ());
}

#[test]
#[should_panic(expected = "nothing is counted")]
fn reading_the_process_without_the_allocator_panics() {
    process();
}

#[test]
#[should_panic(expected = "nothing is counted")]
fn forgetting_a_peak_without_the_allocator_panics() {
    ProcessMemory::forget_peak();
}
