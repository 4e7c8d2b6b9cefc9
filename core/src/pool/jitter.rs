//! Random fractions, so that what was made at one time does not end at one time.

use std::hash::{BuildHasher, RandomState};

/// A random number from 0 to 1.
pub(super) fn fraction() -> f64 {
    Draw::new().fraction_of(0)
}

/// A random number from 0 to 1 for each number, which it keeps.
pub(super) struct Draw(RandomState);

impl Draw {
    pub(super) fn new() -> Self {
        // Every hasher of the standard library has keys of its own.
        Draw(RandomState::new())
    }

    pub(super) fn fraction_of(&self, number: u64) -> f64 {
        let bits = self.0.hash_one(number) >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }
}
