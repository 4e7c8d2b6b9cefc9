//! What the tests across crates share, and the generator of the C header.

pub mod c;
pub mod header;
