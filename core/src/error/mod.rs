//! One error type for the whole crate: PEP 249's classes and ours behind an opaque, one-word value.
//!
//! An [`Error`] says what happened ([`Error::kind`]), how the database names it ([`Error::sqlstate`],
//! [`Error::native_code`]), which constraint refused a row ([`Error::constraint`]) and what can be
//! done about it ([`Error::help`]). Passwords never appear in it.

mod builder;
pub mod code;
mod constraint;
mod hiding;
mod kind;
mod panic_text;
mod value;

pub use constraint::{Constraint, ConstraintKind};
pub use kind::ErrorKind;
pub(crate) use panic_text::panic_text;
pub use value::Error;

/// The result of every fallible call of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
