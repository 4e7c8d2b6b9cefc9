//! Debian packages of what is not installed: installed by apt for root, else unpacked in the cache.

mod apt;
mod ensure;
mod errand;
mod install;
mod plan;
mod reasons;
mod sets;
mod settings;
mod sources;
mod unpack;

pub(crate) use ensure::ensure;
pub(crate) use reasons::missing;
