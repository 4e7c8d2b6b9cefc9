//! What an engine tells of its work: the lines of the echo, and events of `tracing`.
//!
//! Both come from the same places. A line is printed when the echo is on and no subscriber of the
//! program takes its event, so that nobody reads it twice.

mod event;
#[cfg_attr(not(feature = "metrics"), path = "unmetered.rs")]
mod meter;
mod metering;
mod rows;
mod settings;
mod statement;
mod tag;
mod time;
mod transactions;
mod voice;

pub(in crate::engine) use meter::is_on as is_metered;
pub(crate) use rows::RowWatch;
pub(in crate::engine) use settings::Reporting;
pub(crate) use statement::{Ended, Watch, Watched};
pub(crate) use tag::Origin;
