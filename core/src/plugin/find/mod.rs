//! The first phase: from a scheme to the file that claims it, by names and notes alone.

pub(super) mod alias;
mod app;
mod cargo_build;
pub(super) mod levels;
pub(super) mod located;
pub(super) mod nearest;
pub(super) mod resolve;
pub(super) mod scan;
pub(super) mod scheme;
pub(super) mod search;
pub(super) mod survey;
pub(super) mod which;
