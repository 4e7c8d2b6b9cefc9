//! Properties of URLs over generated ones: round trips, no panics, no leaked passwords.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};

use aludel::Url;
use aludel::url::HostPort;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Occurs in no message and no other part.
const SECRET: &str = "QZXJVKW";

fn hosts() -> impl Strategy<Value = Vec<HostPort>> {
    let name = prop_oneof!["[a-z0-9._-]{1,8}", "[a-f0-9:]{1,8}", "[^/?@,\\[\\]]{1,6}"];
    vec((name, any::<Option<u16>>()).prop_map(|(host, port)| HostPort::new(host, port)), 0..4)
}

fn query() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    btree_map(any::<String>(), vec(any::<String>(), 1..4), 0..4)
}

prop_compose! {
    /// Any URL but one with a password and no user name, which has no text form.
    fn url()(
        drivername in "[\\w+&&[\\p{L}\\p{Nd}_+]]{1,10}",
        login in any::<Option<(String, Option<String>)>>(),
        hosts in hosts(),
        database in any::<Option<String>>(),
        query in query(),
    ) -> Url {
        let mut url = Url::create(drivername).unwrap().with_hosts(hosts).unwrap();
        if let Some((username, password)) = login {
            url = url.with_username(username);
            url = password.into_iter().fold(url, Url::with_password);
        }
        url = database.into_iter().fold(url, Url::with_database);
        url.update_query_dict(query, false)
    }
}

/// Text with the pieces that the grammar cares about, more often than chance would bring them.
fn url_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[:/?@,&=+%#\\[\\]]{1,2}",
        "[a-z0-9]{1,4}",
        Just("://".to_owned()),
        Just("%FF".to_owned()),
        Just("[::1]".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn shown(value: &(impl Display + Debug)) -> String {
    format!("{value} {value:#} {value:?} {value:#?}")
}

proptest! {
    #[test]
    fn a_rendered_url_parses_to_an_equal_one(url in url()) {
        let text = url.render_as_string(false);
        let parsed = Url::parse(&text).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(parsed.render_as_string(false), text);
        prop_assert!(parsed == url);
    }

    #[test]
    fn a_parsed_url_renders_to_an_equal_one(rest in url_like()) {
        if let Ok(url) = Url::parse(&format!("db://{rest}")) {
            let again = Url::parse(&url.render_as_string(false));
            prop_assert!(again.is_ok_and(|again| again == url));
        }
    }

    #[test]
    fn any_host_that_is_taken_survives_a_round_trip(host in any::<String>(), port in any::<Option<u16>>()) {
        if let Ok(url) = Url::create("db").unwrap().with_hosts([HostPort::new(host, port)]) {
            prop_assert!(Url::parse(&url.render_as_string(false)).is_ok_and(|parsed| parsed == url));
        }
    }

    #[test]
    fn no_text_makes_parsing_panic(text in any::<String>(), like in url_like()) {
        let _ = Url::parse(&text);
        if let Ok(url) = Url::parse(&format!("db://{like}")) {
            let _ = url.multi_hosts();
            let _ = url.update_query_string(&text, true);
        }
    }

    #[test]
    fn what_is_printed_never_contains_the_password(
        url in url(),
        before in any::<String>(),
        after in any::<String>(),
    ) {
        let url = url.with_username("u").with_password(format!("{before}{SECRET}{after}"));
        let args = url.translate_connect_args(&[]);
        let printed = format!("{} {args:?} {}", shown(&url), url.render_as_string(true));
        prop_assert!(!printed.contains(SECRET), "{}", printed);
        prop_assert!(url.render_as_string(false).contains(SECRET));
    }

    #[test]
    fn a_raw_password_without_an_at_sign_is_hidden_or_refused(
        before in "[^@]{0,6}",
        after in "[^@]{0,6}",
        tail in "[a-z0-9/?=&]{0,12}",
    ) {
        match Url::parse(&format!("db://u:{before}{SECRET}{after}@{tail}")) {
            Ok(url) => prop_assert!(!shown(&url).contains(SECRET)),
            Err(error) => prop_assert!(!shown(&error).contains(SECRET)),
        }
    }

    #[test]
    fn no_error_repeats_any_part_of_the_text(before in url_like(), after in url_like(), scheme: bool) {
        let scheme = if scheme { "db://" } else { "" };
        let text = format!("{scheme}{before}{SECRET}{after}");
        let error = match Url::parse(&text) {
            Ok(url) => url.multi_hosts().err(),
            Err(error) => Some(error),
        };
        if let Some(error) = error {
            prop_assert!(!shown(&error).contains(SECRET));
        }
        if let Err(error) = Url::create(text) {
            prop_assert!(!shown(&error).contains(SECRET));
        }
    }

    #[test]
    fn options_that_carry_passwords_are_hidden(
        name in prop_oneof!["(?i-u:password)", "(?i-u:pwd)", "(?i-u:passwd)", "(?i-u:sslpassword)", "odbc_connect"],
    ) {
        let url = Url::create("db").unwrap().update_query_pairs([(name, SECRET)], false);
        let query = format!("{:?}", url.query());
        prop_assert!(!shown(&url).contains(SECRET) && !query.contains(SECRET));
        prop_assert!(url.render_as_string(false).ends_with(SECRET));
    }
}
