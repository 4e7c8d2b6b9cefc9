//! What a dialect gets of a URL.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use aludel::abi::host::Limits;
use aludel::dialect::ConnectArgs;
use aludel::url::HostPort;
use aludel::{ErrorKind, Value};

use crate::subject::{Subject, arguments, query};

fn full() -> ConnectArgs<'static> {
    let option = |name, value| (Cow::Borrowed(name), Cow::Borrowed(value));
    ConnectArgs {
        scheme: "everything+more",
        hosts: vec![HostPort::new("db1", Some(65_535)), HostPort::new("/run/db", None)],
        username: Some("grüße"),
        password: Some("p@ss"),
        database: Some(""),
        options: vec![option("mode", "fast"), option("mode", "safe"), option("flag", "true")],
        is_untrusted: true,
        engine: u64::MAX - 1,
    }
}

/// Hosts, ports, names, repeated options, and the difference between empty and absent.
pub fn every_part_of_the_url_arrives(subject: &Subject) {
    let told = |args: &ConnectArgs<'_>| {
        let mut connection = subject.dialect.connect(args, Limits::NONE).unwrap();
        let rows = query(&mut connection, "arguments").unwrap();
        let pair = |row: &Vec<Value>| match &row[..] {
            [Value::Text(name), Value::Text(value)] => format!("{name}={value}"),
            other => panic!("a name and a value: {other:?}"),
        };
        rows.iter().map(pair).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&full()),
        [
            "scheme=everything+more",
            "host=db1:Some(65535)",
            "host=/run/db:None",
            "username=Some(\"grüße\")",
            "password=Some(\"p@ss\")",
            "database=Some(\"\")",
            "mode=fast",
            "mode=safe",
            "flag=true",
            "engine=18446744073709551614",
            "untrusted=true",
        ]
    );
    let bare = ["scheme=test", "username=None", "password=None", "database=None"];
    assert_eq!(told(&arguments()), bare);
}

/// `create_connect_args`.
pub fn the_url_is_checked_without_connecting(subject: &Subject) {
    let plan = subject.dialect.create_connect_args(&full()).unwrap();
    assert_eq!(plan.pool.as_deref(), Some("SingletonThreadPool"));
    assert!(plan.keep_connected && plan.pool_use_lifo);
    assert!(!subject.dialect.create_connect_args(&arguments()).unwrap().keep_connected);
    let pairs: Vec<(&str, &str)> =
        plan.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let expected = [
        ("scheme", "everything+more"),
        ("host", "db1 port 65535"),
        ("host", "/run/db port default"),
    ];
    assert_eq!(pairs, expected);

    let mut wrong = arguments();
    wrong.options = vec![(Cow::Borrowed("number"), Cow::Borrowed("many"))];
    let error = subject.dialect.create_connect_args(&wrong).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(error.message(), "option `number` must be a whole number, not \"many\"");
    assert_eq!(error.help(), Some("write for example number=5000"));
}

/// An error of connecting.
pub fn a_refusal_does_not_show_the_password(subject: &Subject) {
    let args = ConnectArgs { username: Some("nobody"), ..full() };
    let error = subject.dialect.connect(&args, Limits::NONE).unwrap_err();
    assert_eq!(error.sqlstate(), Some("28000"));
    assert!(!format!("{error} {error:?}").contains("p@ss"));
}

/// The deadline of connecting.
pub fn connecting_ends_at_its_deadline(subject: &Subject) {
    let mut slow = arguments();
    slow.options = vec![(Cow::Borrowed("wait"), Cow::Borrowed("60"))];
    let start = Instant::now();
    let limits = Limits::within(Duration::from_millis(30));
    let error = subject.dialect.connect(&slow, limits).unwrap_err();
    assert_eq!(error.sqlstate(), Some("HYT00"));
    assert!(start.elapsed() < Duration::from_secs(30));
}
