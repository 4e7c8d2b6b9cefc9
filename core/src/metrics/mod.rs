//! What engines and pools count and time, told to a recorder of metrics.
//!
//! Recorders are those of the crate [`metrics`](https://docs.rs/metrics), such as exporters. Needs the
//! feature `metrics`.
//!
//! - [`start`], once the recorder is installed, tells it what there is, and begins to record statements,
//!   transactions and plugins as they happen.
//! - [`record_pools`], before each report or every few seconds, tells it how all pools of the process
//!   do. Nothing of a pool is recorded in between, so that checkouts cost what they cost without.
//!
//! ```
//! # aludel::register(aludel_dialect_sqlite::dialect())?;
//! // metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder()?;
//! aludel::metrics::start();
//! let engine = aludel::Engine::builder("sqlite://").pool_logging_name("shop").build()?;
//! engine.execute("select 1", ())?;
//!
//! aludel::metrics::record_pools(); // then let the recorder render
//! # Ok::<(), aludel::Error>(())
//! ```
//!
//! Names are OpenTelemetry's where it has one; docs/metrics.md lists all with their labels.

pub(crate) mod list;
mod pools;
mod recorder;
mod switch;

pub use pools::record_pools;
pub(crate) use recorder::{counter, histogram};
pub(crate) use switch::is_on;
pub use switch::start;
