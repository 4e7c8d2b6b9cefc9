//! Values as they travel between program and database, owned and borrowed.
//!
//! [`Value`] owns what it holds; [`ValueRef`] borrows it from a row. [`FromValue`] turns a
//! `ValueRef` into a Rust type and refuses whatever would lose information; [`ToValue`] goes the
//! other way. Dates and times are calendar values of their own ([`Date`], [`Time`], [`Timestamp`],
//! [`TimestampTz`], [`Interval`]) because databases hold more than any one calendar crate does.

#[cfg(feature = "bigdecimal")]
mod bigdecimal;
mod borrowed;
mod calendar;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod civil;
mod composite;
mod conversion;
mod from_value;
#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "serde_json")]
mod json;
mod nanos;
mod non_zero;
mod owned;
mod parameters;
mod pointer;
#[cfg(feature = "rust_decimal")]
mod rust_decimal;
mod scalar;
mod sequence;
mod shown;
mod std_time;
mod temporal;
mod temporal_text;
mod text_like;
#[cfg(feature = "time")]
mod time;
mod to_value;
#[cfg(feature = "uuid")]
mod uuid;

#[doc(hidden)] // for the functions of derive macros
pub use crate::abi::cell::CellRef;
pub use crate::abi::scratch::Scratch;
pub use borrowed::ValueRef;
pub use composite::{Array, ArrayRef, CompositeRef, Dimension};
pub use conversion::ConversionError;
pub use from_value::FromValue;
#[cfg(feature = "serde_json")]
pub use json::Json;
pub use owned::Value;
pub use parameters::{ParameterSet, Parameters};
#[cfg(feature = "engine")] // hosts execute
pub(crate) use parameters::{write_positional, write_sets};
pub use scalar::{Decimal, Uuid};
pub use shown::Shown;
pub use temporal::{Date, Interval, Time, Timestamp, TimestampTz};
pub use to_value::ToValue;
