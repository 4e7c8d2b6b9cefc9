//! The contenders: ours, the naive ones, and with the feature `peers` those of other crates.

mod aludel;
#[cfg(feature = "peers")]
mod bb8;
#[cfg(feature = "peers")]
mod deadpool;
mod entries;
mod floor;
mod monitor;
mod naive;
pub(crate) mod names;
#[cfg(feature = "peers")]
mod r2d2;
#[cfg(feature = "peers")]
mod runtime;

pub(crate) use entries::of;
