//! Making an engine: its parameters by what they are about, and the checks of all together.

mod access;
mod build;
mod connecting;
mod executing;
mod pooling;
mod reporting;

pub use build::EngineBuilder;
