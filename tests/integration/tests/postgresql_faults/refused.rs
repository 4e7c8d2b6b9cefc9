//! Connections that do not come about: the whole message of each, and how long it takes.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use aludel_test_support::proxy::Unanswered;
use aludel_test_support::server::{FakeServer, Script};

use crate::engines::{engine, server, with};

/// What asks for TLS.
const SSL_REQUEST: &[u8] = b"\0\0\0\x08\x04\xd2\x16\x2f";

/// Several times the timeout of a connect.
const SOON: Duration = Duration::from_secs(20);

/// The message of the error and what it says to do; it comes in time and hides the password.
fn refusal(url: &str, password: &str) -> (String, String) {
    let engine = engine(&with(url, "connect_timeout=1"));
    let begin = Instant::now();
    let error = engine.connect().err().unwrap_or_else(|| panic!("{url} opens a session"));
    assert!(begin.elapsed() < SOON, "{:?}: {error}", begin.elapsed());
    assert!(error.is_disconnect(), "{error}");
    for text in [format!("{error} {error:#}"), format!("{error:?}"), format!("{engine:?}")] {
        assert!(!text.contains(password), "{text}");
    }
    (error.message().to_owned(), error.help().unwrap_or_default().to_owned())
}

fn assert_refused(url: &str, password: &str, message: &str, help: &str) {
    assert_eq!(refusal(url, password), (message.to_owned(), help.to_owned()));
}

#[test]
fn what_the_server_refuses_is_told_in_its_words_with_the_next_step() {
    let Some(vars) = server("pg") else { return };
    let (url, password) = (&vars["ALUDEL_PG_URL"], &vars["ALUDEL_PG_PASSWORD"]);
    let (user, database) = (&vars["ALUDEL_PG_USER"], &vars["ALUDEL_PG_DATABASE"]);
    let check = "check user name and password; a password can stand in the URL, in PGPASSWORD or \
                 in ~/.pgpass";
    let message = |user| format!("password authentication failed for user \"{user}\"");
    let wrong = url.replace(password, "mistyped");
    assert_refused(&wrong, "mistyped", &message(user), check);
    let nobody = url.replace(&format!("//{user}:"), "//nobody:");
    assert_refused(&nobody, password, &message("nobody"), check);
    let unknown = format!("{}/nowhere", url.strip_suffix(&format!("/{database}")).unwrap());
    let message = "database \"nowhere\" does not exist";
    let check = "check the name after the last `/` of the URL, or create the database";
    assert_refused(&unknown, password, message, check);
}

#[test]
fn a_host_that_is_down_silent_or_not_there_is_named_with_what_to_check() {
    let url = |place| format!("postgresql://anna:hidden@{place}/shop");
    let check = "nothing answered within the time; check the host, firewalls between, and \
                 connect_timeout";
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let unanswered = Unanswered::new().unwrap();
    let place = listener.local_addr().unwrap();
    for place in [place, unanswered.address()] {
        let message = format!("no connection to PostgreSQL at {place}: timed out");
        assert_refused(&url(place), "hidden", &message, check);
    }
    drop(listener);
    let message =
        format!("no connection to PostgreSQL at {place}: Connection refused (os error 111)");
    let check = "check that the server runs and listens on this address and port \
                 (listen_addresses)";
    assert_refused(&url(place), "hidden", &message, check);
    let message = "no connection to PostgreSQL at /nowhere/.s.PGSQL.5432: No such file or \
                   directory (os error 2)";
    let check = "check that the server runs and has its socket in this directory \
                 (unix_socket_directories), or name a host";
    assert_refused("postgresql://anna:hidden@/shop?host=/nowhere", "hidden", message, check);
}

#[test]
fn tls_that_is_refused_or_not_trusted_is_told_with_the_next_step() {
    let plain = FakeServer::play([Script::new().expect(SSL_REQUEST).send(b"N")]).unwrap();
    let place = plain.address();
    let url = format!("postgresql://anna:hidden@{place}/shop?sslmode=require");
    let message = format!("{place} does not support TLS, which sslmode demands");
    let check = "set ssl = on in its postgresql.conf, or connect without by sslmode=prefer";
    assert_refused(&url, "hidden", &message, check);
    plain.finish().unwrap();
    let Some(vars) = server("pg") else { return };
    let (url, password) = (&vars["ALUDEL_PG_URL"], &vars["ALUDEL_PG_PASSWORD"]);
    let (host, port) = (&vars["ALUDEL_PG_HOST"], &vars["ALUDEL_PG_PORT"]);
    let verified = |url: &str, authority: &str| {
        with(url, &format!("sslmode=verify-full&sslrootcert={}", &vars[authority]))
    };
    let stranger = verified(url, "ALUDEL_STRANGER_CA");
    let message = format!(
        "no TLS with {host}:{port}: its certificate is not signed by an authority that is trusted \
         here"
    );
    let check = "check the file of sslrootcert, and that it is the right server";
    assert_refused(&stranger, password, &message, check);
    let renamed = url.replace(&format!("@{host}:"), "@db.example.org:");
    let renamed = with(&verified(&renamed, "ALUDEL_PG_CA"), &format!("hostaddr={host}"));
    let message =
        format!("no TLS with db.example.org:{port} ({host}): its certificate is for another name");
    let check = "connect by a name that the certificate has, or check the authority alone by \
                 sslmode=verify-ca";
    assert_refused(&renamed, password, &message, check);
}

#[test]
fn a_port_that_is_not_postgresqls_is_told_by_the_name_of_what_answers_there() {
    let check = "check host and port of the URL";
    let mysql = "use a URL that begins with mysql://, or check the port";
    let strangers: [(&[u8], &str, &str); 5] = [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n",
            "the server is not PostgreSQL but a web server (HTTP)",
            check,
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the server is not PostgreSQL but an SSH server", check),
        (
            b"220 mail ESMTP\r\n",
            "the server is not PostgreSQL but a mail or file server (SMTP, FTP)",
            check,
        ),
        (
            b"\x4a\0\0\0\n8.0.36\0\x08\0\0\0abcdefgh\0",
            "the server is not PostgreSQL but MySQL or MariaDB",
            mysql,
        ),
        (
            b"\0\0\0\0\0\0\0\0",
            "the server does not speak PostgreSQL's protocol: its answer begins with \
             \\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00",
            check,
        ),
    ];
    for (answer, message, help) in strangers {
        for mode in ["disable", "require"] {
            let script = Script::new().expect_count(8).send(answer).close();
            let server = FakeServer::play_always(script).unwrap();
            let place = server.address();
            let url = format!("postgresql://anna:hidden@{place}/shop?sslmode={mode}");
            assert_refused(&url, "hidden", message, help);
        }
    }
}
