//! The conformance kit: what every dialect must do, as cases that run against any of them.
//!
//! A [`Target`] is a dialect, linked or loaded, and the URL of a database that the cases may use. A
//! [`Runner`] runs [`cases`] against it, through the host's side of the boundary as an engine does,
//! and gives a [`Run`], which prints itself as text, JSON or JUnit. What differs between databases
//! stands in [`Quirks`], as data; a dialect that has none of its own gets those that follow from
//! what it declares.
//!
//! ```
//! use aludel::Url;
//! use aludel_conformance::{Outcome, Runner, Selection, Target, report};
//!
//! # fn main() -> aludel::Result<()> {
//! # let directory = tempfile::tempdir().unwrap();
//! # let file = directory.path().join("kit.db");
//! let url = Url::parse(&format!("sqlite:///{}", file.display()))?;
//! let target = Target::new(aludel_dialect_sqlite::dialect().into(), url);
//! let run = Runner::new(target).run(&Selection::matching("handshake/a_connection_*"));
//! assert!(run.verdicts.iter().all(|verdict| verdict.outcome == Outcome::Pass));
//! assert!(report::text(&run).contains("handshake"));
//! # Ok(())
//! # }
//! ```
//!
//! # What the outcomes mean
//! | Outcome | Declared? | The case |
//! | --- | --- | --- |
//! | pass | yes | holds |
//! | partial | yes | holds for what the quirks say the database can represent, which is not all |
//! | fail | yes | does not hold |
//! | overclaim | yes | does not hold, because the dialect says that it does not have it |
//! | underclaim | no | holds all the same: declare it |
//! | unsupported | no | does not hold, or was not tried |
//! | unsupported | yes | cannot be made: the quirks do not know how, or the database lacks what it is about |
//!
//! A case that needs nothing declared is declared by every dialect. Those that could take for ever or
//! use up the memory of a dialect that does not declare what they need are not tried there
//! ([`Case::only_declared`]); nor are those that the host makes do for by itself.
//!
//! A dialect that declares nothing at all has nothing to pass: what works is underclaimed.

#![forbid(unsafe_code)]

pub mod case;
pub mod cases;
mod compare;
mod control;
mod csv;
mod expect;
mod flaw;
mod journal;
mod loads;
mod outcome;
pub mod quirks;
pub mod report;
mod results;
mod runner;
mod session;
pub mod show;
mod sql;
mod target;
mod trial;
mod unasked;

pub use aludel::dialect::Capability;
pub use case::{Case, Group, Rule};
pub use flaw::{Failure, Flaw, Step, ensure};
pub use loads::Piece;
pub use outcome::{Outcome, Run, Verdict};
pub use quirks::Quirks;
pub use runner::{Runner, Selection};
pub use session::{Answer, Prepared, Rows, Session, done, is_refusal, refused};
pub use target::Target;
pub use trial::{ROUNDS, Trial};

// The examples of the guide run with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/conformance.md")]
struct Guide;
