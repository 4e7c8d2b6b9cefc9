//! Private database servers for tests and benches: where they are, and servers of a test's own.
//!
//! The servers are started by the program `xtask`, and this is what that program and the tests have
//! in common: the *front*, which holds servers, and the words in which it talks to the *keeper*, the
//! process that owns them. `docs/services.md` has the user's view.
//!
//! Everything here is Unix's.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod around;
pub mod kind;
pub mod protocol;
pub mod report;
mod server;
mod services;
pub mod vars;

pub use around::{provided, ran};
pub use kind::{Kind, Profile};
pub use server::Server;
pub use services::{Services, reports_of};
pub use vars::Vars;
