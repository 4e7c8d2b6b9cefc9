//! Cancels of what a session is doing.

use std::time::{Duration, Instant};

use aludel_test_support::server::Script;

use super::scripts::{answers, key, play, ready, request};
use super::servers::{at, of, provided};
use crate::net::Deadline;
use crate::startup::{Session, cancel, connect};
use crate::wire::{ErrorFields, Message};

const ENOUGH: Duration = Duration::from_secs(20);

/// Runs a statement; its SQLSTATE when it fails.
fn run(session: &mut Session, sql: &str) -> Option<String> {
    let mut out = bytes::BytesMut::new();
    postgres_protocol::message::frontend::query(sql, &mut out).unwrap();
    let deadline = Deadline::after(ENOUGH);
    session.stream.write_all(&[&out], deadline).unwrap();
    let mut failed = None;
    loop {
        let Message { tag, body } = session.inbox.receive(&mut session.stream, deadline).unwrap();
        match tag {
            b'E' => failed = Some(ErrorFields::parse(body).code),
            b'Z' => return failed,
            _ => {}
        }
    }
}

#[test]
fn a_cancel_ends_the_statement_and_never_the_next_one_whatever_carries_it() {
    let Some(vars) = provided("pg") else { return };
    for (variable, options) in [
        ("ALUDEL_PG_URL", "sslmode=disable"),
        ("ALUDEL_PG_TLS_URL", ""),
        ("ALUDEL_PG_SOCKET_URL", ""),
    ] {
        let mut session = connect(&of(&vars, variable, options), Deadline::NEVER).unwrap();
        for _ in 0..20 {
            let backend = session.backend.clone();
            let canceller = std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(5));
                cancel(&backend, Deadline::after(ENOUGH))
            });
            let ended = run(&mut session, "select pg_sleep(20)");
            canceller.join().unwrap().unwrap();
            assert_eq!(ended.as_deref(), Some("57014"), "{variable}");
            assert_eq!(run(&mut session, "select pg_sleep(0.001)"), None, "{variable}");
        }
        session.close();
    }
}

#[test]
fn a_cancel_that_comes_too_late_has_passed_when_it_returns() {
    let Some(vars) = provided("pg") else { return };
    let mut session = connect(&of(&vars, "ALUDEL_PG_URL", ""), Deadline::NEVER).unwrap();
    for _ in 0..50 {
        cancel(&session.backend, Deadline::after(ENOUGH)).unwrap();
        assert_eq!(run(&mut session, "select 1"), None);
    }
    session.close();
}

#[test]
fn a_cancel_waits_for_the_end_until_its_deadline_and_sends_the_whole_key() {
    let begin = [request(0, b""), key(&[9; 32]), ready()].concat();
    let request = [&b"\0\0\0\x2c\x04\xd2\x16\x2e\0\0\0\x2a"[..], &[9; 32]].concat();
    let server = aludel_test_support::server::FakeServer::play([
        answers(begin),
        Script::new().expect(&request).expect_end(),
        Script::new().expect(&request).close(),
    ])
    .unwrap();
    let session = connect(&at(server.address(), "sslmode=disable"), Deadline::NEVER).unwrap();
    let started = Instant::now();
    let time = Duration::from_millis(100);
    let failure = cancel(&session.backend, Deadline::after(time)).unwrap_err();
    let error = failure.error;
    assert!(started.elapsed() >= time && error.message().contains("timed out"), "{error}");
    assert!(failure.is_under_way, "the server may still act on it");
    cancel(&session.backend, Deadline::after(ENOUGH)).unwrap();
    drop(session);
    server.finish().unwrap();
}

#[test]
fn a_session_without_a_key_has_nothing_to_cancel() {
    let server = play(answers([request(0, b""), ready()].concat()));
    let session = connect(&at(server.address(), "sslmode=disable"), Deadline::NEVER).unwrap();
    cancel(&session.backend, Deadline::after(ENOUGH)).unwrap();
    drop(session);
    server.finish().unwrap();
}
