//! From the scheme of a URL to a loaded dialect, in three phases that have a type each.
//!
//! 1. [`resolve`] finds the dialect: one that is [registered](register) in the program, or a file
//!    ([`Plan`]). Only file names and notes are read.
//! 2. [`verify`] checks the file without running any of it ([`Verified`]).
//! 3. [`load`] opens it, compares what it exports with what was verified, and initialises it
//!    ([`Plugin`]). A file is loaded once in a process and never unloaded.
//!
//! [`loaded_dialect`] does all three, and tells on standard error what it did when the environment
//! variable `ALUDEL_PLUGIN_TRACE` is `1`. A [`Policy`] says what a file has to fulfil;
//! `ALUDEL_PLUGIN_POLICY` can only tighten it.
//!
//! Tools that tell about plugins have the same answers without the third phase, so that no code of a
//! plugin runs: [`which`](which()), [`Note`], [`inventory`](inventory()), [`diagnose`].
//! [`install`](install()) puts a file into its place.
//!
//! A plugin is one file, `libaludel_<name>.so` on Linux, and says in an ELF note who it is: see
//! [`export_dialect!`](crate::export_dialect). Where it is looked for, first match wins:
//!
//! | level | places |
//! |---|---|
//! | static | registered in the program |
//! | api | [`Search::path`] |
//! | env | `ALUDEL_PLUGIN_PATH` |
//! | app | beside the program: cargo's `deps` and the program's directory when it lies in cargo's output, `../lib/aludel`, `plugins` |
//! | user | `${XDG_DATA_HOME:-~/.local/share}/aludel/plugins` |
//! | system | `/usr/local/lib/aludel`, `/usr/lib/<multiarch>/aludel`, `/usr/lib/aludel` |
//!
//! Neither the working directory nor the loader path of the system is searched, nor the network.
//! In a program that runs with more rights than its user, the levels env and user are left out.
//!
//! A scheme is matched with names and declared aliases level by level, then with a built-in table
//! of the names that SQLAlchemy's users write. Two files that claim one scheme at one level are an
//! error, and a file that claims the scheme and fails a check ends the search: a broken driver is
//! not silently replaced by another.
//!
//! In cargo's `deps` a file name may carry cargo's hash, and earlier builds leave files of the same
//! name behind. Of those, the one that the running program depends on is taken, as cargo's own
//! fingerprints tell; where they tell nothing, a file whose note fits this program comes before
//! others, and then the one that was modified last. With cargo's `build.build-dir`, `deps` lies
//! elsewhere than the program, which then finds only what `ALUDEL_PLUGIN_PATH` names; test programs
//! lie beside `deps` in any case.
//!
//! Every error is of [`ErrorKind::Plugin`](crate::ErrorKind::Plugin) and has a [`code`].

mod check;
mod claims;
pub mod code;
mod diagnosis;
mod error;
mod file;
mod find;
mod host_log;
mod install;
mod inventory;
mod load;
mod opening;
mod registry;
#[cfg(all(test, target_os = "linux"))]
mod sample;
mod trace;

pub use check::policy::Policy;
pub use check::verify::{Check, Verified, verify};
pub use claims::Shadow;
pub use diagnosis::{Diagnosis, diagnose};
pub use file::described::{Note, NoteLibrary, NoteOption};
pub use file::inspect::{Inspection, inspect_bytes};
pub use find::levels::Level;
pub use find::located::plan_of_file;
pub use find::resolve::{Plan, Rejection, Resolved, resolve};
pub use find::scheme::Scheme;
pub use find::search::{Environment, Search};
pub use find::which::{DeclaredBy, Searched, Which, which};
pub use install::{Destination, Installed, Replaced, install};
pub use inventory::{Ambiguity, Inventory, InventoryFile, InventoryPlace, PlaceState, inventory};
pub use load::Plugin;
pub use registry::{Found, Origin, load, loaded_dialect, register, registered};
