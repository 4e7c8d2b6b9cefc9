//! What listens is not PostgreSQL, or does not behave as it.

use std::time::Duration;

use aludel_test_support::server::{Body, FakeServer, Script};

use super::scripts::{SSL_REQUEST, answers, error, key, play, ready, request, startup, welcome};
use super::servers::at;
use crate::net::Deadline;
use crate::startup::connect;

/// The error of connecting to a server that plays this, and of nothing else.
fn refusal(script: Script, options: &str) -> aludel::Error {
    let server = play(script);
    let deadline = Deadline::after(Duration::from_secs(20));
    let error = connect(&at(server.address(), options), deadline).expect_err("it is no server");
    server.finish().unwrap();
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(error.is_disconnect() && error.help().is_some(), "{error:?}");
    error
}

#[test]
fn servers_of_another_kind_are_called_by_name_whether_asked_for_tls_or_not() {
    for (greeting, name) in [
        (&b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"[..], "HTTP"),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH"),
        (b"\x15\x03\x03\0\x02\x02\x16", "TLS"),
        (b"J\0\0\0\x0a5.5.5-10.11.19-MariaDB\0", "MariaDB"),
        (b"220 mail.example.org ESMTP\r\n", "SMTP"),
        (b"\0\0\0\0\0\0\0\0", "does not speak PostgreSQL's protocol"),
        (b"?", "begins with ?"),
    ] {
        let plain = refusal(answers(greeting).half_close(), "sslmode=disable");
        assert!(plain.message().contains(name), "{plain}");
        assert_eq!(plain.sqlstate(), Some("08P01"));
        let asked = Script::new().expect(SSL_REQUEST).send(greeting).half_close();
        let asked = refusal(asked, "sslmode=require");
        assert!(asked.message().contains(name), "{asked}");
    }
}

#[test]
fn a_server_that_says_nothing_is_left_at_the_deadline_of_the_host() {
    let silent = Script::new().expect(SSL_REQUEST).expect_end();
    let error = refusal(silent, "connect_timeout=2");
    assert!(error.message().contains("timed out"), "{error}");
    let silent = startup().expect_end();
    let error = refusal(silent, "connect_timeout=2&sslmode=disable");
    assert!(error.message().contains("timed out"), "{error}");
}

#[test]
fn a_server_that_hangs_up_is_told_from_one_that_is_not_there() {
    for script in [startup().close(), answers(&request(3, b"")[..3]).close(), answers("R").close()]
    {
        let error = refusal(script, "sslmode=disable");
        assert!(error.message().contains("127.0.0.1:"), "{error}");
        assert_eq!(error.sqlstate(), Some("08001"), "{error}");
    }
}

#[test]
fn bytes_before_the_encrypted_ones_are_refused() {
    for answer in [&b"SR\0\0\0\x08\0\0\0\0"[..], b"NR\0\0\0\x08\0\0\0\0"] {
        let script = Script::new().expect(SSL_REQUEST).send(answer).expect_end();
        let error = refusal(script, "sslmode=prefer");
        assert!(error.message().contains("unencrypted bytes"), "{error}");
    }
}

#[test]
fn what_an_unknown_server_says_before_tls_is_not_shown() {
    let lie = error("28000", "send your password to evil.example");
    let script = Script::new().expect(SSL_REQUEST).send(lie).expect_end();
    let error = refusal(script, "sslmode=require");
    assert!(!format!("{error:?}{error}").contains("evil"), "{error}");
}

#[test]
fn a_server_without_tls_is_refused_when_it_is_required() {
    let script = Script::new().expect(SSL_REQUEST).send("N").expect_end();
    let error = refusal(script, "sslmode=require");
    assert!(error.message().ends_with("does not support TLS, which sslmode demands"), "{error}");
}

#[test]
fn a_server_without_tls_is_taken_as_it_is_when_tls_is_preferred() {
    let script = Script::new().expect(SSL_REQUEST).send("N").followed_by(&answers(welcome()));
    let server = play(script);
    let session = connect(&at(server.address(), "sslmode=prefer"), Deadline::NEVER).unwrap();
    assert_eq!((session.backend.pid, session.backend.secret.as_slice()), (42, &b"1234"[..]));
    assert!(session.backend.tls.is_none());
    drop(session);
    server.finish().unwrap();
}

#[test]
fn an_error_as_plain_text_is_shown() {
    let text = b"Ecould not fork new process for connection: Cannot allocate memory\n\0";
    let error = refusal(answers(text).close(), "sslmode=disable");
    assert_eq!(
        error.message(),
        "could not fork new process for connection: Cannot allocate memory"
    );
}

#[test]
fn lengths_that_cannot_be_are_refused_before_more_is_read() {
    for length in [i32::MIN, -1, 0, 3, 100 << 20] {
        let claiming = Body::new().be32(0).postgres_claiming(b'R', length);
        let error = refusal(answers(claiming).expect_end(), "sslmode=disable");
        assert_eq!(error.sqlstate(), Some("08P01"), "{error}");
        let later = [request(0, b""), Body::new().postgres_claiming(b'S', length)].concat();
        let error = refusal(answers(later).expect_end(), "sslmode=disable");
        assert_eq!(error.sqlstate(), Some("08P01"), "{error}");
    }
}

#[test]
fn messages_in_the_wrong_place_are_refused() {
    let long_key = [request(0, b""), key(&[7; 257]), ready()].concat();
    for wrong in [ready(), key(b"1234"), b"S\0\0\0\x08a\0b\0".to_vec(), long_key] {
        let error = refusal(answers(&wrong).expect_end(), "sslmode=disable");
        assert_eq!(error.sqlstate(), Some("08P01"), "{error}");
    }
    let cut = [request(0, b""), b"S\0\0\0\x06ab".to_vec()].concat();
    let error = refusal(answers(cut).expect_end(), "sslmode=disable");
    assert_eq!(error.sqlstate(), Some("08P01"), "{error}");
    let endless = [request(0, b""), error_free_notice().repeat(419_430)].concat();
    let error = refusal(answers(endless).expect_end(), "sslmode=disable");
    assert!(error.message().contains("does not end"), "{error}");
}

fn error_free_notice() -> Vec<u8> {
    Body::new().u8(b'M').cstr("so").u8(0).postgres(b'N')
}

#[test]
fn a_key_for_cancels_may_have_256_bytes_and_what_else_comes_is_kept() {
    let begin = [
        request(0, b""),
        key(&[7; 256]),
        Body::new().cstr("server_version").cstr("18.1").postgres(b'S'),
        error_free_notice(),
        ready(),
        b"N\0\0".to_vec(),
    ];
    let server = play(answers(begin.concat()));
    let config = at(server.address(), "sslmode=disable");
    let session = connect(&config, Deadline::NEVER).unwrap();
    assert_eq!(session.backend.secret, [7; 256]);
    assert_eq!(session.parameters["server_version"], "18.1");
    assert_eq!(session.notices[0].message, "so");
    assert!(session.inbox.unread().len() <= 3);
    drop(session);
    server.finish().unwrap();
}

#[test]
fn an_older_protocol_is_an_error_and_the_same_one_is_none() {
    let version = |minor: i32, options: &[&str]| {
        let body = Body::new().be32((3 << 16) | minor).be32(options.len() as i32);
        options.iter().fold(body, |body, option| body.cstr(option)).postgres(b'v')
    };
    let older = refusal(answers(version(-1, &[])).expect_end(), "sslmode=disable");
    assert!(older.message().contains("of the protocol"), "{older}");
    let option = refusal(answers(version(0, &["_pq_.x"])).expect_end(), "sslmode=disable");
    assert!(option.message().contains("_pq_.x"), "{option}");
    let same = [version(0, &[]), welcome()].concat();
    let server = FakeServer::play([answers(same)]).unwrap();
    connect(&at(server.address(), "sslmode=disable"), Deadline::NEVER).unwrap();
}
