//! Bytes in both directions at once, more than any buffer between holds.

use std::time::{Duration, Instant};

use aludel_test_support::proxy::Proxy;

use super::servers::{of, provided};
use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::{Session, connect};

/// Statements whose answers are as long as they are, and how many.
const STATEMENT: usize = 1 << 20;
const COUNT: usize = 24;

fn statements() -> Vec<u8> {
    let mut out = bytes::BytesMut::new();
    for _ in 0..COUNT {
        let sql = format!("select '{}'", "x".repeat(STATEMENT));
        postgres_protocol::message::frontend::query(&sql, &mut out).unwrap();
    }
    out.to_vec()
}

/// Writes everything and reads every answer, each as soon as it can be.
fn exchange(session: &mut Session) {
    let deadline = Deadline::after(Duration::from_secs(60));
    let out = statements();
    let (mut sent, mut answered, mut data) = (0, 0, 0);
    while answered < COUNT {
        let ready = session.stream.wait(true, sent < out.len(), deadline).unwrap();
        if ready.writable {
            sent += session.stream.try_write(&out[sent..]).unwrap();
        }
        if ready.readable {
            session.inbox.fill_now(&mut session.stream).unwrap();
        }
        while let Some(message) = session.inbox.next().unwrap() {
            match message.tag {
                b'D' => data += message.body.len(),
                b'Z' => answered += 1,
                _ => {}
            }
        }
    }
    assert_eq!((sent, data), (out.len(), COUNT * (STATEMENT + 6)));
}

#[test]
fn neither_side_waits_for_the_other_to_read_first() {
    let Some(vars) = provided("pg") else { return };
    for (variable, options) in [
        ("ALUDEL_PG_URL", "sslmode=disable"),
        ("ALUDEL_PG_TLS_URL", ""),
        ("ALUDEL_PG_SOCKET_URL", ""),
    ] {
        let mut session = connect(&of(&vars, variable, options), Deadline::NEVER).unwrap();
        exchange(&mut session);
        session.close();
    }
}

#[test]
fn a_read_that_nothing_ends_ends_at_its_deadline_and_the_session_lives_on() {
    let Some(vars) = provided("pg") else { return };
    for (variable, options) in [("ALUDEL_PG_URL", "sslmode=disable"), ("ALUDEL_PG_TLS_URL", "")] {
        let mut session = connect(&of(&vars, variable, options), Deadline::NEVER).unwrap();
        let (time, mut buffer) = (Duration::from_millis(50), [0; 64]);
        assert_eq!(session.stream.try_read(&mut buffer).unwrap(), None);
        let started = Instant::now();
        let error = session.stream.read(&mut buffer, Deadline::after(time)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        assert!(started.elapsed() >= time);
        let error = session.stream.wait(true, false, Deadline::after(time)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
        exchange(&mut session);
        session.close();
    }
}

#[test]
fn a_write_that_nobody_reads_ends_at_its_deadline() {
    let Some(vars) = provided("pg") else { return };
    let url = vars.get("ALUDEL_PG_URL").unwrap();
    let original =
        format!("{}:{}", vars.get("ALUDEL_PG_HOST").unwrap(), vars.get("ALUDEL_PG_PORT").unwrap());
    let address: std::net::SocketAddr = original.parse().unwrap();
    for options in ["sslmode=disable", "sslmode=require"] {
        let proxy = Proxy::to(address).unwrap();
        let url = url.replace(&original, &proxy.address().to_string());
        let mut session = connect(&config(&format!("{url}?{options}")), Deadline::NEVER).unwrap();
        proxy.to_server().stall_after(0);
        let out = statements();
        let started = Instant::now();
        let time = Duration::from_millis(100);
        let error = session.stream.write_all(&[&out], Deadline::after(time)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::TimedOut, "{options}");
        assert!(started.elapsed() >= time);
    }
}
