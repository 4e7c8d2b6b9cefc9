//! Certificates, keys and revocation lists from files, as OpenSSL's tools write them.

use std::fs;
use std::io;
use std::path::Path;

use aludel::{Error, Result};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use zeroize::Zeroizing;

/// All certificates of a PEM file.
pub(super) fn certificates(path: &Path, what: &str) -> Result<Vec<CertificateDer<'static>>> {
    let text = read(path, what)?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| malformed(path, what).with_source(error))?;
    if found.is_empty() { Err(malformed(path, what)) } else { Ok(found) }
}

/// All revocation lists of a PEM file.
pub(super) fn revocation_lists(path: &Path) -> Result<Vec<CertificateRevocationListDer<'static>>> {
    let what = "certificate revocation list";
    let text = read(path, what)?;
    CertificateRevocationListDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| malformed(path, what).with_source(error))
}

/// The private key of a file, PEM or DER, that nobody else can read.
pub(super) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let what = "private key";
    refuse_shared(path)?;
    let bytes = Zeroizing::new(read(path, what)?);
    if let Ok(text) = str::from_utf8(&bytes)
        && text.contains("ENCRYPTED")
    {
        return Err(Error::not_supported(format!(
            "the private key {} is encrypted, which is not supported",
            path.display()
        ))
        .with_help(
            "decrypt it with `openssl pkey -in <key> -out <new key>`, and keep it private",
        ));
    }
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(error) => PrivateKeyDer::try_from(bytes.to_vec())
            .map_err(|_| malformed(path, what).with_source(error)),
    }
}

/// A key that others can read is none: libpq's rule.
#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt;

    let meta = fs::metadata(path).map_err(|error| unreadable(path, "private key", error))?;
    // What belongs to root may be readable by a group of services.
    let forbidden = if meta.uid() == 0 { 0o037 } else { 0o077 };
    if !meta.is_file() || meta.mode() & forbidden == 0 {
        return Ok(());
    }
    Err(Error::operational(format!("others can read the private key {}", path.display()))
        .with_help(format!("`chmod 600 {}`", path.display())))
}

#[cfg(not(unix))]
fn refuse_shared(_path: &Path) -> Result<()> {
    Ok(())
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, what, error))
}

fn unreadable(path: &Path, what: &str, error: io::Error) -> Error {
    Error::operational(format!("cannot read the {what} {}: {error}", path.display()))
        .with_source(error)
}

fn malformed(path: &Path, what: &str) -> Error {
    Error::operational(format!("{} holds no {what} that can be read", path.display()))
        .with_help("PEM is expected: text with lines that begin with `-----BEGIN`")
}
