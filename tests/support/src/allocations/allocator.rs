//! The allocator itself: the system's, with counters beside it.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};

use super::tally;

/// Counts and passes everything on to the system's allocator.
#[derive(Debug, Clone, Copy, Default)]
pub struct CountingAllocator;

// SAFETY: every call goes to the system's allocator with the arguments it came with, and its answer
// is returned as it is; the counters neither allocate nor unwind.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`, which is the same.
        let memory = unsafe { System.alloc(layout) };
        if !memory.is_null() {
            tally::took(layout.size());
        }
        memory
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc_zeroed`, which is the same.
        let memory = unsafe { System.alloc_zeroed(layout) };
        if !memory.is_null() {
            tally::took(layout.size());
        }
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`, and `memory` came from the system.
        unsafe { System.dealloc(memory, layout) };
        tally::freed(layout.size());
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `realloc`, and `memory` came from the system.
        let moved = unsafe { System.realloc(memory, layout, size) };
        if !moved.is_null() {
            tally::resized(layout.size(), size);
        }
        moved
    }
}
