//! What a URL, the environment and files say about a connection, in one checked value.
//!
//! The rules are libpq's: its parameters, its `PG*` variables, its password and service files, and
//! its order of precedence. SQLAlchemy's forms of several hosts are understood as well.
//!
//! A stranger's URL ([`is_untrusted`](aludel::dialect::ConnectArgs::is_untrusted)) is completed with
//! nothing that belongs to the user of the program: no variables, no password or service file, no
//! client certificate, not the user's name, and no Unix socket, through which a server would take
//! the program itself for the user.

mod environment;
mod hosts;
mod option_table;
mod password_file;
mod plan;
mod require_auth;
mod secret;
mod service_file;
mod settings;
mod sources;
mod ssl;
mod words;

pub(crate) use hosts::{Endpoint, Host};
pub(crate) use option_table::OPTIONS;
pub(crate) use plan::plan;
pub(crate) use require_auth::{AuthMethod, RequireAuth};
pub(crate) use secret::Secret;
pub(crate) use settings::{Config, Keepalives};
pub(crate) use ssl::SslConfig;
pub(crate) use words::{ChannelBinding, LoadBalance, SslMode, SslNegotiation, TargetSessionAttrs};
use words::{GssEncMode, SslCertMode, TlsVersion};

#[cfg(test)]
pub(crate) mod tests;
