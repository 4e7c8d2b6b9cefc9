//! Why a TLS handshake failed, in words that lead on.

use std::io;

use aludel::Error;
use rustls::{AlertDescription as Alert, CertificateError as Bad, Error as Tls};

use super::failure::{Failure, Then};
use crate::error;

/// The failure of a handshake with `place`.
#[cold]
pub(super) fn failure(place: &str, error: io::Error) -> Failure {
    let Some(tls) = inner(&error) else {
        let then = match error.kind() {
            io::ErrorKind::TimedOut => Then::NextServer,
            _ => Then::OtherWay,
        };
        return Failure::new(error::unreachable(place, error), then);
    };
    let (what, help) = explain(tls);
    let failed = Error::operational(format!("no TLS with {place}: {what}"))
        .with_sqlstate("08001")
        .with_help(help);
    Failure::new(failed.with_source(error).disconnected(), Then::OtherWay)
}

/// True when it is TLS that failed, and not the connection below it.
pub(super) fn is_tls(error: &io::Error) -> bool {
    inner(error).is_some()
}

fn inner(error: &io::Error) -> Option<&Tls> {
    error.get_ref().and_then(|inner| inner.downcast_ref())
}

/// What happened, and what to do.
fn explain(tls: &Tls) -> (String, &'static str) {
    match tls {
        Tls::InvalidCertificate(Bad::UnknownIssuer) => (
            "its certificate is not signed by an authority that is trusted here".to_owned(),
            "check the file of sslrootcert, and that it is the right server",
        ),
        Tls::InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => (
            "its certificate is for another name".to_owned(),
            "connect by a name that the certificate has, or check the authority alone by \
             sslmode=verify-ca",
        ),
        Tls::InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            ("its certificate has expired".to_owned(), "renew it, or set the clock of this machine")
        }
        Tls::InvalidCertificate(Bad::NotValidYet | Bad::NotValidYetContext { .. }) => {
            ("its certificate is not valid yet".to_owned(), "set the clock of this machine")
        }
        Tls::InvalidCertificate(Bad::Revoked) => {
            ("its certificate is revoked".to_owned(), "give the server a new one")
        }
        Tls::InvalidCertificate(_) => {
            (tls.to_string(), "check the server's certificate and sslrootcert")
        }
        Tls::AlertReceived(Alert::ProtocolVersion) | Tls::PeerIncompatible(_) => (
            tls.to_string(),
            "client and server have no version or cipher of TLS in common; versions 1.2 and 1.3 \
             are spoken here",
        ),
        Tls::AlertReceived(
            Alert::UnknownCA
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::CertificateRevoked,
        ) => {
            (tls.to_string(), "the server does not take our certificate; check sslcert and sslkey")
        }
        Tls::AlertReceived(_) => (tls.to_string(), "the server refused; its log tells why"),
        _ => (tls.to_string(), "check that it is PostgreSQL that listens there"),
    }
}
