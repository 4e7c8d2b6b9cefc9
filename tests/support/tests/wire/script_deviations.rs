//! Scripted servers with clients that leave the script, and what the report says.

use std::net::{Shutdown, TcpStream};
use std::panic::catch_unwind;
use std::time::Duration;

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::server::{Body, FakeServer, Framing, Gate, Script, Verdict};

use crate::link::{patient, read, sees_reset, write};

/// What is reported of a client that says this and then ends its side.
fn reported(script: Script, said: &[u8]) -> String {
    let server = FakeServer::play([script]).unwrap();
    let client = patient(TcpStream::connect(server.address()).unwrap());
    write(&client, said);
    // A client that has been reset cannot end any more.
    let _ = client.shutdown(Shutdown::Write);
    server.finish().unwrap_err().to_string()
}

#[test]
fn the_first_wrong_byte_is_reported_with_its_offset() {
    quiet_and_busy(|| {
        let script = || Script::new().expect("begin").expect("select 1;");
        assert_eq!(
            reported(script(), b"beginselect 2;"),
            "connection 0, step 2, expect 9 bytes: byte 7 is 32, expected 31
  expected at 0: 73 65 6c 65 63 74 20 31 3b  \"select 1;\"
  got      at 0: 73 65 6c 65 63 74 20 32 3b  \"select 2;\"
                                      ^^
  (offset 0 is byte 5 of the connection)"
        );
    });
}

#[test]
fn a_client_that_stops_too_early_is_reported_with_what_it_said() {
    quiet_and_busy(|| {
        assert_eq!(
            reported(Script::new().expect("hello"), b"hel"),
            "connection 0, step 1, expect 5 bytes: the client ended after 3 bytes: \
             68 65 6c  \"hel\""
        );
        assert_eq!(
            reported(Script::new().expect_count(1), b""),
            "connection 0, step 1, expect any 1 bytes: the client ended before any byte"
        );
    });
}

#[test]
fn a_client_that_says_more_than_the_script_is_reported() {
    quiet_and_busy(|| {
        assert_eq!(
            reported(Script::new().expect("a"), b"abc"),
            "connection 0: the client said more than the script: 62 63  \"bc\"\n  \
             (offset 0 is byte 1 of the connection)"
        );
        let text = reported(Script::new().expect_end(), b"x");
        assert_eq!(text, "connection 0, step 1, expect the end: the client said more: 78  \"x\"");
    });
}

#[test]
fn messages_that_are_wrong_or_impossible_are_reported() {
    quiet_and_busy(|| {
        let script = || Script::new().expect_tags(Framing::Postgres, b"Q");
        let text = reported(script(), &Body::new().cstr("").postgres(b'P'));
        let step = "connection 0, step 1, expect a message with the tag 0x51 'Q'";
        assert_eq!(text, format!("{step}: its tag is 0x50"));
        let text = reported(script(), &Body::new().postgres_claiming(b'Q', -9));
        assert_eq!(text, format!("{step}: the length -9 is less than its own four bytes"));
        let greedy = Script::new().expect_that("too much", |bytes| Verdict::Taken(bytes.len() + 1));
        assert!(reported(greedy, b"").contains("the predicate takes 1 bytes where 0 are"));
    });
}

#[test]
fn a_client_that_waits_is_reported_after_the_time_given() {
    quiet_and_busy(|| {
        let within = Duration::from_millis(50);
        let gate = Gate::new().unwrap();
        let scripts = [Script::new().expect("ab"), Script::new().wait(&gate)];
        let server = FakeServer::play_within(within, scripts).unwrap();
        let client = patient(TcpStream::connect(server.address()).unwrap());
        write(&client, b"a");
        assert!(sees_reset(&client), "it is not left waiting");
        let other = patient(TcpStream::connect(server.address()).unwrap());
        assert!(sees_reset(&other));
        let text = server.finish().unwrap_err().to_string();
        assert!(text.ends_with("nothing moved for 50ms after 1 bytes: 61  \"a\""), "{text}");
    });
}

#[test]
fn connections_that_are_missing_or_too_many_are_reported() {
    quiet_and_busy(|| {
        let server = FakeServer::play([Script::new(), Script::new()]).unwrap();
        let client = TcpStream::connect(server.address()).unwrap();
        assert_eq!(server.finish().unwrap_err().to_string(), "connection 1: it never came");
        drop(client);

        let server = FakeServer::play([Script::new()]).unwrap();
        let first = TcpStream::connect(server.address()).unwrap();
        let second = patient(TcpStream::connect(server.address()).unwrap());
        assert!(sees_reset(&second));
        let text = server.finish().unwrap_err().to_string();
        assert_eq!(text, "connection 1: there are scripts for 1 connections only");
        drop(first);
    });
}

#[test]
fn a_deviation_that_nobody_asks_for_fails_the_test() {
    let panic = catch_unwind(|| {
        let server = FakeServer::play([Script::new().expect("a")]).unwrap();
        let client = patient(TcpStream::connect(server.address()).unwrap());
        write(&client, b"b");
        assert!(sees_reset(&client));
    });
    let text = *panic.unwrap_err().downcast::<String>().unwrap();
    assert!(text.starts_with("a client left the script, and nobody asked: connection 0"), "{text}");
}

#[test]
fn the_reset_of_a_client_that_left_comes_after_what_was_sent_before() {
    quiet_and_busy(|| {
        let script = Script::new().send("greeting").expect("a");
        let server = FakeServer::play([script]).unwrap();
        let client = patient(TcpStream::connect(server.address()).unwrap());
        write(&client, b"b");
        assert_eq!(read(&client, 8), b"greeting");
        assert!(sees_reset(&client));
        assert!(server.finish().is_err());
    });
}
