//! Values on their way through SQLite, for the tests of this crate.
#![forbid(unsafe_code)]

mod through;

pub use through::{refused, selected, stored, through};
