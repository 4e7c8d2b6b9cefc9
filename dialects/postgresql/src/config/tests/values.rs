//! Settings one by one: what they mean, what they are without a word, what is refused.

use std::time::Duration;

use super::{config, config_in, refusal, surroundings};
use crate::config::{ChannelBinding, Keepalives, LoadBalance, OPTIONS, TargetSessionAttrs};

fn parameters(url: &str) -> Vec<(String, String)> {
    config(url).parameters
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn what_nobody_says_is_as_in_libpq() {
    let config = config("postgresql://h");
    assert_eq!((config.user.as_str(), config.database.as_str()), ("os", "os"));
    assert!(config.hosts[0].password.is_none());
    assert_eq!(config.connect_timeout, None);
    assert_eq!(config.target_session_attrs, TargetSessionAttrs::Any);
    assert_eq!(config.load_balance_hosts, LoadBalance::Disable);
    assert_eq!(config.channel_binding, ChannelBinding::Prefer);
    assert_eq!(config.keepalives, Keepalives::default());
    assert_eq!(config.tcp_user_timeout, None);
    assert_eq!(config.parameters, pairs(&[("client_encoding", "UTF8")]));
    assert!(config.prepared_statements);
    assert_eq!(config.statement_cache_size, 256);
}

#[test]
fn user_password_and_database_come_from_their_parts_or_from_options() {
    let found = |url: &str| {
        let config = config(url);
        let password = config.hosts[0].password.as_ref().map(|secret| secret.expose().to_owned());
        (config.user, password.unwrap_or_default(), config.database)
    };
    let expected = |user: &str, password: &str, database: &str| {
        (user.to_owned(), password.to_owned(), database.to_owned())
    };
    assert_eq!(found("postgresql://u:p@h/d"), expected("u", "p", "d"));
    assert_eq!(found("postgresql://u%40x:p%2F@h/d%20e"), expected("u@x", "p/", "d e"));
    assert_eq!(found("postgresql://u@h/"), expected("u", "", "u"));
    assert_eq!(found("postgresql://u:p@h/d?user=v&password=q&dbname=e"), expected("v", "q", "e"));
}

#[test]
fn the_startup_message_says_name_and_options() {
    assert_eq!(
        parameters("postgresql://h/d?application_name=shop&options=-c%20geqo%3Doff"),
        pairs(&[
            ("client_encoding", "UTF8"),
            ("application_name", "shop"),
            ("options", "-c geqo=off")
        ])
    );
    let fallback = "postgresql://h/d?fallback_application_name=tool";
    assert_eq!(parameters(fallback)[1], ("application_name".to_owned(), "tool".to_owned()));
    let both = format!("{fallback}&application_name=shop");
    assert_eq!(parameters(&both)[1].1, "shop");
}

#[test]
fn the_encoding_is_utf8_whatever_it_is_called() {
    for name in ["UTF8", "utf-8", "Unicode", "auto"] {
        let url = format!("postgresql://h/d?client_encoding={name}");
        assert_eq!(parameters(&url), pairs(&[("client_encoding", "UTF8")]));
    }
    assert_eq!(
        refusal("postgresql://h/d?client_encoding=latin1"),
        "option `client_encoding` must be UTF8 or auto, not \"latin1\""
    );
    let terminal = surroundings(&[("PGCLIENTENCODING", "LATIN1")]);
    let config = config_in("postgresql://h/d", &terminal).unwrap();
    assert_eq!(config.parameters, pairs(&[("client_encoding", "UTF8")]));
}

#[test]
fn times_and_counts_are_read_and_zero_is_no_limit() {
    let config = config(
        "postgresql://h/d?connect_timeout=2.5&keepalives=0&keepalives_idle=10&\
         keepalives_interval=3&keepalives_count=4&tcp_user_timeout=1500",
    );
    assert_eq!(config.connect_timeout, Some(Duration::from_millis(2500)));
    assert_eq!(
        config.keepalives,
        Keepalives {
            enabled: false,
            idle: Some(Duration::from_secs(10)),
            interval: Some(Duration::from_secs(3)),
            count: Some(4),
        }
    );
    assert_eq!(config.tcp_user_timeout, Some(Duration::from_millis(1500)));

    let zero = super::config(
        "postgresql://h/d?connect_timeout=0&keepalives_idle=0&keepalives_interval=0&\
         keepalives_count=0&tcp_user_timeout=0",
    );
    assert_eq!((zero.connect_timeout, zero.tcp_user_timeout), (None, None));
    assert_eq!(zero.keepalives, Keepalives::default());
    let negative = surroundings(&[("PGCONNECT_TIMEOUT", "-1")]);
    assert_eq!(config_in("postgresql://h", &negative).unwrap().connect_timeout, None);
}

#[test]
fn prepared_statements_can_be_switched_off() {
    for url in [
        "postgresql://h/d?prepared_statements=off",
        "postgresql://h/d?statement_cache_size=0",
        "postgresql+asyncpg://h/d?prepared_statement_cache_size=0",
    ] {
        assert!(!config(url).prepared_statements, "{url}");
    }
    let sized = config("postgresql://h/d?statement_cache_size=10");
    assert!(sized.prepared_statements);
    assert_eq!(sized.statement_cache_size, 10);
}

#[test]
fn roles_and_balancing_are_words() {
    let config = config(
        "postgresql://a,b/d?target_session_attrs=Prefer-Standby&load_balance_hosts=random&\
         channel_binding=require",
    );
    assert_eq!(config.target_session_attrs, TargetSessionAttrs::PreferStandby);
    assert_eq!(config.load_balance_hosts, LoadBalance::Random);
    assert_eq!(config.channel_binding, ChannelBinding::Require);
    assert!(!config.target_session_attrs.must_write());
    assert!(TargetSessionAttrs::ReadWrite.must_write() && TargetSessionAttrs::Primary.must_write());
}

#[test]
fn values_that_make_no_sense_are_refused_by_name() {
    for (option, message) in [
        (
            "target_session_attrs=leader",
            "option `target_session_attrs` must be one of any, read-write, read-only, primary, \
             standby, prefer-standby, not \"leader\"",
        ),
        (
            "keepalives_idle=-1",
            "option `keepalives_idle` must be a whole number from 0, not \"-1\"",
        ),
        (
            "connect_timeout=soon",
            "option `connect_timeout` must be a number of seconds, not \"soon\"",
        ),
        (
            "connect_timeout=1e300",
            "option `connect_timeout` must be a number of seconds, not \"1e300\"",
        ),
        ("keepalives=maybe", "option `keepalives` must be true or false, not \"maybe\""),
        (
            "statement_cache_size=many",
            "option `statement_cache_size` must be a whole number from 0, not \"many\"",
        ),
        ("application_name=a%00b", "option `application_name` holds a NUL byte"),
        ("requirepeer=postgres", "option `requirepeer` is not supported"),
        (
            "gssencmode=require",
            "option `gssencmode` must be one of disable, prefer, not \"require\"",
        ),
    ] {
        assert_eq!(refusal(&format!("postgresql://h/d?{option}")), message, "{option}");
    }
    assert_eq!(refusal("postgresql://u%00@h/d"), "option `user` holds a NUL byte");
}

#[test]
fn passwords_are_never_printed() {
    let config = config("postgresql://u:hunter2@h/d");
    assert!(!format!("{config:?}").contains("hunter2"));
    let error = config_in("postgresql://u:hunter2%00@h/d", &surroundings(&[])).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
}

proptest::proptest! {
    #[test]
    fn no_value_of_any_option_breaks_it(
        options in proptest::collection::vec((0..OPTIONS.len(), "[ -~]{0,8}|.{0,4}"), 0..4)
    ) {
        let query = options.into_iter().map(|(index, value)| (OPTIONS[index].name, value));
        let url = aludel::Url::create("postgresql").unwrap().with_host("h").unwrap();
        let url = url.with_query(query.map(|(name, value)| (name.to_owned(), vec![value])).collect());
        let _ = config_in(&url.render_as_string(false), &surroundings(&[]));
    }
}
