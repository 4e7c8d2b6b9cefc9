//! What TLS is to do, and the configuration of rustls that is made of it once and shared.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use aludel::{Error, Result};
use rustls::client::WebPkiServerVerifier;
use rustls::crypto::{CryptoProvider, ring};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, InconsistentKeys, RootCertStore, SupportedProtocolVersion};

use super::files;
use super::verifier::{Chain, Verifier};

/// What TLS is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TlsSettings {
    /// Whose certificates are believed.
    pub(crate) roots: Roots,
    /// Whether the certificate must be that of the host; only with roots.
    pub(crate) verify_name: bool,
    /// The client's own certificate and its key.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
    /// Files of revocation lists.
    pub(crate) revocation_lists: Vec<PathBuf>,
    /// Whether the host's name is told before encryption begins.
    pub(crate) server_name: bool,
    /// Versions 1.2 and 1.3: whether each may be spoken.
    pub(crate) versions: (bool, bool),
}

/// Whose certificates are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Roots {
    /// Anybody's.
    Any,
    /// Those of this file, or signed by one of them.
    File(PathBuf),
    /// Those signed by whom the system trusts.
    System,
}

/// Settings with the state of their files, and what was made of them.
type Entry = (TlsSettings, Vec<Option<(SystemTime, u64)>>, Arc<ClientConfig>);

/// Engines rarely differ in their settings; more are made anew each time.
const REMEMBERED: usize = 16;

static MADE: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

impl TlsSettings {
    /// The configuration for these settings: made once, and again when a file has changed.
    ///
    /// # Errors
    /// `Operational` when a file cannot be read or does not hold what it should.
    pub(crate) fn client_config(&self) -> Result<Arc<ClientConfig>> {
        let state: Vec<_> = self.files().map(stamp).collect();
        let lock = || MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = lock()
            .iter()
            .find(|(settings, seen, _)| settings == self && *seen == state)
            .map(|(.., config)| config.clone());
        if let Some(config) = known {
            return Ok(config);
        }
        // Files are read outside the lock: other connections do not wait for a slow disk.
        let config = Arc::new(self.make()?);
        let mut made = lock();
        made.retain(|(settings, ..)| settings != self);
        if made.len() == REMEMBERED {
            made.remove(0);
        }
        made.push((self.clone(), state, config.clone()));
        Ok(config)
    }

    fn files(&self) -> impl Iterator<Item = &Path> {
        let root = match &self.roots {
            Roots::File(path) => Some(path),
            Roots::Any | Roots::System => None,
        };
        let identity = self.identity.iter().flat_map(|(certificate, key)| [certificate, key]);
        root.into_iter().chain(identity).chain(&self.revocation_lists).map(PathBuf::as_path)
    }

    fn make(&self) -> Result<ClientConfig> {
        let provider = Arc::new(ring::default_provider());
        let verifier = Verifier {
            chain: self.chain(&provider)?,
            name: self.verify_name,
            algorithms: provider.signature_verification_algorithms,
        };
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&self.protocol_versions())
            .map_err(|error| unusable(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match &self.identity {
            None => builder.with_no_client_auth(),
            Some((certificate, key)) => {
                builder.with_client_cert_resolver(Arc::new(identity(&provider, certificate, key)?))
            }
        };
        config.alpn_protocols = vec![b"postgresql".to_vec()];
        config.enable_sni = self.server_name;
        Ok(config)
    }

    fn chain(&self, provider: &Arc<CryptoProvider>) -> Result<Option<Chain>> {
        let (roots, trusted) = match &self.roots {
            Roots::Any => return Ok(None),
            Roots::System => (system_roots()?, Vec::new()),
            Roots::File(path) => {
                let trusted = files::certificates(path, "root certificate")?;
                let mut roots = RootCertStore::empty();
                roots.add_parsable_certificates(trusted.iter().cloned());
                (roots, trusted)
            }
        };
        let mut lists = Vec::new();
        for path in &self.revocation_lists {
            lists.extend(files::revocation_lists(path)?);
        }
        let mut builder =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        if !lists.is_empty() {
            builder = builder.with_crls(lists).enforce_revocation_expiration();
        }
        let verifier = builder.build().map_err(|error| {
            unusable(&error).with_help("of revocation lists, those of version 2 are read")
        })?;
        Ok(Some(Chain { verifier, trusted }))
    }

    fn protocol_versions(&self) -> Vec<&'static SupportedProtocolVersion> {
        let two = self.versions.0.then_some(&rustls::version::TLS12);
        let three = self.versions.1.then_some(&rustls::version::TLS13);
        two.into_iter().chain(three).collect()
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

fn system_roots() -> Result<RootCertStore> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let mut error = Error::operational("this system has no certificate authorities that it trusts")
        .with_help("install them (Debian: `ca-certificates`), or name a file by `sslrootcert`");
    for cause in found.errors {
        error = error.with_note("cause", cause.to_string());
    }
    Err(error)
}

fn unusable(error: &dyn std::error::Error) -> Error {
    Error::operational(format!("TLS cannot be set up: {error}"))
}

/// The client's certificate with its key. Whether the two belong together is not known of
/// certificates that rustls does not read (version 1); the server finds out.
fn identity(provider: &CryptoProvider, certificate: &Path, key: &Path) -> Result<SingleCertAndKey> {
    let chain = files::certificates(certificate, "client certificate")?;
    let loaded = provider.key_provider.load_private_key(files::private_key(key)?);
    let key_pair = loaded.map_err(|error| not_a_pair(certificate, key, error))?;
    let identity = CertifiedKey::new(chain, key_pair);
    match identity.keys_match() {
        Err(error @ rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(not_a_pair(certificate, key, error))
        }
        _ => Ok(identity.into()),
    }
}

fn not_a_pair(certificate: &Path, key: &Path, error: rustls::Error) -> Error {
    Error::operational(format!(
        "the client certificate {} cannot be used with the key {}: {error}",
        certificate.display(),
        key.display()
    ))
    .with_source(error)
}
