//! An authority of one start, and the certificate that it gives to the servers.

use super::fetch::missing;
use super::home::Home;
use super::program;
use super::report::Why;
use std::fs;
use std::path::PathBuf;

/// The certificates of one start.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    /// Whom a client must trust.
    pub(crate) authority: PathBuf,
    /// Another authority, which signed nothing here.
    pub(crate) stranger: PathBuf,
    /// For localhost and 127.0.0.1.
    pub(crate) certificate: PathBuf,
    /// Readable by the servers' user alone.
    pub(crate) key: PathBuf,
}

/// What replaces the host's configuration of OpenSSL.
const CONFIG: &str = "\
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
subjectAltName = DNS:localhost,IP:127.0.0.1
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

impl Tls {
    /// Makes an authority and a certificate, valid for thirty days.
    pub(crate) fn make(home: &Home) -> Result<Self, Why> {
        let openssl =
            program::find("openssl", "openssl").ok_or_else(|| missing("openssl", "openssl"))?;
        let dir = home.folder("tls", 0o755)?;
        let config = dir.join("openssl.cnf");
        home.write(&config, CONFIG, 0o644)?;
        let run = |line: &str| {
            let mut command = home.command(&openssl, "KILL");
            command.args(line.split(' ')).env("OPENSSL_CONF", &config).current_dir(&dir);
            home.finish(&mut command, "")
        };
        for name in ["ca", "stranger", "server"] {
            home.write(&dir.join(format!("{name}.key")), "", 0o600)?;
            run(&format!("ecparam -name prime256v1 -genkey -noout -out {name}.key"))?;
        }
        for name in ["ca", "stranger"] {
            run(&format!(
                "req -x509 -new -key {name}.key -subj /CN=aludel-test-{name} -days 30 \
                 -extensions authority -out {name}.crt"
            ))?;
        }
        run("req -new -key server.key -subj /CN=localhost -out server.csr")?;
        run("x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 \
             -extfile openssl.cnf -extensions server -out server.crt")?;
        // Nothing more is signed, so nobody can pass for these servers later.
        for name in ["ca.key", "stranger.key"] {
            fs::remove_file(dir.join(name)).map_err(|error| error.to_string())?;
        }
        let file = |name: &str| dir.join(name);
        Ok(Self {
            authority: file("ca.crt"),
            stranger: file("stranger.crt"),
            certificate: file("server.crt"),
            key: file("server.key"),
        })
    }
}
