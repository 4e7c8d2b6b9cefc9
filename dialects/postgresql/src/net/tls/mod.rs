//! TLS by rustls: settings as libpq's, verification, and records over a socket.

mod certificate;
mod files;
mod session;
mod settings;
mod verifier;

pub(super) use session::TlsSession;
pub(crate) use settings::{Roots, TlsSettings};
