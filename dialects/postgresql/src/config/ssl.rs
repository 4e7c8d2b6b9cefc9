//! What TLS does: from the settings to files, roots and versions.

use std::path::{Path, PathBuf};

use aludel::{Error, Result};

use super::sources::Sources;
use super::{SslCertMode, SslMode, SslNegotiation, TlsVersion};
use crate::net::{Roots, TlsSettings};

/// Whether and how TLS is used. Unix sockets have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SslConfig {
    pub(crate) mode: SslMode,
    pub(crate) negotiation: SslNegotiation,
    pub(crate) settings: TlsSettings,
}

/// Where libpq looks for files that are not named.
const DIRECTORY: &str = ".postgresql";

impl SslConfig {
    /// `has_tcp` is false when all hosts are Unix sockets: then nothing that TLS would need has to
    /// be there.
    ///
    /// # Errors
    /// `Argument` for settings that contradict each other or cannot be met; `NotSupported` for what
    /// this dialect does not have.
    pub(super) fn new(sources: &Sources<'_>, has_tcp: bool) -> Result<Self> {
        refuse_unsupported(sources)?;
        let negotiation =
            sources.word("sslnegotiation", SslNegotiation::NAMES, SslNegotiation::from_name)?;
        let negotiation = negotiation.unwrap_or(SslNegotiation::Postgres);
        let is_system =
            sources.get("sslrootcert")?.is_some_and(|setting| setting.value == "system");
        let mode = mode(sources, negotiation, is_system)?;
        let roots = roots(sources, mode, is_system, has_tcp)?;
        let settings = TlsSettings {
            verify_name: mode == SslMode::VerifyFull,
            identity: identity(sources, mode, has_tcp)?,
            revocation_lists: match roots {
                Roots::File(_) => revocation_lists(sources)?,
                Roots::Any | Roots::System => Vec::new(),
            },
            server_name: sources.truth("sslsni")?.unwrap_or(true),
            versions: versions(sources)?,
            roots,
        };
        Ok(SslConfig { mode, negotiation, settings })
    }
}

fn refuse_unsupported(sources: &Sources<'_>) -> Result<()> {
    if let Some(setting) = sources.get("sslpassword")? {
        let message = format!("{setting} is for encrypted keys, which are not supported");
        return Err(Error::not_supported(message).with_help(
            "decrypt the key with `openssl pkey -in <key> -out <new key>`, and keep it private",
        ));
    }
    if let Some(setting) = sources.get("requirepeer")? {
        return Err(Error::not_supported(format!("{setting} is not supported"))
            .with_help("a directory that only the server's user can write protects the socket"));
    }
    sources.word("gssencmode", super::GssEncMode::NAMES, super::GssEncMode::from_name)?;
    Ok(())
}

fn mode(sources: &Sources<'_>, negotiation: SslNegotiation, is_system: bool) -> Result<SslMode> {
    let given = sources.get("sslmode")?;
    let mode = match given {
        Some(setting) => setting.word(SslMode::NAMES, SslMode::from_name)?,
        None if is_system => SslMode::VerifyFull,
        // libpq's old variable, which only the new one overrides.
        None if requires_ssl(sources)? => SslMode::Require,
        None => SslMode::Prefer,
    };
    if is_system && mode != SslMode::VerifyFull {
        return Err(Error::argument(format!(
            "sslmode={} is too weak for sslrootcert=system",
            mode
        ))
        .with_help(
            "anybody can have a certificate that the system trusts: write sslmode=verify-full",
        ));
    }
    if negotiation == SslNegotiation::Direct && mode < SslMode::Require {
        return Err(Error::argument(format!(
            "sslmode={} is too weak for sslnegotiation=direct",
            mode
        ))
        .with_help("write sslmode=require, verify-ca or verify-full"));
    }
    Ok(mode)
}

fn requires_ssl(sources: &Sources<'_>) -> Result<bool> {
    let Some(environment) = sources.environment() else { return Ok(false) };
    Ok(environment.variable("PGREQUIRESSL")?.is_some_and(|value| value.starts_with('1')))
}

fn roots(sources: &Sources<'_>, mode: SslMode, is_system: bool, has_tcp: bool) -> Result<Roots> {
    if is_system {
        return Ok(Roots::System);
    }
    if let Some(setting) = sources.get("sslrootcert")? {
        return Ok(Roots::File(setting.value.into()));
    }
    if let Some(path) = default_file(sources, "root.crt") {
        return Ok(Roots::File(path));
    }
    if has_tcp && matches!(mode, SslMode::VerifyCa | SslMode::VerifyFull) {
        return Err(Error::argument(format!(
            "sslmode={} needs root certificates, and there are none",
            mode
        ))
        .with_help(
            "name a file of the server's authority by sslrootcert=<file>, or trust whom the \
             system trusts by sslrootcert=system",
        ));
    }
    Ok(Roots::Any)
}

/// The client's certificate and its key.
fn identity(
    sources: &Sources<'_>,
    mode: SslMode,
    has_tcp: bool,
) -> Result<Option<(PathBuf, PathBuf)>> {
    let certificates = sources
        .read("sslcertmode", |setting| setting.word(SslCertMode::NAMES, SslCertMode::from_name))?;
    if certificates == Some(SslCertMode::Disable) || mode == SslMode::Disable || !has_tcp {
        return Ok(None);
    }
    let named = sources.get("sslcert")?.map(|setting| PathBuf::from(setting.value));
    let Some(certificate) = named.or_else(|| default_file(sources, "postgresql.crt")) else {
        return Ok(None);
    };
    let key = sources.get("sslkey")?.map(|setting| PathBuf::from(setting.value));
    let Some(key) = key.or_else(|| default_file(sources, "postgresql.key")) else {
        let message =
            format!("the client certificate {} has no key beside it", certificate.display());
        return Err(
            Error::argument(message).with_help("name the file of the private key by sslkey=<file>")
        );
    };
    Ok(Some((certificate, key)))
}

fn revocation_lists(sources: &Sources<'_>) -> Result<Vec<PathBuf>> {
    let directory = sources.get("sslcrldir")?;
    let mut files = match directory {
        Some(setting) => files_of(Path::new(setting.value))?,
        None => Vec::new(),
    };
    match sources.get("sslcrl")? {
        Some(setting) => files.push(setting.value.into()),
        None if directory.is_none() => files.extend(default_file(sources, "root.crl")),
        None => {}
    }
    Ok(files)
}

/// The plain files of a directory, in the order of their names.
fn files_of(directory: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |error: std::io::Error| {
        Error::argument(format!("directory {} cannot be read: {error}", directory.display()))
            .with_source(error)
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A file that is used when it is there; never for a stranger's URL.
fn default_file(sources: &Sources<'_>, name: &str) -> Option<PathBuf> {
    let path = sources.environment()?.in_home(DIRECTORY)?.join(name);
    path.exists().then_some(path)
}

/// Whether TLS 1.2 and 1.3 may be spoken. Older versions are not supported: they may be the lower
/// limit, and then nothing below 1.2 is spoken all the same.
fn versions(sources: &Sources<'_>) -> Result<(bool, bool)> {
    let limit =
        |name| sources.read(name, |setting| setting.word(TlsVersion::NAMES, TlsVersion::from_name));
    let lowest = limit("ssl_min_protocol_version")?.unwrap_or(TlsVersion::V12);
    let highest = limit("ssl_max_protocol_version")?.unwrap_or(TlsVersion::V13);
    let versions =
        (lowest <= TlsVersion::V12 && highest >= TlsVersion::V12, highest >= TlsVersion::V13);
    if versions == (false, false) || lowest > highest {
        return Err(Error::argument(format!(
            "no version of TLS is left from {} to {}",
            lowest, highest
        ))
        .with_help("TLSv1.2 and TLSv1.3 are supported"));
    }
    Ok(versions)
}
