//! Support that the tests across crates share.
