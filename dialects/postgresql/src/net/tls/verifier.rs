//! Whether a server is believed to be the one that was meant, as libpq's `sslmode` says it.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::certificate::{Certificate, DNS_NAME, IP_ADDRESS};

/// Checks what the settings ask for, and in every case that the server has the key of its
/// certificate, without which binding the channel would mean nothing.
#[derive(Debug)]
pub(super) struct Verifier {
    /// `None`: any certificate will do.
    pub(super) chain: Option<Chain>,
    /// Whether the certificate must be that of the host.
    pub(super) name: bool,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
}

const VERSION_ONE: &str = "the server's certificate is of X.509 version 1, which says neither what \
                           it may be used for nor for which hosts, and cannot be verified";

/// Whom to believe.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) verifier: Arc<WebPkiServerVerifier>,
    /// Certificates of the root file, each believed as it is: OpenSSL takes a server's own
    /// certificate as its authority, as the manual of PostgreSQL makes them.
    pub(super) trusted: Vec<CertificateDer<'static>>,
}

impl Chain {
    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        if self.trusted.contains(certificate) {
            let read = Certificate::read(certificate).ok_or(CertificateError::BadEncoding)?;
            let valid = read.is_valid_at(std::time::Duration::from_secs(now.as_secs()));
            return if valid { Ok(()) } else { Err(CertificateError::Expired.into()) };
        }
        match self.verifier.verify_server_cert(certificate, intermediates, name, &[], now) {
            // The name is looked at after the chain, and by whoever asks for it.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(()),
            Err(_) if Certificate::read(certificate).is_some_and(|read| read.is_version_one) => {
                Err(Error::General(VERSION_ONE.into()))
            }
            result => result.map(drop),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if let Some(chain) = &self.chain {
            chain.verify(certificate, intermediates, name, now)?;
        }
        if self.name {
            verify_name(certificate, name)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
            .or_else(|error| self.verify_by_key(message, certificate, signed, error))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
            .or_else(|error| self.verify_by_key(message, certificate, signed, error))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl Verifier {
    /// Verifies with the key alone what rustls does not read: certificates of X.509's version 1,
    /// which `openssl x509 -req` has made for decades.
    fn verify_by_key(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
        error: Error,
    ) -> Result<HandshakeSignatureValid, Error> {
        let Some(read) = Certificate::read(certificate).filter(|read| read.is_version_one) else {
            return Err(error);
        };
        let (algorithm, key) = read.key();
        let mapping = self.algorithms.mapping.iter().filter(|(scheme, _)| *scheme == signed.scheme);
        let verified = mapping
            .flat_map(|(_, candidates)| candidates.iter())
            .filter(|candidate| candidate.public_key_alg_id().as_ref() == algorithm)
            .any(|candidate| candidate.verify_signature(key, message, signed.signature()).is_ok());
        match verified {
            true => Ok(HandshakeSignatureValid::assertion()),
            false => Err(CertificateError::BadSignature.into()),
        }
    }
}

/// As libpq: alternative names, and the common name where there is none of the host's kind.
fn verify_name(certificate: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
    let refused = match rustls::server::ParsedCertificate::try_from(certificate)
        .and_then(|parsed| rustls::client::verify_server_name(&parsed, name))
    {
        Ok(()) => return Ok(()),
        Err(error) => error,
    };
    let Some(read) = Certificate::read(certificate) else { return Err(refused) };
    let refused = match read.is_version_one {
        true => CertificateError::NotValidForName.into(),
        false => refused,
    };
    let (kind, host) = match name {
        ServerName::DnsName(host) => (DNS_NAME, host.as_ref().to_owned()),
        ServerName::IpAddress(address) => {
            (IP_ADDRESS, std::net::IpAddr::from(*address).to_string())
        }
        _ => return Err(refused),
    };
    match read.common_name() {
        Some(common) if !read.has_alternative_name(kind) && covers(common, &host) => Ok(()),
        _ => Err(refused),
    }
}

/// Whether a common name is the host's, with `*` for its first label.
fn covers(common: &str, host: &str) -> bool {
    if common.eq_ignore_ascii_case(host) {
        return true;
    }
    let Some(domain) = common.strip_prefix("*.") else { return false };
    host.parse::<std::net::IpAddr>().is_err()
        && host
            .split_once('.')
            .is_some_and(|(first, rest)| !first.is_empty() && rest.eq_ignore_ascii_case(domain))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_label_of_a_name_and_for_nothing_in_an_address() {
        assert!(covers("db.example.com", "DB.example.COM"));
        assert!(covers("*.example.com", "db.example.com"));
        for (common, host) in [
            ("*.example.com", "a.db.example.com"),
            ("*.example.com", "example.com"),
            ("*.0.0.1", "127.0.0.1"),
            ("db.example.com", "db.example.com.evil"),
        ] {
            assert!(!covers(common, host), "{common} {host}");
        }
    }
}
