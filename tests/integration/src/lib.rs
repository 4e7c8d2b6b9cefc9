//! What the tests across crates share: checks that any dialect must pass, those for the dialect of
//! everything, a lying plugin, tables of other versions, and the generator of the C header.

pub mod c;
pub mod checks;
pub mod header;
pub mod lying;
pub mod open;
pub mod raw;
pub mod subject;
pub mod versions;
