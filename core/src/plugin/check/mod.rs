//! The second phase: whether a file may be loaded.

pub(super) mod needs;
pub(super) mod policy;
pub(super) mod verify;
