//! Parameters of engines: what they do, and which are refused.

use std::time::Duration;

use aludel::dbapi::IsolationLevel;
use aludel::dialect::ParamStyle;
use aludel::pool::settings::{PoolClass, ResetOnReturn};
use aludel::{Echo, ErrorKind, ExecutionOptions};

use crate::{builder, file};

#[test]
fn what_is_not_set_has_the_defaults_of_sqlalchemy() {
    let engine = builder("sqlite:///x.db").build().unwrap();
    assert_eq!((engine.echo(), engine.hide_parameters()), (Echo::Off, false));
    assert_eq!(engine.query_cache().capacity, 500);
    assert_eq!(engine.get_execution_options(), ExecutionOptions::new());
    let pool = engine.pool_config();
    assert_eq!((pool.class, pool.size, pool.max_open), (PoolClass::QueuePool, Some(5), Some(15)));
    assert_eq!((pool.timeout, pool.recycle), (Some(Duration::from_secs(30)), None));
    assert_eq!((pool.pre_ping, pool.reset_on_return), (false, ResetOnReturn::Rollback));
}

#[test]
fn an_engine_tells_what_it_was_made_of() {
    let engine = builder("sqlite:///x.db")
        .echo(Echo::Debug)
        .hide_parameters(true)
        .pool_recycle(Duration::from_secs(3600))
        .pool_pre_ping(true)
        .pool_logging_name("orders")
        .build()
        .unwrap();
    assert_eq!((engine.name(), engine.driver()), ("sqlite", "rusqlite"));
    assert_eq!((engine.echo(), engine.hide_parameters()), (Echo::Debug, true));
    let pool = engine.pool_config();
    assert_eq!((pool.recycle, pool.pre_ping), (Some(Duration::from_secs(3600)), true));
    assert_eq!(pool.logging_name.as_deref(), Some("orders"));
    engine.clone().set_echo(true);
    assert_eq!(engine.echo(), Echo::On, "clones share everything");
}

#[test]
fn an_isolation_level_that_the_dialect_does_not_have_is_refused_when_the_engine_is_made() {
    let builder = builder("sqlite://").isolation_level(IsolationLevel::Snapshot);
    assert_eq!(
        builder.build().unwrap_err().to_string(),
        "ArgumentError: dialect `sqlite` has no isolation_level SNAPSHOT\n  \
         help: it has SERIALIZABLE, READ UNCOMMITTED, AUTOCOMMIT"
    );
}

#[test]
fn the_isolation_level_of_an_engine_is_set_on_each_new_connection() {
    let (_directory, url) = file();
    let engine = builder(&url).isolation_level(IsolationLevel::ReadUncommitted).build().unwrap();
    for _ in 0..2 {
        let mut connection = engine.connect().unwrap();
        let level: i64 = connection.scalar("pragma read_uncommitted", ()).unwrap();
        assert_eq!(level, 1);
        assert_eq!(connection.default_isolation_level(), Some(IsolationLevel::Serializable));
    }
}

#[test]
fn connections_of_an_engine_in_autocommit_begin_nothing() {
    let (_directory, url) = file();
    let engine = builder(&url).isolation_level(IsolationLevel::Autocommit).build().unwrap();
    let mut connection = engine.connect().unwrap();
    connection.execute("create table t (x integer)", ()).unwrap();
    assert!(!connection.in_transaction());
    drop(connection);
    let count: i64 = engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(count, 0, "the table is there");
}

#[test]
fn the_paramstyle_can_only_be_that_of_the_dialect() {
    builder("sqlite://").paramstyle(ParamStyle::Qmark).build().unwrap();
    let error = builder("sqlite://").paramstyle(ParamStyle::Pyformat).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert_eq!(error.message(), "dialect `sqlite` has the paramstyle qmark, not pyformat");
}

#[test]
fn settings_that_contradict_each_other_are_refused_when_the_engine_is_made() {
    let queue = || builder("sqlite:///x.db");
    for (builder, setting, pool) in [
        (queue().poolclass(PoolClass::NullPool).pool_pre_ping(true), "pool_pre_ping", "NullPool"),
        (queue().pool_size(0).max_overflow(3), "max_overflow", "QueuePool"),
        (queue().pool_recycle(Duration::ZERO), "pool_recycle", "QueuePool"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.message().contains(setting) && error.message().contains(pool), "{error}");
    }
}

#[test]
fn options_of_the_program_win_over_those_of_the_url() {
    let engine = builder("sqlite://?foreign_keys=false")
        .connect_args([("foreign_keys", true)])
        .connect_arg("busy_timeout", 10)
        .build()
        .unwrap();
    let are_checked: i64 = engine.execute("pragma foreign_keys", ()).unwrap().scalar().unwrap();
    assert_eq!(are_checked, 1);
    let error = builder("sqlite://").connect_arg("foreign_kees", true).build().unwrap_err();
    assert_eq!(error.help(), Some("did you mean `foreign_keys`?"));
}

#[test]
fn a_builder_prints_no_secret() {
    let builder = builder("everything://u:geheim@h/d?key=tresor").connect_arg("key", "verborgen");
    let text = format!("{builder:?}");
    assert!(text.contains("everything://u:***@h/d"), "{text}");
    assert!(
        ["geheim", "tresor", "verborgen"].iter().all(|secret| !text.contains(secret)),
        "{text}"
    );
}

#[test]
fn the_cache_of_compiled_texts_can_be_emptied() {
    let engine = builder("sqlite://").query_cache_size(2).build().unwrap();
    for sql in ["select 1", "select 2", "select 3"] {
        engine.execute(sql, ()).unwrap().scalar::<i64>().unwrap();
    }
    let full = engine.query_cache();
    assert_eq!((full.size, full.capacity, full.misses), (2, 2, 3));
    engine.clear_compiled_cache();
    assert_eq!((engine.query_cache().size, engine.query_cache().misses), (0, 3));
}
