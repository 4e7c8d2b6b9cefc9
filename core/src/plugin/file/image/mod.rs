//! The formats of shared libraries, read with every bound checked.

pub(super) mod elf;
