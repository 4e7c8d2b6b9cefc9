//! Random fractions, so that what was made at one time does not end at one time.

use std::hash::{BuildHasher, RandomState};

/// A random number from 0 to 1.
pub(super) fn fraction() -> f64 {
    // Every hasher of the standard library has keys of its own.
    let bits = RandomState::new().hash_one(0_u8) >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
