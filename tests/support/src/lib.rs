//! Fault injectors for tests: a TCP proxy, a scripted server, a clock and a counting allocator.
//!
//! - [`proxy`]: stands between a client and a real server and delays, stalls, splits, corrupts or
//!   cuts what passes, while it counts and records.
//! - [`server`]: a server that follows a script and says where a client left it.
//! - [`clock`]: time that moves when the test says so, and knows who sleeps.
//! - [`allocations`]: an allocator that counts, by thread and by process.
//! - [`busy`]: loops on every core, beside which a test has to hold.
//!
//! Nothing here sleeps and hopes. What a test waits for is awaited on a condition variable or on a
//! socket, up to [`PATIENCE`]; a wait that takes longer panics and says what did not come. Proxy
//! and server end with the value that stands for them: no thread and no socket outlives it. Both
//! read counters of the kernel and exist on Linux alone, as do the tests against real servers.
#![deny(unsafe_code)]

pub mod allocations;
pub mod busy;
pub mod clock;
#[cfg(target_os = "linux")]
mod net;
mod patience;
#[cfg(target_os = "linux")]
pub mod proxy;
#[cfg(target_os = "linux")]
pub mod server;

pub use patience::PATIENCE;
