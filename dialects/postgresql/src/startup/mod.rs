//! From addresses to a session: hosts in order, TLS, authentication, role of the server.

mod authentication;
mod connect;
mod session;

pub(crate) use connect::connect;
pub(crate) use session::{BackendKey, Session};

#[cfg(test)]
mod tests;
