//! What an engine tells of its work: the lines of the echo, and events of `tracing`.
//!
//! Both come from the same places. The event goes first; a line is printed when the echo is on and no
//! subscriber of the program has read the [message](crate::echo::Message) of the event, so that
//! nobody reads it twice. A statement is told of by a [`Statement`], from before it is sent until its
//! last row; everything else by a [`Voice`](voice::Voice).

mod beginning;
mod ending;
mod event;
#[cfg_attr(not(feature = "metrics"), path = "unmetered.rs")]
mod meter;
mod metering;
mod row;
mod sent;
mod settings;
mod spent;
mod statement;
mod tag;
mod time;
mod told;
mod transactions;
mod voice;
mod watched;

pub(in crate::engine) use meter::is_on as is_metered;
pub(crate) use sent::{Cut, Sent};
pub(in crate::engine) use settings::Reporting;
pub(crate) use statement::{Brought, Statement};
pub(crate) use tag::TextOrigin;
pub(crate) use told::Told;
