//! Every form in which hosts are written.

use std::path::Path;

use super::{config, config_in, endpoints, refusal, refusal_in, surroundings};
use crate::config::Endpoint;

fn hosts(url: &str) -> Vec<String> {
    endpoints(&config(url))
}

#[test]
fn hosts_and_ports_are_understood_in_libpqs_and_sqlalchemys_forms() {
    for (url, expected) in [
        ("postgresql://a/d", &["a:5432"][..]),
        ("postgresql://a:1/d", &["a:1"]),
        ("postgresql://a:1,b:2/d", &["a:1", "b:2"]),
        ("postgresql://a:1,b/d", &["a:1", "b:5432"]),
        ("postgresql://[::1]:7/d", &["[::1]:7"]),
        ("postgresql:///d?host=A:1&host=B:2", &["A:1", "B:2"]),
        ("postgresql:///d?host=A,B&port=1,2", &["A:1", "B:2"]),
        ("postgresql:///d?host=A,B", &["A:5432", "B:5432"]),
        ("postgresql:///d?host=A,::1&port=,2", &["A:5432", "[::1]:2"]),
        ("postgresql://h/d?host=A&host=B", &["A:5432", "B:5432"]),
        ("postgresql://h:1/d?port=2", &["h:2"]),
        ("postgresql://:6/d", &["localhost:6"]),
        ("postgresql:///d", &["localhost:5432"]),
        ("postgresql:///d?host=/run/pg", &["/run/pg/.s.PGSQL.5432"]),
        ("postgresql:///d?host=/run/pg&port=6", &["/run/pg/.s.PGSQL.6"]),
        ("postgresql://%2Frun%2Fpg/d", &["/run/pg/.s.PGSQL.5432"]),
        ("postgresql://%2frun%2fpg:6/d", &["/run/pg/.s.PGSQL.6"]),
        ("postgresql:///d?host=@pg", &["@pg/.s.PGSQL.5432"]),
        ("postgresql:///d?host=/a,b&port=1,2", &["/a/.s.PGSQL.1", "b:2"]),
    ] {
        assert_eq!(hosts(url), expected, "{url}");
    }
}

#[test]
fn an_abstract_socket_begins_with_a_nul_byte() {
    let Endpoint::Unix { directory, .. } = &config("postgresql:///d?host=@pg").hosts[0].endpoint
    else {
        panic!("a socket");
    };
    assert_eq!(directory, Path::new("\0pg"));
}

#[test]
fn addresses_spare_the_lookup_of_names() {
    let url = "postgresql://a,b/d?hostaddr=10.0.0.1,::1";
    let found: Vec<Endpoint> = config(url).hosts.into_iter().map(|host| host.endpoint).collect();
    let tcp = |host: &str, address: &str| Endpoint::Tcp {
        host: host.to_owned(),
        address: Some(address.parse().unwrap()),
        port: 5432,
    };
    assert_eq!(found, [tcp("a", "10.0.0.1"), tcp("b", "::1")]);
    assert_eq!(hosts("postgresql:///d?hostaddr=10.0.0.1&port=6"), ["10.0.0.1:6"]);
    assert_eq!(hosts("postgresql:///d?hostaddr=10.0.0.1,"), ["10.0.0.1:5432", "localhost:5432"]);
}

#[test]
fn hosts_and_ports_that_contradict_each_other_are_refused() {
    for (url, message) in [
        (
            "postgresql:///d?host=A&port=1&host=B&port=2",
            "the URL names its hosts and ports in more than one way",
        ),
        ("postgresql:///d?host=A,B&port=1", "the numbers of hosts (2) and ports (1) differ"),
        ("postgresql://a,b/d?host=c", "the URL names its hosts and ports in more than one way"),
        ("postgresql://a,b/d?hostaddr=10.0.0.1", "2 hosts and 1 addresses do not match"),
        (
            "postgresql://a/d?hostaddr=db",
            "option `hostaddr` must be numeric addresses, or empty, not \"db\"",
        ),
        ("postgresql://%2Frun%00/d", "a host holds a NUL byte"),
        ("postgresql:///d?host=/run%00", "a host holds a NUL byte"),
        ("postgresql://a:0/d", "a port is a number from 1 to 65535, not 0"),
        ("postgresql://a/d?port=x", "port 1 of the option `port` is not a number"),
    ] {
        let found = refusal(url);
        assert!(found.contains(message), "{url}: {found}");
    }
}

#[test]
fn the_default_is_a_socket_where_there_is_one_and_else_localhost() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(".s.PGSQL.6"), "").unwrap();
    let mut environment = surroundings(&[]);
    environment.socket_directories = vec!["/nonexistent".into(), directory.path().into()];
    let found = |url| endpoints(&config_in(url, &environment).unwrap());
    let socket = directory.path().join(".s.PGSQL.6").display().to_string();
    assert_eq!(found("postgresql://:6/d"), std::slice::from_ref(&socket));
    assert_eq!(found("postgresql:///d?port=6"), [socket]);
    assert_eq!(found("postgresql:///d"), ["localhost:5432"]);
    assert_eq!(found("postgresql://localhost:6/d"), ["localhost:6"]);
}

#[test]
fn hosts_and_ports_of_the_environment_are_for_urls_without() {
    let environment = surroundings(&[("PGHOST", "/run/pg, b"), ("PGPORT", "7")]);
    let found = |url| endpoints(&config_in(url, &environment).unwrap());
    assert_eq!(found("postgresql:///d"), ["/run/pg/.s.PGSQL.7", "b:7"]);
    assert_eq!(found("postgresql://:8/d"), ["/run/pg/.s.PGSQL.8", "b:8"]);
    assert_eq!(found("postgresql://h/d"), ["h:7"]);
    assert_eq!(found("postgresql:///d?host=h"), ["h:7"]);
    // libpq: a URL that lists hosts lists their ports as well, empty ones too.
    assert_eq!(found("postgresql://h,i/d"), ["h:5432", "i:5432"]);
    assert_eq!(found("postgresql:///d?host="), ["localhost:7"]);

    let lists = surroundings(&[("PGHOST", "a,b"), ("PGPORT", "1,2")]);
    assert_eq!(endpoints(&config_in("postgresql:///d", &lists).unwrap()), ["a:1", "b:2"]);
    assert_eq!(refusal_in("postgresql://h/d", &lists), "1 hosts and 2 ports do not match");
    let wrong = surroundings(&[("PGPORT", "0")]);
    assert_eq!(
        refusal_in("postgresql://h/d", &wrong),
        "environment variable PGPORT must be numbers from 1 to 65535, not \"0\""
    );
}
