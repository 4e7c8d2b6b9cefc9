//! Engines from a program's configuration.

use std::collections::BTreeMap;
use std::time::Duration;

use aludel::dbapi::IsolationLevel;
use aludel::pool::settings::{EchoPool, PoolClass};
use aludel::{Echo, Engine, ErrorKind, Result, engine_from_config};

use crate::memory;

fn configured(parameters: &[(&str, &str)]) -> Result<Engine> {
    memory(); // registers the dialect
    let url = [("sqlalchemy.url", "sqlite:///x.db")].into_iter();
    engine_from_config(url.chain(parameters.iter().copied()), "sqlalchemy.")
}

fn refusal(name: &str, value: &str) -> String {
    let error = configured(&[(name, value)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    error.to_string()
}

#[test]
fn every_parameter_is_read_from_text() {
    let engine = configured(&[
        ("sqlalchemy.echo", "debug"),
        ("sqlalchemy.echo_pool", "true"),
        ("sqlalchemy.future", "true"),
        ("sqlalchemy.hide_parameters", "yes"),
        ("sqlalchemy.insertmanyvalues_page_size", "10"),
        ("sqlalchemy.isolation_level", "read_uncommitted"),
        ("sqlalchemy.logging_name", "shop"),
        ("sqlalchemy.max_overflow", "-1"),
        ("sqlalchemy.paramstyle", "qmark"),
        ("sqlalchemy.pool_recycle", "3600"),
        ("sqlalchemy.pool_size", "7"),
        ("sqlalchemy.pool_timeout", "0.5"),
        ("sqlalchemy.poolclass", "QueuePool"),
        ("sqlalchemy.query_cache_size", "20"),
        ("sqlalchemy.statement_cache_size", "20"),
        ("sqlalchemy.use_insertmanyvalues", "false"),
        ("sqlalchemy.connect_args.foreign_keys", "true"),
        ("somebody_elses", "value"),
    ])
    .unwrap();
    assert_eq!((engine.echo(), engine.hide_parameters()), (Echo::Debug, true));
    assert_eq!(engine.query_cache().capacity, 20);
    let pool = engine.pool_config();
    assert_eq!((pool.class, pool.echo), (PoolClass::QueuePool, EchoPool::On));
    assert_eq!((pool.size, pool.max_open), (Some(7), None));
    assert_eq!(pool.recycle, Some(Duration::from_secs(3600)));
    assert_eq!(pool.timeout, Some(Duration::from_millis(500)));
    let options = &engine.connect_plan().arguments;
    assert!(options.contains(&("foreign_keys".into(), "true".into())), "{options:?}");
}

#[test]
fn any_map_and_any_prefix_will_do_and_the_program_has_the_last_word() {
    memory(); // registers the dialect
    let config: BTreeMap<String, String> =
        [("url", "sqlite://"), ("isolation_level", "AUTOCOMMIT"), ("echo", "true")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into();
    let builder = Engine::builder_from_config(&config, "").unwrap();
    let engine = builder.isolation_level(IsolationLevel::Serializable).echo(false).build().unwrap();
    assert_eq!(engine.echo(), Echo::Off);
    let mut connection = engine.connect().unwrap();
    connection.execute("create table t (x integer)", ()).unwrap();
    assert!(connection.in_transaction(), "not in autocommit");
}

#[test]
fn a_configuration_without_a_url_says_under_which_name_it_is_wanted() {
    let error = engine_from_config([("db.echo", "true")], "db.").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(error.message(), "the configuration has no `db.url`");
}

#[test]
fn an_unknown_parameter_is_named_with_the_one_that_was_probably_meant() {
    for (name, nearest) in [
        ("sqlalchemy.pool_sise", "did you mean `pool_size`?"),
        ("sqlalchemy.isolation_lvl", "did you mean `isolation_level`?"),
    ] {
        let text = refusal(name, "3");
        assert!(text.contains(&format!("`{name}` is no parameter of an engine")), "{text}");
        assert!(text.contains(nearest), "{text}");
    }
    let text = refusal("sqlalchemy.bogus", "1");
    assert!(text.contains("parameters are url, echo,") && text.contains("pool_size"), "{text}");
}

#[test]
fn a_parameter_without_meaning_says_why() {
    for (name, why) in [
        ("sqlalchemy.json_serializer", "JSON is written from the type that is given"),
        ("sqlalchemy.module", "link the dialect"),
        ("sqlalchemy.skip_autocommit_rollback", "is not rolled back anyway"),
        ("sqlalchemy.execution_options", "set them on the builder"),
    ] {
        let text = refusal(name, "true");
        assert!(text.contains(name) && text.contains(why), "{text}");
    }
    assert!(refusal("sqlalchemy.future", "false").contains("can only be true"));
}

#[test]
fn a_value_that_is_none_of_its_parameter_names_the_parameter() {
    for (name, value) in [
        ("sqlalchemy.echo", "loud"),
        ("sqlalchemy.hide_parameters", "perhaps"),
        ("sqlalchemy.isolation_level", "chaos"),
        ("sqlalchemy.paramstyle", "morse"),
        ("sqlalchemy.pool_size", "many"),
        ("sqlalchemy.query_cache_size", "-1"),
    ] {
        let text = refusal(name, value);
        assert!(text.contains(name) && text.contains(value), "{text}");
    }
}

#[test]
fn secrets_of_a_configuration_are_not_shown() {
    memory(); // registers the dialect
    for config in [
        [("url", "sqlite://u:geheim@h/x.db"), ("echo", "true")],
        [("url", "sqlite://"), ("connect_args.pasword", "geheim")],
    ] {
        let error = engine_from_config(config, "").unwrap_err();
        assert!(!format!("{error} {error:#} {error:?}").contains("geheim"), "{error}");
    }
}
