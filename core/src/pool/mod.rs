//! The connection pool: strictly fair, one atomic step out and one back, SQLAlchemy's semantics.
//!
//! A pool needs no engine and no database: it keeps whatever a [`Manager`] opens.
//!
//! - **Fair**: checkouts are served in the order in which they came. A connection that comes back is
//!   handed to the first who waits; nobody can take it in between.
//! - **Fast**: an idle connection is taken with one compare-and-swap and returned with one. No clock
//!   is read, nothing is allocated, no shared counter is touched.
//! - **Sure**: whatever ends without a connection (a failed connect, a panic, a closed connection, a
//!   caller that gives up) hands its place to the next who waits.

mod alarms;
mod breaker;
mod builder;
mod call;
mod checkin;
mod checkout;
mod connecting;
mod core;
mod detached;
mod fillers;
mod filling;
mod first_connect;
mod fork;
mod gate;
mod guard;
mod handle;
mod handover;
mod histogram;
mod holder;
mod info;
mod jitter;
mod jobs;
mod lines;
mod listener;
mod manager;
mod moment;
mod panicked;
mod per_process;
mod pinging;
mod place;
mod record;
mod refusal;
#[cfg(feature = "metrics")]
mod sampled;
pub mod settings;
mod shown;
mod singleton_thread;
mod stats;
mod status;
mod sync;
mod task;
mod telling;
mod thread_number;
mod timed;
mod timer;
mod upkeep;
mod workers;

pub use builder::PoolBuilder;
pub use guard::PooledConnection;
pub use handle::Pool;
pub use histogram::Timing;
pub use holder::Holder;
pub use info::Info;
pub use listener::{ConnectionRecord, PoolListener};
pub use manager::Manager;
#[cfg(feature = "metrics")]
pub(crate) use sampled::{Sampled, sampled};
pub use settings::{PoolClass, PoolConfig, PoolSettings, ResetOnReturn};
pub use stats::Counters;
pub use status::{Outage, PoolSnapshot};
pub use task::Connecting;
pub(crate) use telling::{CheckoutTimes, is_checkout_taken};
pub use timed::PoolTimings;
