//! What the tests across crates share.
//!
//! Checks that any dialect must pass and those for the dialect of everything, a lying plugin, tables
//! of other versions, a host made by hand, and the generator of the C header.

pub mod c;
pub mod checks;
pub mod header;
pub mod hostile;
pub mod load;
pub mod lying;
pub mod open;
pub mod raw;
pub mod subject;
pub mod versions;
