//! What a server must be: primary, standby, with or without writes.

use aludel_test_services::Vars;
use aludel_test_support::server::{Body, Framing, Script};

use super::scripts::{answers, key, play, ready, request};
use super::servers::{at, provided};
use crate::config::tests::config;
use crate::net::Deadline;
use crate::startup::connect;

/// Connects to both servers of the pair; true when the standby was the right one.
fn reaches_standby(vars: &Vars, standby_first: bool, attrs: &str) -> aludel::Result<bool> {
    let part =
        |server: &str, name: &str| vars.get(&format!("ALUDEL_PG_HA_{server}_{name}")).unwrap();
    let host = |server| format!("127.0.0.1:{}", part(server, "PORT"));
    let (primary, standby) = (host("PRIMARY"), host("STANDBY"));
    let hosts =
        if standby_first { format!("{standby},{primary}") } else { format!("{primary},{standby}") };
    let url = format!(
        "postgresql://{}:{}@{hosts}/{}?target_session_attrs={attrs}",
        part("PRIMARY", "USER"),
        part("PRIMARY", "PASSWORD"),
        part("PRIMARY", "DATABASE")
    );
    let session = connect(&config(&url), Deadline::NEVER)?;
    let reached = session.stream.peer().to_string();
    session.close();
    assert!(reached == primary || reached == standby, "{reached}");
    Ok(reached == standby)
}

#[test]
fn the_server_of_the_wanted_role_is_found_in_whatever_order_hosts_are_written() {
    let Some(vars) = provided("pg-ha") else { return };
    for (attrs, standby) in [
        ("read-write", false),
        ("primary", false),
        ("read-only", true),
        ("standby", true),
        ("prefer-standby", true),
    ] {
        for standby_first in [false, true] {
            let reached = reaches_standby(&vars, standby_first, attrs).unwrap();
            assert_eq!(reached, standby, "{attrs}, standby first: {standby_first}");
        }
    }
    assert!(reaches_standby(&vars, true, "any").unwrap());
    assert!(!reaches_standby(&vars, false, "any").unwrap());
}

#[test]
fn a_standby_is_preferred_only_where_there_is_one() {
    let Some(vars) = provided("pg") else { return };
    let url = vars.get("ALUDEL_PG_URL").unwrap();
    let wanting =
        |attrs| connect(&config(&format!("{url}?target_session_attrs={attrs}")), Deadline::NEVER);
    wanting("prefer-standby").unwrap().close();
    wanting("read-write").unwrap().close();
    let error = wanting("standby").unwrap_err();
    assert!(error.message().contains("is no standby, and target_session_attrs=standby"), "{error}");
    let error = wanting("read-only").unwrap_err();
    assert!(error.message().contains("takes writes"), "{error}");
}

/// A server before version 14, which reports no role: it is asked, and answers this.
fn older(question: &'static str, answer: &str) -> Script {
    let value = Body::new().be16(1).be32(answer.len() as i32).bytes(answer.as_bytes());
    let begin = [
        request(0, b""),
        key(b"1234"),
        Body::new().cstr("server_version").cstr("13.22").postgres(b'S'),
        ready(),
    ];
    let reply = [value.postgres(b'D'), Body::new().cstr("SHOW").postgres(b'C'), ready()];
    answers(begin.concat())
        .expect_message(Framing::Postgres, "the question", move |message| {
            match message.body.strip_suffix(b"\0") {
                Some(sql) if sql == question.as_bytes() => Ok(()),
                _ => Err(format!("it asks {}", message.body.escape_ascii())),
            }
        })
        .send(reply.concat())
}

#[test]
fn servers_before_version_14_are_asked() {
    let read_only = "SHOW transaction_read_only";
    let recovery = "SELECT pg_catalog.pg_is_in_recovery()";
    for (question, answer, attrs, fits) in [
        (read_only, "off", "read-write", true),
        (read_only, "on", "read-write", false),
        (read_only, "on", "read-only", true),
        (recovery, "f", "primary", true),
        (recovery, "t", "primary", false),
        (recovery, "t", "standby", true),
        (recovery, "f", "prefer-standby", true),
    ] {
        let script = older(question, answer);
        // A server of the wrong role is told that the session ends.
        let script = if fits { script } else { script.expect(b"X\0\0\0\x04").expect_end() };
        let server = play(script);
        let config = at(server.address(), &format!("sslmode=disable&target_session_attrs={attrs}"));
        assert_eq!(connect(&config, Deadline::NEVER).is_ok(), fits, "{attrs} {answer}");
        server.finish().unwrap();
    }
}
