//! Debian packages of what is not installed: installed by apt for root, else unpacked in the cache.

mod apt;
mod ensure;
mod install;
mod sets;
mod sources;
mod unpack;

pub(crate) use ensure::{ensure, missing};
