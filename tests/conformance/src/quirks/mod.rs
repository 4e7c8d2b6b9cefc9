//! How databases do what not all of them do alike: data, from which the cases take their words.
//!
//! [`of`] chooses by the name of the dialect. A dialect without quirks of its own gets
//! [`generic`], which follows from what the dialect declares and from the SQL standard; a new
//! database needs a file here, and no new case.

mod choose;
mod data;
mod generic;
mod kind;
mod postgresql;
mod rare;
mod samples;
mod sqlite;

pub use choose::of;
pub use data::{Quirks, Setting, Told, UpdateCount, Words};
pub use generic::generic;
pub use kind::{Back, Kind, Sample};
pub use postgresql::postgresql;
pub use rare::{Bulk, Deferrable, Notices, Notifications, Procedures, Results};
pub use sqlite::sqlite;

pub use crate::target::Nowhere;
