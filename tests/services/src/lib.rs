//! Private database servers for tests and benches: where they are, and servers of a test's own.
//!
//! The servers are started by the program `xtask`, and this is what that program and the tests have
//! in common: the *front*, which holds servers, and the words in which it talks to the *keeper*, the
//! process that owns them. `docs/services.md` has the user's view.
//!
//! The servers are Unix's; that a test ran is noted everywhere.
#![forbid(unsafe_code)]

#[cfg(unix)]
mod around;
pub mod kind;
mod ledger;
pub mod protocol;
pub mod report;
#[cfg(unix)]
mod server;
#[cfg(unix)]
mod services;
#[cfg(unix)]
pub mod vars;

#[cfg(unix)]
pub use around::{provided, translated};
pub use kind::{Kind, Profile};
pub use ledger::{RAN, ran, this_ran};
#[cfg(unix)]
pub use server::Server;
#[cfg(unix)]
pub use services::{Services, reports_of};
#[cfg(unix)]
pub use vars::Vars;
