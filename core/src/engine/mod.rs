//! The engine: a URL's dialect and its connections.
//!
//! ```
//! # fn main() -> aludel::Result<()> {
//! # #[cfg(any())]
//! # {
//! let engine = aludel::create_engine("sqlite:///:memory:")?;
//! let one: i64 = engine.execute("select 1", ())?.scalar()?;
//! assert_eq!(one, 1);
//! # }
//! # Ok(())
//! # }
//! ```

mod builder;
mod connect_args;
mod connection;
mod handle;
mod source;

pub use builder::EngineBuilder;
pub use connection::Connection;
pub use handle::{Engine, create_engine};
pub(crate) use source::Lease;
