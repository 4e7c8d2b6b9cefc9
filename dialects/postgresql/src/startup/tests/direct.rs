//! TLS from the first byte, with a server of rustls that speaks it as PostgreSQL 17 does.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::scripts::welcome;
use super::servers::provided;
use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::connect;

/// A certificate for `localhost`, made where private servers can be.
fn certificate(dir: &Path) -> Option<(CertificateDer<'static>, PrivateKeyDer<'static>)> {
    provided("pg")?;
    let output = Command::new("openssl")
        .args(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=localhost".split(' '),
        )
        .args("-addext subjectAltName=DNS:localhost -days 2 -nodes".split(' '))
        .args(["-keyout", "key", "-out", "crt"])
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let certificate = CertificateDer::from_pem_file(dir.join("crt")).unwrap();
    Some((certificate, PrivateKeyDer::from_pem_file(dir.join("key")).unwrap()))
}

/// Serves one client, and says by which name and protocol it came, if TLS came about at all.
fn serve(
    certificate: (CertificateDer<'static>, PrivateKeyDer<'static>),
    protocols: &[&str],
) -> (SocketAddr, JoinHandle<Option<(String, bool)>>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.0], certificate.1)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (socket, _) = listener.accept().unwrap();
        let tls = ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = StreamOwned::new(tls, socket);
        let mut packet = [0; 1024];
        let greeted = stream.read(&mut packet).is_ok_and(|count| count > 8);
        if greeted {
            stream.write_all(&welcome()).unwrap();
        }
        let name = stream.conn.server_name().map(str::to_owned);
        Some((name?, greeted && stream.conn.alpn_protocol() == Some(b"postgresql")))
    });
    (address, server)
}

#[test]
fn tls_may_begin_at_once_when_both_sides_agree_to_postgresql() {
    let dir = tempfile::tempdir().unwrap();
    let Some(certificate) = certificate(dir.path()) else { return };
    let (address, server) = serve(certificate, &["postgresql"]);
    let root = dir.path().join("crt");
    let url = format!(
        "postgresql://anna@localhost:{}/shop?hostaddr=127.0.0.1&sslnegotiation=direct\
         &sslmode=verify-full&sslrootcert={}",
        address.port(),
        root.display()
    );
    let session = connect(&config(&url), Deadline::NEVER).unwrap();
    assert!(session.stream.is_encrypted());
    assert_eq!(server.join().unwrap(), Some(("localhost".to_owned(), true)));
}

#[test]
fn a_server_that_takes_tls_at_once_without_a_word_of_postgresql_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let Some(certificate) = certificate(dir.path()) else { return };
    let (address, server) = serve(certificate, &[]);
    let url = format!(
        "postgresql://anna:secret@localhost:{}/shop?hostaddr=127.0.0.1&sslnegotiation=direct\
         &sslmode=require&sslsni=0",
        address.port()
    );
    let error = connect(&config(&url), Deadline::NEVER).unwrap_err();
    assert!(error.message().contains("ALPN"), "{error}");
    assert_eq!(server.join().unwrap(), None, "no name was told");
}

#[test]
fn a_server_that_does_not_know_it_is_named() {
    let Some(vars) = provided("pg") else { return };
    let options = "sslnegotiation=direct&sslmode=require";
    let config = super::servers::of(&vars, "ALUDEL_PG_URL", options);
    let session = connect(&config, Deadline::NEVER);
    match session {
        // PostgreSQL 17 and later.
        Ok(session) => {
            let version = &session.parameters["server_version"];
            let major: u32 = version[..2].parse().unwrap();
            assert!(major >= 17, "{version}");
        }
        Err(error) => assert!(error.help().is_some(), "{error}"),
    }
}
