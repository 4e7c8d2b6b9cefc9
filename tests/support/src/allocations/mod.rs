//! An allocator that counts what threads and the process take.
//!
//! A test or a bench installs it in its own binary:
//!
//! ```
//! use aludel_test_support::allocations::{self, CountingAllocator};
//!
//! #[global_allocator]
//! static ALLOCATOR: CountingAllocator = CountingAllocator;
//!
//! let (text, seen) = allocations::count(|| "a".repeat(100));
//! assert_eq!((seen.allocations, seen.bytes, seen.live), (1, 100, 100));
//! drop(text);
//! ```
//!
//! Only what goes through Rust's allocator is seen: memory that C libraries take is not.

mod allocator;
mod count;
mod process;
mod tally;

pub use allocator::CountingAllocator;
pub use count::{Allocations, count};
pub use process::{ProcessMemory, process};
