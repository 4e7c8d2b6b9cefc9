//! Several hosts: the ways to write them, what they resolve to, and what contradicts itself.

use aludel::Url;
use aludel::url::{ConnectArg, HostPort};

fn hosts(list: &[(&str, Option<u16>)]) -> Vec<HostPort> {
    list.iter().map(|(host, port)| HostPort::new(*host, *port)).collect()
}

#[test]
fn an_authority_may_list_hosts_with_and_without_ports() {
    let url = Url::parse("db://u:p@h1:1,[fe80::1%eth0]:2,h3,[::1]/d?a=1").unwrap();
    let expected =
        hosts(&[("h1", Some(1)), ("fe80::1%eth0", Some(2)), ("h3", None), ("::1", None)]);
    assert_eq!(url.hosts(), expected);
    assert_eq!(url.multi_hosts().unwrap(), expected);
    assert_eq!((url.host(), url.port(), url.database()), (Some("h1"), Some(1), Some("d")));
    assert_eq!(url.to_string(), "db://u:***@h1:1,[fe80::1%eth0]:2,h3,[::1]/d?a=1");
}

#[test]
fn every_way_to_write_hosts_resolves_to_one_list() {
    for (text, expected) in [
        ("db:///d", &[][..]),
        ("db://:5/d", &[("", Some(5))]),
        ("db:///d?port=5", &[("", Some(5))]),
        ("db:///d?host=", &[]),
        ("db:///d?host=A:1&host=B:2", &[("A", Some(1)), ("B", Some(2))]),
        ("db:///d?host=A:1,B", &[("A", Some(1)), ("B", None)]),
        ("db:///d?host=A,B&port=1,2", &[("A", Some(1)), ("B", Some(2))]),
        ("db:///d?host=A,B&port=,2", &[("A", None), ("B", Some(2))]),
        ("db:///d?host=A,B&port=1&port=2", &[("A", Some(1)), ("B", Some(2))]),
        ("db:///d?host=A&port=1", &[("A", Some(1))]),
        ("db://h:9/d?host=A&host=B", &[("A", None), ("B", None)]),
        ("db://h:9/d?port=7", &[("h", Some(7))]),
        ("db://h1,h2/d?port=1,2", &[("h1", Some(1)), ("h2", Some(2))]),
        ("db:///d?host=[::1]:5,::2", &[("::1", Some(5)), ("::2", None)]),
        ("db:///d?host=/run/db", &[("/run/db", None)]),
        ("db:///d?host=/run/a:b,@abstract", &[("/run/a:b", None), ("@abstract", None)]),
    ] {
        assert_eq!(Url::parse(text).unwrap().multi_hosts().unwrap(), hosts(expected), "{text}");
    }
}

#[test]
fn mixed_forms_and_unequal_numbers_are_refused() {
    const MIXED: &str = "the URL names its hosts and ports in more than one way";
    for (text, message) in [
        ("db:///d?host=A&port=1&host=B&port=2", MIXED),
        ("db:///d?host=A:1&port=2", MIXED),
        ("db:///d?host=A:1,B:2&port=1,2", MIXED),
        ("db://h1,h2/d?host=A", MIXED),
        ("db://h1:1,h2/d?port=1,2", MIXED),
        ("db:///d?host=A,B&port=1", "the numbers of hosts (2) and ports (1) differ"),
        ("db:///d?port=1,2", "the numbers of hosts (0) and ports (2) differ"),
        ("db://h/d?port=1,2", "the numbers of hosts (1) and ports (2) differ"),
        ("db:///d?host=A,,B", "host 2 of the option `host` is empty"),
        ("db:///d?host=[::1]x", "host 1 of the option `host` has text after its `]`"),
        (
            "db:///d?host=A,B:x",
            "the port of host 2 of the option `host` is not a number from 0 to 65535",
        ),
        (
            "db:///d?host=A&port=65536",
            "port 1 of the option `port` is not a number from 0 to 65535",
        ),
    ] {
        let error = Url::parse(text).unwrap().multi_hosts().expect_err(text);
        assert_eq!(error.message(), message, "{text}");
        assert!(error.help().is_some(), "{text}");
    }
}

#[test]
fn connect_arguments_list_several_hosts_with_commas() {
    let url = Url::parse("db://u:p@h1,h2:2/d").unwrap();
    let args = url.translate_connect_args(&[("username", "user")]);
    assert_eq!(
        args,
        [
            ("host", ConnectArg::Text("h1,h2".into())),
            ("database", ConnectArg::Text("d".into())),
            ("user", ConnectArg::Text("u".into())),
            ("password", ConnectArg::Secret("p")),
            ("port", ConnectArg::Text(",2".into())),
        ]
    );
    assert!(!format!("{args:?}").contains("\"p\""));
}

#[test]
fn replacing_the_host_keeps_the_first_port() {
    let url = Url::parse("db://h1:1,h2:2").unwrap();
    assert_eq!(url.clone().with_port(9).to_string(), "db://h1:9,h2:2");
    assert_eq!(url.clone().with_host("::1").unwrap().to_string(), "db://[::1]:1");
    assert_eq!(url.with_hosts([HostPort::new("", None)]).unwrap().to_string(), "db://");
}
