//! Messages of the protocol, version 3: framing, errors, notices, and what goes out.

mod body;
mod failure;
mod fields;
mod inbox;
mod pace;

pub(crate) use body::Body;
pub(crate) use failure::WireError;
pub(crate) use fields::ErrorFields;
pub(crate) use inbox::{Inbox, Lent, Message};
