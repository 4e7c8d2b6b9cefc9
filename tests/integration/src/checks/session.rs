//! The session: options, notices, notifications, the server, scripts.

use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::dbapi::{Notice, PrepareOptions, ScriptOutcome};
use aludel::dialect::{Capability, option_key};
use aludel::{ErrorKind, Value};

use crate::subject::{Subject, query, query_with};

/// The standard keys, each with a value other than its default.
fn standard() -> [(&'static str, Value); 7] {
    [
        (option_key::ISOLATION_LEVEL, Value::from("READ COMMITTED")),
        (option_key::AUTOCOMMIT, Value::Bool(true)),
        (option_key::READ_ONLY, Value::Bool(true)),
        (option_key::SCHEMA, Value::from("grüße")),
        (option_key::CATALOG, Value::from("")),
        (option_key::TIMEOUT, Value::I64(1500)),
        (option_key::APPLICATION_NAME, Value::from("a\0b")),
    ]
}

/// Getting and setting.
pub fn options_keep_what_they_are_set_to(subject: &Subject) {
    let mut connection = subject.connect();
    for (key, value) in standard() {
        assert_ne!(connection.get_option(key, Limits::NONE).unwrap(), value);
        connection.set_option(key, value.as_ref(), Limits::NONE).unwrap();
        assert_eq!(connection.get_option(key, Limits::NONE).unwrap(), value);
    }
}

/// Unknown keys and values that do not fit.
pub fn options_that_do_not_exist_or_fit_are_refused(subject: &Subject) {
    let mut connection = subject.connect();
    let text = Value::from("x");
    let error = connection.get_option("colour", Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    let error = connection.set_option("colour", text.as_ref(), Limits::NONE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    for key in [option_key::ISOLATION_LEVEL, option_key::READ_ONLY, option_key::TIMEOUT] {
        let error = connection.set_option(key, text.as_ref(), Limits::NONE).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
}

/// `reset_session`.
pub fn resetting_undoes_what_the_session_did(subject: &Subject) {
    let mut connection = subject.connect();
    let before = standard().map(|(key, _)| connection.get_option(key, Limits::NONE).unwrap());
    for (key, value) in standard() {
        connection.set_option(key, value.as_ref(), Limits::NONE).unwrap();
    }
    query(&mut connection, "notice forgotten").unwrap();
    connection.reset_session(Limits::NONE).unwrap();
    let after = standard().map(|(key, _)| connection.get_option(key, Limits::NONE).unwrap());
    assert_eq!(before, after);
    assert!(connection.next_notice().unwrap().is_none());
}

/// Notices.
pub fn notices_come_in_order_and_once(subject: &Subject) {
    let mut connection = subject.connect();
    for text in ["first", "second"] {
        query(&mut connection, &format!("notice {text}")).unwrap();
    }
    let first = connection.next_notice().unwrap().unwrap();
    assert_eq!(
        first,
        Notice {
            severity: "WARNING".into(),
            message: "first".into(),
            sqlstate: Some("01000".into()),
            native_code: Some(1003),
        }
    );
    assert_eq!(connection.next_notice().unwrap().unwrap().message, "second");
    assert!(connection.next_notice().unwrap().is_none());

    // What the driver leaves out stays out; and the hint that a statement runs once arrives.
    let once = {
        let mut options = PrepareOptions::default();
        options.one_shot = true;
        options
    };
    connection.prepare("select", once, Limits::NONE).unwrap();
    let bare = Notice { message: "one shot".into(), ..Notice::default() };
    assert_eq!(connection.next_notice().unwrap(), Some(bare));
    connection.prepare("select", PrepareOptions::default(), Limits::NONE).unwrap();
    assert!(connection.next_notice().unwrap().is_none());
}

/// Notifications.
pub fn notifications_reach_other_connections(subject: &Subject) {
    let name = format!("notify {:p}", &subject.dialect);
    let mut listener = subject.connect_to(Some(&name)).unwrap();
    let mut speaker = subject.connect_to(Some(&name)).unwrap();
    let heard = thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let limits = Limits::within(Duration::from_secs(60));
            (0..2).map(|_| listener.next_notification(limits).unwrap().unwrap()).collect::<Vec<_>>()
        });
        query(&mut speaker, "notify channel pay load").unwrap();
        query(&mut speaker, "notify other 2").unwrap();
        waiting.join().unwrap()
    });
    assert_eq!((heard[0].channel.as_str(), heard[0].payload.as_str()), ("channel", "pay load"));
    assert_eq!((heard[1].channel.as_str(), heard[1].payload.as_str()), ("other", "2"));
    assert!(heard[0].sender.is_some() && heard[0].sender == heard[1].sender);
}

/// No notification comes.
pub fn waiting_for_a_notification_ends_at_the_deadline(subject: &Subject) {
    let mut connection = subject.connect();
    let start = Instant::now();
    let limits = Limits::within(Duration::from_millis(50));
    assert!(connection.next_notification(limits).unwrap().is_none());
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert!(start.elapsed() < Duration::from_secs(30));
}

/// `server_info`.
pub fn the_server_tells_what_it_is(subject: &Subject) {
    let info = subject.connect().server_info(Limits::NONE).unwrap();
    assert_eq!((info.name.as_str(), info.version.as_str()), ("Everything", "0.1.0"));
    let all: Vec<&str> = Capability::ALL.iter().map(|capability| capability.name()).collect();
    assert_eq!(info.capabilities.unwrap(), all);
    assert_eq!(info.rules, [("backslash_escapes".to_owned(), "true".to_owned())]);
}

/// A connection that died.
pub fn a_ping_notices_that_the_connection_died(subject: &Subject) {
    let mut connection = subject.connect();
    connection.ping(Limits::NONE).unwrap();
    assert!(query(&mut connection, "die").unwrap_err().is_disconnect());
    assert!(!connection.is_alive());
    assert!(connection.ping(Limits::NONE).unwrap_err().is_disconnect());
    assert_eq!(connection.close(Limits::NONE).unwrap_err().sqlstate(), Some("08006"));
}

/// The script entry of the dialect's own.
pub fn a_script_tells_how_far_it_came(subject: &Subject) {
    let mut connection = subject.connect();
    let row = [Value::I64(1), Value::from("v")];
    query_with(&mut connection, "insert", &row, ExecuteOptions::default()).unwrap();
    let script = " rows 3 ; ;select;\nfail deadlock; select";
    let mut outcome = ScriptOutcome::default();
    let error = connection.execute_script(script, &mut outcome, Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("40P01"));
    assert_eq!(&script[..outcome.consumed], " rows 3 ; ;select;");
}
