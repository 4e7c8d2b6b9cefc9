//! PostgreSQL when it fails: servers and links that break, and what the program sees of it.
#![forbid(unsafe_code)]

mod broken_link;
mod callers;
mod changed;
mod committed;
mod engines;
mod extremes;
mod failover;
mod idle;
mod killed;
mod lies;
mod limits;
mod outages;
mod pooled;
mod pooling;
mod refused;
mod restarts;
mod scripts;
mod stalled;

use aludel_test_support::allocations::CountingAllocator;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;
