//! Values as they travel between program and database, owned and borrowed.
//!
//! [`Value`] owns what it holds; [`ValueRef`] borrows it from a row. [`FromValue`] turns a
//! `ValueRef` into a Rust type and refuses whatever would lose information; [`ToValue`] goes the
//! other way. Dates and times are calendar values of their own ([`Date`], [`Time`], [`Timestamp`],
//! [`TimestampTz`], [`Interval`]) because databases hold more than any one calendar crate does.

mod borrowed;
mod calendar;
mod composite;
mod conversion;
mod from_value;
mod owned;
mod pointer;
mod scalar;
mod sequence;
mod temporal;
mod temporal_text;
mod to_value;

pub use crate::abi::scratch::Scratch;
pub use borrowed::ValueRef;
pub use composite::{Array, ArrayRef, CompositeRef, Dimension};
pub use conversion::ConversionError;
pub use from_value::FromValue;
pub use owned::Value;
pub use scalar::{Decimal, Uuid};
pub use temporal::{Date, Interval, Time, Timestamp, TimestampTz};
pub use to_value::ToValue;
