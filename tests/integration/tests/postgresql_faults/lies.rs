//! Servers that do not keep to the protocol.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use aludel::dbapi::IsolationLevel;
use aludel::{Connection, Error, ErrorKind, Value};
use aludel_test_support::allocations;
use aludel_test_support::server::{Body, FakeServer, Framing, Script};

use crate::engines::{assert_ended, connect, error_of, rows, within};
use crate::scripts::{
    FIRST_ANSWERS, bound, completed, described, describing, executing, first_answer, notice, ready,
    row, url_of,
};

/// More than a connection and its messages need, and less than any of the lies would have it take.
const ENOUGH: i64 = 48 << 20;

fn autocommit(server: &FakeServer) -> Connection {
    let mut connection = connect(&url_of(server.address()));
    connection.set_isolation_level(IsolationLevel::Autocommit).unwrap();
    connection
}

/// Ends the connection without a goodbye.
fn hang_up(mut connection: Connection) {
    connection.invalidate().unwrap();
}

/// The error of `select 1`, after which the connection is dead.
fn error_by(what: &str, script: Script, sqlstate: &str) -> Error {
    let server = FakeServer::play([script]).unwrap();
    let mut connection = autocommit(&server);
    let (error, seen) = allocations::count(|| error_of(&mut connection, "select 1"));
    assert!(seen.peak < ENOUGH, "{what} takes {} bytes", seen.peak);
    assert!(!format!("{error} {error:?}").contains("hidden"), "{what}: {error}");
    assert_eq!(error.kind(), ErrorKind::Operational, "{what}: {error}");
    assert_ended(&connection, &error, sqlstate);
    drop(connection);
    server.finish().unwrap_or_else(|deviation| panic!("{what}: {deviation}"));
    error
}

fn assert_breach(what: &str, script: Script) {
    let error = error_by(what, script, "08P01");
    let message = error.message();
    assert!(message.starts_with("the server does not keep to the protocol: "), "{what}: {error}");
    assert!(error.help().unwrap().contains("check that it is PostgreSQL"), "{what}: {error}");
}

/// What can be wrong with any answer.
fn wrong_anywhere() -> Vec<(&'static str, Vec<u8>)> {
    let empty = Body::new;
    vec![
        ("a length of 3", empty().postgres_claiming(b'1', 3)),
        ("a length of 0", empty().postgres_claiming(b'Z', 0)),
        ("a negative length", empty().postgres_claiming(b'D', -1)),
        ("a length of 2 GiB", empty().postgres_claiming(b'D', i32::MIN)),
        ("a length beyond 1 GiB", empty().postgres_claiming(b'D', i32::MAX)),
        ("an error of 2 GiB", empty().postgres_claiming(b'E', i32::MIN)),
        ("a notice of 2 GiB", empty().postgres_claiming(b'N', i32::MIN)),
        ("a type that nobody knows", empty().postgres(b'x')),
        ("a type that is no letter", empty().postgres(0)),
        ("a request for a password", empty().be32(3).postgres(b'R')),
        ("a second key", empty().be32(1).be32(2).postgres(b'K')),
        ("a negotiation", empty().be32(0).be32(0).postgres(b'v')),
        ("a replication", empty().u8(0).be16(0).postgres(b'W')),
        ("a ReadyForQuery of unknown status", empty().u8(b'?').postgres(b'Z')),
        ("a ReadyForQuery without status", empty().postgres(b'Z')),
        ("a ReadyForQuery with more", empty().u8(b'I').u8(b'I').postgres(b'Z')),
        ("a parameter without value", empty().cstr("TimeZone").postgres(b'S')),
        ("a parameter without end", empty().bytes(b"TimeZone").postgres(b'S')),
        ("a notification without channel", empty().be32(1).postgres(b'A')),
        ("a notification of two bytes", empty().be16(1).postgres(b'A')),
        ("MySQL's greeting", b"J\0\0\0\n8.0.36\0".to_vec()),
        ("a page of the web", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
    ]
}

#[test]
fn an_answer_to_a_description_that_breaks_the_protocol_ends_the_connection() {
    let complete = || Body::new().postgres(b'1');
    let column = || Body::new().be16(1).cstr("n").be32(0).be16(0).be32(23);
    let mut wrong = wrong_anywhere();
    wrong.extend([
        ("parameters of which one is missing", Body::new().be16(2).be32(23).postgres(b't')),
        ("parameters without number", Body::new().u8(0).postgres(b't')),
        ("65535 parameters that are not there", Body::new().be16(-1).postgres(b't')),
        ("columns without number", Body::new().postgres(b'T')),
        ("65535 columns that are not there", Body::new().be16(-1).postgres(b'T')),
        ("a column without end of its name", Body::new().be16(1).bytes(b"n").postgres(b'T')),
        ("a column without size", column().postgres(b'T')),
        ("a column without format", column().be16(4).be32(-1).postgres(b'T')),
    ]);
    for (what, bytes) in wrong {
        assert_breach(what, describing([complete(), bytes].concat()));
    }
}

#[test]
fn an_answer_to_an_execution_that_breaks_the_protocol_ends_the_connection() {
    let mut wrong = wrong_anywhere();
    wrong.extend([
        ("a row of no columns", row(&[])),
        ("a row of two columns", row(&[b"\0\0\0\x01", b"\0\0\0\x02"])),
        ("a row of -1 columns", Body::new().be16(-1).postgres(b'D')),
        ("a row without number", Body::new().postgres(b'D')),
        ("a row of one byte", Body::new().u8(1).postgres(b'D')),
        ("a row without value", Body::new().be16(1).postgres(b'D')),
        ("a value that is too short", Body::new().be16(1).be32(4).be16(1).postgres(b'D')),
        ("a value of 2 GiB", Body::new().be16(1).be32(i32::MAX).be32(1).postgres(b'D')),
        ("a value of length -2", Body::new().be16(1).be32(-2).be32(1).postgres(b'D')),
        ("a value of the most negative length", Body::new().be16(1).be32(i32::MIN).postgres(b'D')),
        ("a row that goes on", Body::new().be16(1).be32(4).be32(1).u8(0).postgres(b'D')),
        ("data of a copy", Body::new().bytes(b"1\n").postgres(b'd')),
        ("the end of a copy", Body::new().postgres(b'c')),
    ]);
    for (what, bytes) in wrong {
        assert_breach(what, executing([bound(), bytes].concat()));
    }
}

#[test]
fn one_ready_for_query_too_many_ends_the_connection_before_the_next_flight() {
    assert_breach("twice ready", describing([described(), ready()].concat()));
    for extra in [ready(), row(&[b"\0\0\0\x01"]), Body::new().postgres(b'1')] {
        let answer = [bound(), row(&[b"\0\0\0\x01"]), completed(), extra].concat();
        let server = FakeServer::play([executing(answer)]).unwrap();
        let mut connection = autocommit(&server);
        assert_eq!(rows(&mut connection, "select 1", ()).unwrap(), [[Value::I64(1)]]);
        let error = error_of(&mut connection, "select 1");
        assert_ended(&connection, &error, "08P01");
        drop(connection);
        server.finish().unwrap();
    }
}

#[test]
fn a_message_takes_memory_as_it_comes_and_not_as_it_claims() {
    for kind in [b'D', b'E', b'N', b'T', b'S'] {
        let claims = Body::new().bytes(&[b'x'; 1000]).postgres_claiming(kind, (1 << 30) - 1);
        error_by("a message of 1 GiB", executing(claims).close(), "08006");
    }
}

#[test]
fn an_error_that_is_cut_off_or_empty_is_an_error_all_the_same() {
    for body in [
        Body::new(),
        Body::new().u8(0),
        Body::new().u8(b'C').bytes(b"42"),
        Body::new().u8(b'C').cstr("1").u8(b'M').bytes(&[0xff; 100]),
        Body::new().u8(b'P').cstr("-1").u8(b'M').cstr("x").u8(0),
    ] {
        let answer = [body.postgres(b'E'), ready()].concat();
        let answers = [bound(), row(&[b"\0\0\0\x01"]), completed()].concat();
        // The statement that was refused may be there: it is closed with the next flight.
        let script = describing(answer)
            .expect_tags(Framing::Postgres, b"CPDS")
            .send(described())
            .expect_tags(Framing::Postgres, b"BES")
            .send(answers);
        let server = FakeServer::play([script]).unwrap();
        let mut connection = autocommit(&server);
        let error = error_of(&mut connection, "select 1");
        assert!(!error.message().is_empty() && !error.is_disconnect(), "{error}");
        assert_eq!(rows(&mut connection, "select 1", ()).unwrap(), [[Value::I64(1)]]);
        hang_up(connection);
        server.finish().unwrap();
    }
}

#[test]
fn a_value_that_is_not_of_its_type_is_an_error_of_its_column_and_the_session_goes_on() {
    let answer = [bound(), row(&[b"\0\0\x01"]), completed()].concat();
    let script = executing(answer).expect_tags(Framing::Postgres, b"S").send(ready());
    let server = FakeServer::play([script]).unwrap();
    let mut connection = autocommit(&server);
    let error = error_of(&mut connection, "select 1");
    assert_eq!(error.kind(), ErrorKind::Data, "{error}");
    assert_eq!(error.detail(), Some("in column \"n\""), "{error}");
    connection.driver().unwrap().ping(aludel::abi::host::Limits::NONE).unwrap();
    hang_up(connection);
    server.finish().unwrap();
}

#[test]
fn many_notices_take_little_memory_and_the_answer_behind_them_arrives() {
    let notice = notice(&"x".repeat(60_000));
    let notices: Vec<u8> = notice.iter().copied().cycle().take(notice.len() * 2000).collect();
    let answer = [bound(), notices, row(&[b"\0\0\0\x01"]), completed()].concat();
    let server = FakeServer::play([executing(answer)]).unwrap();
    let mut connection = autocommit(&server);
    let (found, seen) = allocations::count(|| rows(&mut connection, "select 1", ()));
    assert_eq!(found.unwrap(), [[Value::I64(1)]]);
    assert!(seen.peak < ENOUGH, "{} bytes", seen.peak);
    assert!(connection.driver().unwrap().next_notice().unwrap().is_some());
    hang_up(connection);
    server.finish().unwrap();
}

#[test]
fn notices_without_end_end_with_the_deadline_of_the_call() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = url_of(listener.local_addr().unwrap());
    let chatter = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut heard = [0; 4096];
        assert!(client.read(&mut heard).unwrap() > 0);
        let welcome = [Body::new().be32(0).postgres(b'R'), ready()].concat();
        client.write_all(&welcome).unwrap();
        for value in FIRST_ANSWERS {
            assert!(client.read(&mut heard).unwrap() > 0);
            client.write_all(&first_answer(value)).unwrap();
        }
        assert!(client.read(&mut heard).unwrap() > 0);
        let notices = notice("still here").repeat(1000);
        // Until the client has had enough.
        while client.write_all(&notices).is_ok() {}
    });
    let mut connection = connect(&url);
    let (begin, time) = (Instant::now(), Duration::from_millis(300));
    let error = within(connection.driver().unwrap(), "select 1", time).unwrap_err();
    let taken = begin.elapsed();
    assert!(taken >= time && taken < Duration::from_secs(20), "{taken:?}: {error}");
    assert_ended(&connection, &error, "HYT00");
    drop(connection);
    chatter.join().unwrap();
}
