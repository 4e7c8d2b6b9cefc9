//! A recorder of metrics that keeps everything, so that tests can look at it.

#![forbid(unsafe_code)]

mod kept;

pub use kept::{Kept, Recorded};
