//! The formats of shared libraries, read with every bound checked.
//!
//! [`Start`](start::Start) tells format and machine from the first bytes; [`Image`](read::Image)
//! is what the headers say, as places in the file. Nothing is allocated by a size that a header
//! claims before it was compared with the file or with a limit, so that hostile bytes cost little.

mod elf;
pub(in crate::plugin) mod elf_dynamic;
pub(in crate::plugin) mod elf_versions;
pub(in crate::plugin) mod kind;
mod macho;
mod payload;
mod pe;
mod place;
pub(in crate::plugin) mod read;
pub(in crate::plugin) mod start;
mod universal;

#[cfg(test)]
mod tests;
