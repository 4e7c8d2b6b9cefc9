//! Sockets as the proxy and the scripted server need them.

mod endpoint;
mod kernel;
mod port;
mod signal;
mod stream;
mod unread;

pub use endpoint::Endpoint;
pub(crate) use port::Port;
pub(crate) use signal::Signal;
pub(crate) use stream::Stream;
