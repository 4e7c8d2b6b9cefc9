//! Private database servers for tests and benches: found or fetched, started, and stopped again.
//!
//! Three processes take part. The *front* (`cargo xtask test`, `services up`, `services run`)
//! fetches what is missing and starts a *keeper*, which is this same program in a process group of
//! its own. The keeper makes the directory, starts the *servers* and waits. Its standard input is a
//! pipe that the front holds: when the front ends, however it ends, the pipe closes and the keeper
//! stops the servers and removes the directory. Every server asks the kernel for a signal when the
//! keeper dies, so a killed keeper leaves no server either. `docs/services.md` has the user's view.

mod cli;
mod family;
mod fetch;
mod front;
mod groups;
mod home;
mod keeper;
mod launch;
mod locale;
mod lock;
mod mariadb;
mod mysql;
mod odbc;
mod pgbouncer;
mod place;
mod postgres;
mod program;
mod random;
mod server;
mod standby;
mod state;
mod sweep;
mod tls;
mod virtuoso;

pub(crate) use cli::run;
pub(crate) use front::start;
pub(crate) use random::{PASSWORDS, hex};

// What the tests know too.
use aludel_test_services::{kind, protocol, report, vars};
