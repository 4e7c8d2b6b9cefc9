//! Certificates of every kind, made by OpenSSL, before a server of the test's own.
//!
//! Verification, channel binding, client certificates, passwords inside TLS, and users whom the
//! operating system vouches for.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use aludel_test_services::{Kind, Profile, Services, Vars};

use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::{Session, connect};

/// A server whose certificate and rules for clients the test changes.
struct Server {
    services: Services,
    data: PathBuf,
}

impl Server {
    /// `None` where servers cannot be had.
    fn start() -> Option<Self> {
        let test = std::thread::current().name().unwrap_or("certificates").to_owned();
        let services = Services::own(&test, &[Kind::Pg], Profile::Fast)?;
        let data = services.vars().get("ALUDEL_PG_DATA").unwrap().into();
        Some(Server { services, data })
    }

    fn vars(&self) -> &Vars {
        self.services.vars()
    }

    /// Files of the server's user, which OpenSSL makes by these commands; `#` is the folder.
    fn make(&self, commands: &[&str]) {
        for command in commands {
            let command = command.replace('#', self.data.to_str().unwrap());
            let mut words = command.split(' ');
            let output = Command::new(words.next().unwrap())
                .args(words.map(|word| word.replace('~', " ")))
                .env("OPENSSL_CONF", "/dev/null")
                .output()
                .unwrap();
            assert!(output.status.success(), "{command}: {output:?}");
        }
        let owner = fs::metadata(&self.data).unwrap();
        for entry in fs::read_dir(&self.data).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|kind| kind == "key" || kind == "crt") {
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
                chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
            }
        }
    }

    /// Sets what the server reads anew: settings, and the rules of pg_hba.conf before its own.
    fn configure(&self, settings: &str, rules: &str) {
        let append = |file: &str, text: &str, before: bool| {
            let path = self.data.join(file);
            let old = fs::read_to_string(&path).unwrap();
            let text = if before { format!("{text}\n{old}") } else { format!("{old}\n{text}\n") };
            fs::write(&path, text).unwrap();
        };
        append("postgresql.conf", settings, false);
        append("pg_hba.conf", rules, true);
        let loaded = self.psql("select pg_conf_load_time() from pg_reload_conf()");
        for _ in 0..600 {
            // The postmaster takes its signal when it comes to it.
            if self.psql("select pg_conf_load_time()") > loaded {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the server never read its configuration: {loaded}");
    }

    fn psql(&self, sql: &str) -> String {
        let vars = self.vars();
        let output = Command::new(Path::new(vars.get("ALUDEL_SERVICES_BIN").unwrap()).join("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", "postgres", "-h"])
            .arg(Path::new(vars.get("ALUDEL_PG_SOCKET").unwrap()).parent().unwrap())
            .args(["-p", vars.get("ALUDEL_PG_PORT").unwrap(), "-c", sql])
            .env("PGPASSWORD", vars.get("ALUDEL_PG_ADMIN_PASSWORD").unwrap())
            .output()
            .unwrap();
        assert!(output.status.success(), "{sql}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Connects as the user, by this name for the server.
    fn open(&self, user: &str, name: &str, options: &str) -> aludel::Result<Session> {
        let vars = self.vars();
        let url = format!(
            "postgresql://{user}:{}@{name}:{}/{}?hostaddr=127.0.0.1&{options}",
            vars.get("ALUDEL_PG_PASSWORD").unwrap(),
            vars.get("ALUDEL_PG_PORT").unwrap(),
            vars.get("ALUDEL_PG_DATABASE").unwrap(),
        );
        connect(&config(&url), Deadline::NEVER)
    }
}

const RSA: &str = "-newkey rsa:2048";
const AUTHORITY: &str = "-subj /CN=authority -days 2 -nodes -keyout #/ca.key -out #/ca.crt \
                         -addext basicConstraints=critical,CA:TRUE -addext subjectKeyIdentifier=hash";
const SELF_SIGNED: &str =
    "-subj /CN=db.example.org -days 2 -nodes -keyout #/one.key -out #/one.crt";

/// Whether a session whose SCRAM must be bound comes about with a certificate of this kind.
fn binds(server: &Server, key: &str) -> aludel::Result<()> {
    server.make(&[&format!("openssl req -x509 {key} {SELF_SIGNED}")]);
    server.configure("ssl_cert_file = 'one.crt'\nssl_key_file = 'one.key'", "");
    let session =
        server.open("aludel", "db.example.org", "channel_binding=require&sslmode=require")?;
    session.close();
    Ok(())
}

#[test]
fn scram_is_bound_to_certificates_of_every_signature_that_has_a_hash() {
    let Some(server) = Server::start() else { return };
    for key in [
        "-newkey rsa:2048 -sha256",
        "-newkey rsa:2048 -sha1",
        "-newkey rsa:3072 -sha384",
        "-newkey rsa:2048 -sha512",
        "-newkey rsa:2048 -sha384 -sigopt rsa_padding_mode:pss",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384",
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha512",
    ] {
        if let Err(error) = binds(&server, key) {
            panic!("{key}: {error}");
        }
    }
    let error = binds(&server, "-newkey ed25519").unwrap_err();
    assert!(error.message().contains("Ed25519"), "{error}");
    // Where it is only preferred there is a session, as with any certificate.
    for options in ["channel_binding=prefer", "channel_binding=disable"] {
        let options = format!("{options}&sslmode=require");
        let session = server.open("aludel", "db.example.org", &options).unwrap();
        assert!(session.stream.is_encrypted() && session.stream.tls_server_end_point().is_none());
        session.close();
    }
}

#[test]
fn certificates_as_people_make_them_are_verified_as_libpq_does() {
    let Some(server) = Server::start() else { return };
    let dir = server.data.display().to_string();
    server.make(&[
        // The manual's: signed by itself, with no name but the common one.
        &format!("openssl req -x509 {RSA} {SELF_SIGNED}"),
        // The manual's other: an authority, and a certificate of version 1 that it signed.
        &format!("openssl req -x509 {RSA} {AUTHORITY}"),
        &format!("openssl req -new {RSA} -subj /CN=db.example.org -nodes -keyout #/old.key -out #/old.csr"),
        "openssl x509 -req -in #/old.csr -days 2 -CA #/ca.crt -CAkey #/ca.key -CAcreateserial -out #/old.crt",
    ]);
    server.configure("ssl_cert_file = 'one.crt'\nssl_key_file = 'one.key'", "");
    let own = format!("sslmode=verify-full&sslrootcert={dir}/one.crt");
    server.open("aludel", "db.example.org", &own).unwrap().close();
    let error = server.open("aludel", "other.example.org", &own).unwrap_err();
    assert!(error.message().contains("is for another name"), "{error}");
    let authority = "-addext basicConstraints=critical,CA:TRUE";
    server.make(&[&format!("openssl req -x509 {RSA} {authority} {SELF_SIGNED}")]);
    server.configure("", "");
    server.open("aludel", "db.example.org", &own).unwrap().close();
    let error = server.open("aludel", "other.example.org", &own).unwrap_err();
    assert!(error.message().contains("is for another name"), "{error}");

    server.configure("ssl_cert_file = 'old.crt'\nssl_key_file = 'old.key'", "");
    server
        .open("aludel", "db.example.org", "sslmode=require&channel_binding=require")
        .unwrap()
        .close();
    let error = server
        .open("aludel", "db.example.org", &format!("sslmode=verify-ca&sslrootcert={dir}/ca.crt"))
        .unwrap_err();
    assert!(error.message().contains("X.509 version 1"), "{error}");
    let trusted = format!("sslmode=verify-full&sslrootcert={dir}/old.crt");
    server.open("aludel", "db.example.org", &trusted).unwrap().close();
}

#[test]
fn a_certificate_that_is_over_or_revoked_is_refused() {
    let Some(server) = Server::start() else { return };
    let dir = server.data.display().to_string();
    fs::write(
        server.data.join("ext"),
        "basicConstraints=CA:FALSE\nsubjectAltName=DNS:db.example.org\n",
    )
    .unwrap();
    fs::write(server.data.join("index"), "").unwrap();
    fs::write(server.data.join("number"), "01\n").unwrap();
    fs::write(
        server.data.join("ca.cnf"),
        format!(
            "[ca]\ndefault_ca=own\n[own]\ndatabase={dir}/index\ndefault_md=sha256\n\
             default_crl_days=2\ncrlnumber={dir}/number\ncrl_extensions=list\n\
             new_certs_dir={dir}\nrand_serial=yes\nunique_subject=no\npolicy=any\n\
             [any]\ncommonName=supplied\n[list]\nauthorityKeyIdentifier=keyid\n"
        ),
    )
    .unwrap();
    server.make(&[
        &format!("openssl req -x509 {RSA} {AUTHORITY}"),
        &format!("openssl req -new {RSA} -subj /CN=db.example.org -nodes -keyout #/good.key -out #/good.csr"),
        "openssl x509 -req -in #/good.csr -days 2 -CA #/ca.crt -CAkey #/ca.key -CAcreateserial -extfile #/ext -out #/good.crt",
        "openssl ca -config #/ca.cnf -batch -notext -keyfile #/ca.key -cert #/ca.crt -in #/good.csr -startdate 20200101000000Z -enddate 20200201000000Z -extfile #/ext -out #/over.crt",
        "openssl ca -config #/ca.cnf -keyfile #/ca.key -cert #/ca.crt -gencrl -out #/none.crl",
        "openssl ca -config #/ca.cnf -keyfile #/ca.key -cert #/ca.crt -revoke #/good.crt",
        "openssl ca -config #/ca.cnf -keyfile #/ca.key -cert #/ca.crt -gencrl -out #/good.crl",
    ]);
    let verified = format!("sslmode=verify-full&sslrootcert={dir}/ca.crt");
    server.configure("ssl_cert_file = 'good.crt'\nssl_key_file = 'good.key'", "");
    server.open("aludel", "db.example.org", &verified).unwrap().close();
    let unrevoked = format!("{verified}&sslcrl={dir}/none.crl");
    server.open("aludel", "db.example.org", &unrevoked).unwrap().close();
    let revoked = format!("{verified}&sslcrl={dir}/good.crl");
    let error = server.open("aludel", "db.example.org", &revoked).unwrap_err();
    assert!(error.message().contains("is revoked"), "{error}");

    server.configure("ssl_cert_file = 'over.crt'", "");
    let error = server.open("aludel", "db.example.org", &verified).unwrap_err();
    assert!(error.message().contains("has expired"), "{error}");
    assert!(error.help().unwrap().contains("renew"), "{error}");
}

#[test]
fn client_certificates_and_passwords_of_every_method_open_sessions() {
    let Some(server) = Server::start() else { return };
    let dir = server.data.display().to_string();
    server.make(&[
        "openssl req -x509 -newkey rsa:2048 -subj /CN=clients -days 2 -nodes -keyout #/ca.key -out #/ca.crt",
        "openssl req -new -newkey rsa:2048 -subj /CN=certified -nodes -keyout #/client.key -out #/client.csr",
        "openssl x509 -req -in #/client.csr -days 2 -CA #/ca.crt -CAkey #/ca.key -CAcreateserial -out #/client.crt",
        "openssl rsa -in #/client.key -aes128 -passout pass:x -out #/locked.key",
        "openssl rsa -in #/client.key -outform DER -out #/der.key",
        "cp #/client.key #/shared.pem",
    ]);
    let password = server.vars().get("ALUDEL_PG_PASSWORD").unwrap();
    server.psql(&format!(
        "set password_encryption = 'md5'; create role hashed login password '{password}'; \
         set password_encryption = 'scram-sha-256'; create role clear login password '{password}'; \
         create role certified login; create role trusted login; create role nobody login"
    ));
    server.configure(
        "ssl_ca_file = 'ca.crt'",
        "hostssl all certified all cert\nhost all hashed all md5\nhost all clear all password\n\
         host all trusted all trust\nhost all nobody all reject\nhostnossl all aludel all reject",
    );
    let open = |user: &str, options: &str| server.open(user, "localhost", options);
    fs::set_permissions(format!("{dir}/shared.pem"), fs::Permissions::from_mode(0o644)).unwrap();

    let with = |key: &str| format!("sslmode=require&sslcert={dir}/client.crt&sslkey={dir}/{key}");
    open("certified", &with("client.key")).unwrap().close();
    open("certified", &with("der.key")).unwrap().close();
    open("certified", &(with("client.key") + "&require_auth=none")).unwrap().close();
    let error = open("certified", "sslmode=require").unwrap_err();
    assert_eq!(error.sqlstate(), Some("28000"), "{error}");
    let error = open("certified", &with("locked.key")).unwrap_err();
    assert!(error.help().unwrap().contains("openssl pkey"), "{error}");
    let error = open("certified", &with("shared.pem")).unwrap_err();
    assert!(error.help().unwrap().contains("chmod 600"), "{error}");

    let stranger = "openssl req -x509 -newkey rsa:2048 -subj /CN=certified -days 2 -nodes \
                    -keyout #/stranger.key -out #/stranger.crt";
    server.make(&[stranger]);
    let options = format!("sslmode=require&sslcert={dir}/stranger.crt&sslkey={dir}/stranger.key");
    let error = open("certified", &options).unwrap_err();
    assert!(error.help().unwrap().contains("sslcert"), "{error}");

    open("hashed", "sslmode=disable&require_auth=md5").unwrap().close();
    open("clear", "sslmode=require&require_auth=password").unwrap().close();
    let error = open("clear", "sslmode=disable").unwrap_err();
    assert!(error.message().contains("in clear text"), "{error}");
    open("trusted", "sslmode=disable&require_auth=none").unwrap().close();

    // The server takes this user with TLS alone, which `allow` finds out.
    assert!(open("aludel", "sslmode=allow").unwrap().stream.is_encrypted());
    let error = open("aludel", "sslmode=disable").unwrap_err();
    assert!(error.help().unwrap().contains("sslmode"), "{error}");
    let error = open("nobody", "sslmode=prefer").unwrap_err();
    assert_eq!(error.sqlstate(), Some("28000"));
    assert!(error.notes().any(|(label, _)| label == "with TLS"), "{error}");
}

#[test]
fn the_user_of_the_operating_system_opens_sessions_over_the_socket() {
    let Some(server) = Server::start() else { return };
    let asked = Command::new("id").arg("-un").output().unwrap();
    let user = String::from_utf8(asked.stdout).unwrap();
    let users = server.data.join("pg_ident.conf");
    fs::write(&users, format!("m \"{}\" mapped\nm nobody_else unmapped\n", user.trim())).unwrap();
    server.psql("create role mapped login; create role unmapped login");
    server.configure("", "local all mapped,unmapped peer map=m");
    let socket = Path::new(server.vars().get("ALUDEL_PG_SOCKET").unwrap());
    let open = |role: &str, options: &str| {
        let (folder, vars) = (socket.parent().unwrap().display(), server.vars());
        let port = vars.get("ALUDEL_PG_PORT").unwrap();
        let database = vars.get("ALUDEL_PG_DATABASE").unwrap();
        let url = format!("postgresql://{role}@/{database}?host={folder}&port={port}&{options}");
        connect(&config(&url), Deadline::NEVER)
    };
    // The server asks for nothing, since the kernel has told it who connects.
    for options in ["", "require_auth=none", "sslmode=require"] {
        let session = open("mapped", options).unwrap_or_else(|error| panic!("{options}: {error}"));
        assert!(!session.stream.is_encrypted());
        session.close();
    }
    let error = open("mapped", "require_auth=scram-sha-256").unwrap_err();
    assert!(error.message().contains("without authentication"), "{error}");
    for options in ["", "require_auth=none"] {
        let error = open("unmapped", options).unwrap_err();
        assert_eq!(error.sqlstate(), Some("28000"), "{error}");
        assert!(error.message().contains("unmapped"), "{error}");
        assert!(error.help().unwrap().contains("pg_hba.conf"), "{error}");
    }
}
