//! What the errors of URLs say, word for word, and that they say nothing of the password.

use aludel::url::HostPort;
use aludel::{Error, ErrorKind, Url};

fn refused(text: &str) -> Error {
    let error = Url::parse(text).expect_err(text);
    assert_eq!(error.kind(), ErrorKind::Url, "{text}");
    error
}

const SCHEME_HELP: &str = "\n  help: a URL looks like \
    `dialect[+driver]://user:password@host:port/database?name=value`, \
    for example `sqlite:///file.db`";

#[test]
fn an_at_sign_in_the_password_is_explained_without_the_password() {
    for text in ["db://u:p@w@host", "db://u:p@w@@host/d", "db://u:p@x:1@host:5432/d?a=b"] {
        assert_eq!(
            refused(text).to_string(),
            "UrlError: the password seems to contain an `@`, at character 9 of the URL\n  \
             help: write `@` in a password as `%40`; the only plain `@` is the one before the host"
        );
    }
}

#[test]
fn positions_count_characters_not_bytes() {
    let message = refused("déjà://ü:ß@w@host").message().to_owned();
    assert_eq!(message, "the password seems to contain an `@`, at character 11 of the URL");
}

#[test]
fn an_at_sign_after_the_host_is_an_ordinary_character() {
    let url = Url::parse("db://u:p@h/a@b").unwrap();
    assert_eq!((url.host(), url.database()), (Some("h"), Some("a@b")));
    let url = Url::parse("db://u:p@h?x=a@b").unwrap();
    assert_eq!((url.host(), url.query().get("x")), (Some("h"), Some("a@b")));
    let url = Url::parse("db://h?x=a@b").unwrap();
    assert_eq!((url.username(), url.host(), url.query().get("x")), (None, Some("h"), Some("a@b")));
    let url = Url::parse("db://u@h?x=a@b:c").unwrap();
    assert_eq!((url.username(), url.host()), (Some("u"), Some("h")));
}

#[test]
fn an_at_sign_in_the_user_name_is_read_as_part_of_it() {
    let url = Url::parse("db://u@realm:p@host/d").unwrap();
    assert_eq!((url.username(), url.password()), (Some("u@realm"), Some("p")));
    let url = Url::parse("db://u@realm@host:5/d").unwrap();
    assert_eq!((url.username(), url.host(), url.port()), (Some("u@realm"), Some("host"), Some(5)));
}

#[test]
fn a_text_with_two_readings_is_refused_with_both() {
    let expected = "UrlError: what stands before the `@` at character 14 of the URL reads both as a \
        user with a password and as a host with a database or options\n  \
        help: in a password write `/` as `%2F` and `?` as `%3F`; after the host write `@` as `%40`";
    assert_eq!(refused("db://h:5432/a@b").to_string(), expected);
    for text in ["db://u@h:5432/a@b", "db://h:5432?x=a@b", "db://[::1]/a@b", "db://h:1,i:2/a@b"] {
        assert!(refused(text).message().contains("reads both as"), "{text}");
    }
    assert_eq!(Url::parse("db://u:543x/a@b").unwrap().password(), Some("543x/a"));
}

#[test]
fn a_port_that_is_no_port_is_refused_without_repeating_it() {
    for text in ["db://host:abc/d", "db://host:/d", "db://user:secret", "db://host:65536/d"] {
        assert_eq!(
            refused(text).to_string(),
            "UrlError: the port at character 11 of the URL is not a number from 0 to 65535\n  \
             help: for the default port leave out the `:` too; if this is `user:password`, the \
             `@host` after it is missing"
        );
    }
    for text in ["db://h:+1", "db://h:-1", "db://h:1_0", "db://h: 1", "db://h:1 ", "db://h:１"] {
        assert!(refused(text).message().starts_with("the port at character 8 "), "{text}");
    }
    assert_eq!(Url::parse("db://h:65535").unwrap().port(), Some(65535));
    assert_eq!(Url::parse("db://h:0005").unwrap().port(), Some(5));
    assert_eq!(Url::parse("db://h:0").unwrap().port(), Some(0));
}

#[test]
fn an_ipv6_address_without_brackets_is_explained() {
    assert_eq!(
        refused("db://::1/d").to_string(),
        "UrlError: the port at character 7 of the URL is not a number from 0 to 65535\n  \
         help: write an IPv6 address in brackets, as in `[::1]:5432`"
    );
    assert_eq!(
        refused("db://u:p@h,[::1]x/d").to_string(),
        "UrlError: the host's `]` has text after it at character 17 of the URL\n  \
         help: after an IPv6 address in brackets comes `:port`, `,`, `/`, `?` or nothing"
    );
}

#[test]
fn an_empty_entry_in_a_list_of_hosts_is_refused() {
    assert_eq!(
        refused("db://h1:1,,h2/d").to_string(),
        "UrlError: the list of hosts has an empty entry at character 11 of the URL\n  \
         help: write the hosts as in `h1:5432,h2:5432`"
    );
    assert!(refused("db://h1,").message().contains("empty entry at character 9 "));
}

#[test]
fn a_text_without_a_usable_scheme_is_told_what_a_url_looks_like() {
    for (text, message) in [
        ("", "UrlError: the URL is empty"),
        ("u:secret@host/d", "UrlError: the URL has no `://`"),
        ("://u:secret@host/d", "error[P11]: the URL has no dialect name before `://`"),
        (
            "jdbc:db://u:secret@host/d",
            "error[P11]: the dialect name before `://` has something other than letters, digits, \
             `_`, `-` and `+` at character 5",
        ),
    ] {
        assert_eq!(refused(text).to_string(), format!("{message}{SCHEME_HELP}"));
    }
}

#[test]
fn a_url_over_the_limit_is_refused_and_one_at_the_limit_is_read() {
    let at_limit = format!("db://h/{}", "x".repeat(Url::MAX_LEN - 7));
    assert!(Url::parse(&at_limit).is_ok());
    assert_eq!(
        refused(&format!("{at_limit}x")).to_string(),
        "UrlError: the URL is 65537 bytes long, the limit is 65536\n  \
         help: keep long values such as certificates in files and give their names"
    );
}

#[test]
fn a_line_break_in_the_query_does_not_cut_it_short() {
    let url = Url::parse("db://h/d?a=1\n2&b=3\n").unwrap();
    assert_eq!((url.query().get("a"), url.query().get("b")), (Some("1\n2"), Some("3\n")));
}

#[test]
fn bytes_that_are_not_utf8_are_refused_by_the_name_of_the_part() {
    for (text, part) in [
        ("db://u%FF:p@h/d", "user name"),
        ("db://u:secret%FF@h/d", "password"),
        ("db://h/d%FF", "database"),
        ("db://h/d?a=%FF", "query"),
        ("db://h/d?%C3=a", "query"),
    ] {
        assert_eq!(
            refused(text).to_string(),
            format!(
                "UrlError: the {part} of the URL is not UTF-8 after percent-decoding\n  \
                 help: percent-encode the UTF-8 bytes of the text, for example `%C3%A9` for `é`"
            )
        );
    }
}

#[test]
fn plain_values_that_no_url_can_hold_are_wrong_arguments() {
    let error = Url::create("db://u:secret@h").unwrap_err();
    assert_eq!(
        error.to_string(),
        "ArgumentError: a dialect name is made of letters, digits, `_`, `-` and `+`, and is not empty\n  \
         help: pass only what stands before `://`; `Url::parse` reads the text of a whole URL"
    );
    let url = Url::create("db").unwrap();
    assert_eq!(
        url.clone().with_host("/run/db").unwrap_err().to_string(),
        "ArgumentError: a host cannot contain any of `/?@,[]`\n  \
         help: give an IPv6 address without brackets, a socket directory as the option `host`"
    );
    let hosts = [HostPort::new("h", None), HostPort::new("", Some(1))];
    assert_eq!(
        url.with_hosts(hosts).unwrap_err().to_string(),
        "ArgumentError: host 2 of the list is empty\n  help: only a single host can be left out"
    );
}
