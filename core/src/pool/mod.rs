//! The connection pool: strictly fair, one atomic step out and one back, SQLAlchemy's semantics.

pub mod settings;

pub use settings::{PoolConfig, PoolSettings};
