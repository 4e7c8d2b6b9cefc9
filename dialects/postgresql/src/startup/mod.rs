//! From addresses to a session: hosts in order, TLS, authentication, role of the server.

mod addresses;
mod attempt;
mod authentication;
mod cancel;
mod connect;
mod encryption;
mod failure;
mod handshake;
mod negotiation;
mod role;
mod scram;
mod session;
mod stranger;
mod tls_failure;

pub(crate) use cancel::cancel;
pub(crate) use connect::connect;
pub(crate) use session::{BackendKey, Session};

#[cfg(test)]
mod tests;
