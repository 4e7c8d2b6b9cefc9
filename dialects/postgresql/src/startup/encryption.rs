//! Which ways to a server `sslmode` allows, in which order, and what TLS is to verify there.

use std::path::Path;

use aludel::{Error, Result};
use rustls::pki_types::ServerName;

use super::session::TlsTarget;
use crate::config::{Endpoint, SslConfig, SslMode, SslNegotiation};
use crate::net::{Peer, Roots};

/// One way to a server.
#[derive(Debug, Clone)]
pub(super) enum Way {
    Plain,
    /// With TLS; `or_plain` where a server without it is taken as it is.
    Tls {
        target: TlsTarget,
        or_plain: bool,
    },
}

/// The ways to try, in order: libpq's meaning of `sslmode`. Unix sockets never use TLS.
///
/// # Errors
/// When TLS may be used and cannot be set up.
pub(super) fn ways(ssl: &SslConfig, endpoint: &Endpoint, peer: &Peer) -> Result<Vec<Way>> {
    if matches!(peer, Peer::Unix(_)) || ssl.mode == SslMode::Disable {
        return Ok(vec![Way::Plain]);
    }
    let target = target(ssl, endpoint, peer)?;
    let tls = |or_plain| Way::Tls { target, or_plain };
    Ok(match ssl.mode {
        SslMode::Allow => vec![Way::Plain, tls(false)],
        SslMode::Prefer => vec![tls(true), Way::Plain],
        _ => vec![tls(false)],
    })
}

fn target(ssl: &SslConfig, endpoint: &Endpoint, peer: &Peer) -> Result<TlsTarget> {
    let mut settings = ssl.settings.clone();
    if let Roots::File(path) = &settings.roots
        && !path.exists()
    {
        if ssl.mode >= SslMode::VerifyCa {
            return Err(no_roots(path));
        }
        // As libpq: what does not have to be verified is not.
        tracing::debug!(path = %path.display(), "no root certificates, nothing is verified");
        settings.roots = Roots::Any;
    }
    let direct = ssl.negotiation == SslNegotiation::Direct;
    let name = server_name(endpoint, peer, settings.verify_name)?;
    Ok(TlsTarget { config: settings.client_config()?, name, direct })
}

#[cold]
fn no_roots(path: &Path) -> Error {
    Error::operational(format!("the root certificate file {} does not exist", path.display()))
        .with_help(
            "name the file of the server's authority by sslrootcert, take the system's by \
             sslrootcert=system, or do without verification by sslmode=require",
        )
}

/// The name that the certificate is to be for. One that cannot stand in a certificate does no harm
/// where none is verified.
fn server_name(endpoint: &Endpoint, peer: &Peer, verify: bool) -> Result<ServerName<'static>> {
    let host = match endpoint {
        Endpoint::Tcp { host, .. } => host.as_str(),
        Endpoint::Unix { .. } => "",
    };
    // A name with a dot at its end is the same name, which certificates write without.
    let host = host.strip_suffix('.').unwrap_or(host);
    match (ServerName::try_from(host.to_owned()), peer) {
        (Ok(name), _) => Ok(name),
        (Err(_), Peer::Tcp(address)) if !verify => Ok(ServerName::from(address.ip())),
        (Err(error), _) => {
            Err(Error::operational(format!("{host:?} is no name that a certificate can have"))
                .with_help("write the host as its certificate has it, and its address as hostaddr")
                .with_source(error))
        }
    }
}

/// The error of a server without TLS where only TLS would do.
#[cold]
pub(super) fn no_tls(place: &str) -> Error {
    Error::operational(format!("{place} does not support TLS, which sslmode demands"))
        .with_sqlstate("08001")
        .with_help("set ssl = on in its postgresql.conf, or connect without by sslmode=prefer")
        .disconnected()
}
