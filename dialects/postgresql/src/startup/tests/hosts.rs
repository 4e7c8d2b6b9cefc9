//! Several hosts and addresses: which are tried, in which order, and what is said of them.

use std::net::TcpListener;
use std::time::Duration;

use aludel_test_support::proxy::Unanswered;
use aludel_test_support::server::FakeServer;

use super::scripts::{answers, error, play, welcome};
use crate::config::tests::config;
use crate::net::{Deadline, Peer};
use crate::startup::connect;

/// A port of this machine at which nothing listens.
fn nobody() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_host_that_is_down_full_or_starting_is_passed_over() {
    let down = nobody();
    let full = play(answers(error("53300", "sorry, too many clients already")).close());
    let starting = play(answers(error("57P03", "the database system is starting up")).close());
    let up = play(answers(welcome()));
    let (full_at, starting_at) = (full.address(), starting.address());
    let url = format!(
        "postgresql://anna:secret@127.0.0.1:{down},{full_at},{starting_at},{}/shop?sslmode=disable",
        up.address()
    );
    let session = connect(&config(&url), Deadline::NEVER).unwrap();
    assert_eq!(*session.stream.peer(), Peer::Tcp(up.address()));
    full.finish().unwrap();
    starting.finish().unwrap();
}

#[test]
fn a_host_that_refuses_us_ends_the_search() {
    let refusing = play(answers(error("28P01", "password authentication failed")).close());
    let never = FakeServer::play([]).unwrap();
    let (one, two) = (refusing.address(), never.address());
    let url = format!("postgresql://anna:secret@{one},{two}/shop?sslmode=disable");
    let error = connect(&config(&url), Deadline::NEVER).unwrap_err();
    assert_eq!(error.sqlstate(), Some("28P01"));
    assert_eq!(error.message(), "password authentication failed");
    assert!(error.notes().any(|(label, text)| label == "server" && *text == one.to_string()));
    never.finish().unwrap();
}

#[test]
fn when_none_will_do_the_error_tells_why_of_each() {
    let (one, two) = (nobody(), nobody());
    let url = format!("postgresql://anna:secret@127.0.0.1:{one},localhost:{two}/shop");
    let error = connect(&config(&url), Deadline::NEVER).unwrap_err();
    assert!(error.message().contains("servers would do; the last one, localhost"), "{error}");
    let told: Vec<_> = error.notes().map(|(label, _)| label.to_owned()).collect();
    assert_eq!(told[0], format!("127.0.0.1:{one}"));
    assert!(told[1].starts_with(&format!("localhost:{two} (")), "{told:?}");
    assert!(error.notes().all(|(_, text)| text.contains("refused")), "{error}");
    assert_eq!(error.sqlstate(), Some("08001"));
    assert!(error.help().unwrap().contains("listen_addresses") && error.is_disconnect());
}

#[test]
fn a_name_that_is_none_and_a_socket_that_is_not_there_are_named() {
    let url = "postgresql://anna@no-such-host.invalid/shop";
    let error = connect(&config(url), Deadline::NEVER).unwrap_err();
    assert!(error.message().contains("no-such-host.invalid:5432"), "{error}");
    let url = "postgresql://anna@/shop?host=/no/such/directory";
    let error = connect(&config(url), Deadline::NEVER).unwrap_err();
    assert!(error.message().contains("/no/such/directory/.s.PGSQL.5432"), "{error}");
    assert!(error.help().unwrap().contains("unix_socket_directories"), "{error}");
}

#[test]
fn each_address_has_the_connect_timeout_for_itself_and_all_share_the_deadline() {
    let silent = Unanswered::new().unwrap();
    let up = play(answers(welcome()));
    let url = format!(
        "postgresql://anna@{},{}/shop?sslmode=disable&connect_timeout=2",
        silent.address(),
        up.address()
    );
    let started = std::time::Instant::now();
    let session = connect(&config(&url), Deadline::NEVER).unwrap();
    assert!(started.elapsed() >= Duration::from_secs(2));
    assert_eq!(*session.stream.peer(), Peer::Tcp(up.address()));
    drop((session, up));

    let never = FakeServer::play([]).unwrap();
    let url = format!("postgresql://anna@{},{}/shop", silent.address(), never.address());
    let deadline = Deadline::after(Duration::from_millis(300));
    let error = connect(&config(&url), deadline).unwrap_err();
    assert!(error.message().contains("timed out"), "{error}");
    never.finish().unwrap();
}

#[test]
fn hosts_are_shuffled_only_when_asked_to() {
    let (one, two) = (FakeServer::play_always(answers(welcome())), nobody());
    let one = one.unwrap();
    let other = FakeServer::play_always(answers(welcome())).unwrap();
    let url = |order: &str| {
        format!(
            "postgresql://anna@127.0.0.1:{two},{},{}/shop?sslmode=disable&load_balance_hosts={order}",
            one.address(),
            other.address()
        )
    };
    let reached = |order: &str| {
        let session = connect(&config(&url(order)), Deadline::NEVER).unwrap();
        session.stream.peer().clone()
    };
    assert!((0..20).all(|_| reached("disable") == Peer::Tcp(one.address())));
    // All the same by chance: once in 2⁶³ runs.
    let first = reached("random");
    assert!((0..64).any(|_| reached("random") != first));
}
