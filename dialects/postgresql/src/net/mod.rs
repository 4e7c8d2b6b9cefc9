//! Bytes to and from a server: sockets, TLS, deadlines.

mod deadline;
mod poll;
mod socket;
mod stream;
mod tls;

pub(crate) use deadline::Deadline;
pub(crate) use poll::Ready;
pub(crate) use stream::{Peer, Stream};
pub(crate) use tls::{Roots, TlsSettings};
