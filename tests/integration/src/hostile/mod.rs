//! Plugins that misbehave, the places where they lie, and the traces that they leave when they run.

mod library;
mod stage;

pub use library::Library;
pub use stage::{Stage, assert_answers, link};
