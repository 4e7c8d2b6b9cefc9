//! What a dialect is: its data, its SQL rules, and how it connects.
//!
//! [`Dialect::INFO`] is the only source of what a plugin says about itself: the note inside its
//! file, the view of the host, and the documentation of its URL options are all made from it.

mod args;
mod capability;
mod info;
pub(crate) mod json;
pub mod option_key;
pub mod option_value;
mod rules;
mod traits;

pub use args::{ConnectArgs, ConnectPlan};
#[cfg(feature = "engine")]
pub(crate) use args::{malformed, parse_bool};
pub use capability::Capability;
pub use info::{
    DialectInfo, NativeLibrary, OptionClass, OptionInfo, OptionType, Threading, TypeName,
};
pub use rules::{EmptyIn, IdentifierCase, ParamStyle, SqlRules};
pub use traits::Dialect;
