//! The second phase: whether a file may be loaded.

pub(super) mod fit;
pub(super) mod needs;
mod owners;
mod pins;
pub(super) mod policy;
#[cfg(unix)]
mod trust;
pub(super) mod verify;
