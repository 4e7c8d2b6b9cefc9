//! Messages of the protocol, version 3: framing, errors, notices, and what goes out.

mod inbox;

pub(crate) use inbox::Inbox;
