//! LISTEN and NOTIFY, and notices of every level.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use aludel::Value;
use aludel::abi::host::{DriverConnection, Limits};
use aludel::dbapi::{Notification, TransactionOptions, TransactionState};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::support::{connect, error_of, run, scalar};

/// Long enough that a test which waits for it has failed.
const LONG: Duration = Duration::from_secs(30);

/// A channel of this test and run alone.
fn channel(name: &str) -> String {
    format!("{name}_{}", std::process::id())
}

fn next(connection: &mut DriverConnection, wait: Duration) -> Option<Notification> {
    connection.next_notification(Limits::within(wait)).unwrap()
}

#[test]
fn a_notification_ends_the_wait_for_it() {
    let (Some(mut listener), Some(mut sender)) = (connect(), connect()) else { return };
    let channel = channel("waited");
    run(&mut listener, &format!("listen {channel}"));
    let Value::I64(pid) = scalar(&mut sender, "select pg_backend_pid()") else { panic!("a pid") };
    let notify = format!("notify {channel}, 'grüße; it''s'");
    let sent = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        run(&mut sender, &notify);
    });
    let got = next(&mut listener, LONG).expect("it has come");
    sent.join().unwrap();
    let expected =
        Notification { channel, payload: "grüße; it's".into(), sender: Some(pid as u64) };
    assert_eq!(got, expected);
    assert_eq!(next(&mut listener, Duration::ZERO), None);
}

#[test]
fn notifications_wait_in_order_while_other_statements_run() {
    let (Some(mut listener), Some(mut sender)) = (connect(), connect()) else { return };
    let channel = channel("ordered");
    run(&mut listener, &format!("listen {channel}"));
    for round in 0..3 {
        let notify = format!(
            "select pg_notify('{channel}', ({round} * 100 + n)::text) from generate_series(1, 100) n"
        );
        run(&mut sender, &notify);
        run(&mut listener, "select generate_series(1, 10000)");
    }
    // What a connection notifies itself of comes with the answer to its own COMMIT.
    listener.begin(&TransactionOptions::default(), Limits::NONE).unwrap();
    run(&mut listener, &format!("notify {channel}, '301'"));
    assert_eq!(listener.transaction_state(), TransactionState::Active);
    listener.commit(Limits::NONE).unwrap();
    for number in 1..=301 {
        let got = next(&mut listener, LONG).expect("it has come");
        assert_eq!(got.payload, number.to_string());
    }
    run(&mut listener, "unlisten *");
    run(&mut sender, &format!("notify {channel}"));
    assert_eq!(next(&mut listener, Duration::from_millis(50)), None);
}

#[test]
fn the_oldest_notifications_go_when_nobody_takes_them_and_that_is_logged() {
    let Some(mut listener) = connect() else { return };
    let channel = channel("overrun");
    run(&mut listener, &format!("listen {channel}"));
    let warnings = Arc::new(AtomicUsize::new(0));
    tracing::subscriber::with_default(Warnings(Arc::clone(&warnings)), || {
        for _ in 0..2 {
            let notify =
                format!("select pg_notify('{channel}', n::text) from generate_series(1, 9000) n");
            run(&mut listener, &notify);
            let got = next(&mut listener, LONG).expect("it has come");
            assert_eq!(got.payload, "809", "8192 are kept");
            while next(&mut listener, Duration::ZERO).is_some() {}
        }
    });
    assert_eq!(warnings.load(Ordering::Relaxed), 2, "once each time");
}

#[test]
fn a_session_that_ends_while_a_notification_is_waited_for_says_so() {
    let (Some(mut listener), Some(mut other)) = (connect(), connect()) else { return };
    let Value::I64(pid) = scalar(&mut listener, "select pg_backend_pid()") else { panic!("a pid") };
    let ended = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        run(&mut other, &format!("select pg_terminate_backend({pid})"));
    });
    let error = listener.next_notification(Limits::within(LONG)).unwrap_err();
    ended.join().unwrap();
    assert_eq!((error.sqlstate(), error.is_disconnect()), (Some("57P01"), true), "{error}");
    assert!(error_of(&mut listener, "select 1").is_disconnect());
}

#[test]
fn notices_of_every_level_keep_their_severity_and_order() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "set client_min_messages to debug1");
    let levels = ["DEBUG", "LOG", "INFO", "NOTICE", "WARNING"];
    for level in levels {
        run(&mut connection, &format!("do $$ begin raise {level} 'from %', '{level}'; end $$"));
    }
    run(
        &mut connection,
        "do $$ begin raise warning sqlstate 'XY123' using message = 'own'; end $$",
    );
    let mut notices = Vec::new();
    while let Some(notice) = connection.next_notice().unwrap() {
        notices.push((notice.severity, notice.message, notice.sqlstate.unwrap_or_default()));
    }
    let codes = ["00000", "00000", "00000", "00000", "01000"];
    let mut expected: Vec<(String, String, String)> = levels
        .iter()
        .zip(codes)
        .map(|(level, code)| ((*level).into(), format!("from {level}"), code.into()))
        .collect();
    expected.push(("WARNING".into(), "own".into(), "XY123".into()));
    assert_eq!(notices, expected);
}

/// Counts warnings.
struct Warnings(Arc<AtomicUsize>);

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
