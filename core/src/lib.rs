//! What SQLAlchemy's engine layer is to Python, with drivers that plug in at run time.
//!
//! A program hands over a URL. aludel finds the dialect for its scheme, checks the plugin before
//! any of its code runs, loads it, and gives back an [`Engine`].
//!
//! ```
//! # fn main() -> aludel::Result<()> {
//! # aludel::register(aludel_dialect_sqlite::dialect())?;
//! let engine = aludel::create_engine("sqlite:///:memory:")?; // does not connect yet
//! let one: i64 = engine.execute("select 1", ())?.scalar()?;
//! assert_eq!(one, 1);
//!
//! let mut conn = engine.connect()?;
//! conn.execute("create table t (x integer, y text)", ())?;
//! conn.execute("insert into t values (:x, :y)", &[aludel::params! { x: 1, y: "a" }])?;
//! let mut rows = conn.execute("select x, y from t where x > ?", (0,))?;
//! while let Some(row) = rows.next()? {
//!     let (x, y): (i64, &str) = row.get()?; // text is borrowed, nothing is allocated
//!     assert_eq!((x, y), (1, "a"));
//! }
//! drop(rows);
//! conn.commit()?; // without it, dropping the connection rolls back
//! # Ok(())
//! # }
//! ```
//!
//! # For authors of dialects
//! Implement [`Dialect`](dialect::Dialect), [`dbapi::Connection`] and [`dbapi::Statement`] in safe
//! Rust; [`export_dialect!`] makes a plugin of them. Depend on this crate with
//! `default-features = false`: the interface alone has few dependencies.
//!
//! # Features
//! | Feature | Brings | Default |
//! | --- | --- | --- |
//! | `engine` | engine, plugin loading, results | yes |
//! | `abi-witness` | abi_stable's structural check of the ABI's structs, in hosts and plugins | yes |
//! | `derive` | `#[derive(FromRow, FromValue, ToValue)]` | yes |
//! | `metrics` | what engines and pools count and time, for recorders of the crate `metrics` | no |
//! | `serde` | rows as whatever serde knows: `row.deserialize()` | no |
//! | `serde_json` | `value::Json<T>` and `serde_json::Value` | no |
//! | `chrono`, `time`, `jiff` | dates, times, moments and lengths of time of these crates | no |
//! | `rust_decimal`, `bigdecimal` | decimals of these crates | no |
//! | `uuid` | UUIDs of this crate | no |
//!
//! Features only add. What converts into what, and what is refused, is told in `docs/values.md`.

pub mod abi;
pub mod dbapi;
pub mod dialect;
#[cfg(feature = "engine")]
mod echo;
#[cfg(feature = "engine")]
pub mod engine;
pub mod error;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "engine")]
pub mod plugin;
#[cfg(feature = "engine")]
pub mod pool;
#[cfg(feature = "engine")]
pub mod result;
#[cfg(feature = "engine")]
pub mod text;
pub mod url;
pub mod value;

#[cfg(feature = "engine")]
pub use abi::host::Row;
#[cfg(all(feature = "derive", feature = "engine"))]
pub use derive_aludel::FromRow;
#[cfg(feature = "derive")]
pub use derive_aludel::{FromValue, ToValue};
#[cfg(feature = "engine")]
pub use echo::Echo;
#[cfg(feature = "engine")]
pub use engine::{Connection, Engine, EngineBuilder, create_engine, engine_from_config};
pub use error::{Constraint, ConstraintKind, Error, ErrorKind, Result};
#[cfg(feature = "engine")]
pub use plugin::register;
#[cfg(feature = "engine")]
pub use result::{CursorResult, FromRow, IntoParams, NamedParams, OwnedRow};
#[cfg(feature = "engine")]
pub use text::ExecutionOptions;
pub use url::Url;
pub use value::{FromValue, ToValue, Value, ValueRef};

/// Version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

// The examples of the guides run with those of the documentation.
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/engine.md")]
struct EngineGuide;
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/events.md")]
struct EventsGuide;
#[cfg(all(doctest, feature = "metrics"))]
#[doc = include_str!("../../docs/metrics.md")]
struct MetricsGuide;
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/observability.md")]
struct ObservabilityGuide;
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/security.md")]
struct SecurityGuide;
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/transactions.md")]
struct TransactionsGuide;
#[cfg(all(doctest, feature = "engine"))]
#[doc = include_str!("../../docs/pool.md")]
struct PoolGuide;
#[cfg(all(doctest, feature = "derive", feature = "chrono", feature = "rust_decimal"))]
#[cfg(all(feature = "engine", feature = "serde_json"))]
#[doc = include_str!("../../docs/values.md")]
struct ValuesGuide;
