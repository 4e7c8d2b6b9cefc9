//! How much is printed, and how a line gets to where it is read: for the engine and its pool.

mod level;
mod line;
mod sink;

pub use level::Echo;
pub(crate) use line::Heading;
pub(crate) use sink::Sink;
