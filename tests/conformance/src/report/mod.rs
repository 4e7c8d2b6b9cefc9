//! What came of a run, for people and for programs.

mod features;
mod json;
mod junit;
#[cfg(test)]
mod tests;
mod text;

pub use features::{Feature, features};
pub use json::json;
pub use junit::junit;
pub use text::text;
