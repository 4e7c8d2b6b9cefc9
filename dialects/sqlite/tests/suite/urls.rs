//! Every form of URL: what it opens, what it refuses.

use crate::support::{
    connect, connect_of, error_of, file_url, memory, plan, plan_of, run, scalar, script, text,
    try_connect,
};
use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dialect::{Dialect, option_key};
use aludel::error::ErrorKind;
use aludel_dialect_sqlite::Sqlite;

fn database(url: &str) -> String {
    let plan = plan(url).unwrap();
    plan.arguments.into_iter().find(|(name, _)| name == "database").unwrap().1
}

#[test]
fn databases_in_memory_are_private_where_no_engine_connects() {
    for url in [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite+pysqlite:///:memory:",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:name?mode=memory&uri=true",
        "sqlite:///name?mode=memory",
    ] {
        let mut one = connect(url);
        run(&mut one, "create table t (a)");
        let mut other = connect(url);
        assert_eq!(
            scalar(&mut other, "select count(*) from sqlite_schema"),
            Value::I64(0),
            "{url}"
        );
        let plan = plan(url).unwrap();
        assert_eq!(plan.pool.as_deref(), Some("SingletonThreadPool"), "{url}");
        assert!(!plan.keep_connected, "{url}");
    }
    assert_eq!(database("sqlite://"), ":memory:");
    assert_eq!(database("sqlite:///:memory:"), ":memory:");
}

#[test]
fn the_connections_of_an_engine_share_a_database_in_memory_while_one_is_open() {
    for (engine, url) in [(11, "sqlite://"), (12, "sqlite:///"), (13, "sqlite:///:memory:")] {
        let plan = plan_of(engine, url);
        assert_eq!(plan.pool.as_deref(), Some("QueuePool"), "{url}");
        assert!(plan.keep_connected, "{url}");
        assert_eq!(plan.arguments, [("database".to_owned(), ":memory:".to_owned())], "{url}");
        let mut one = connect_of(engine, url);
        run(&mut one, "create table t (a)");
        let mut other = connect_of(engine, url);
        assert_eq!(scalar(&mut other, "select count(*) from t"), Value::I64(0), "{url}");
        let mut stranger = connect_of(engine + 100, url);
        error_of(&mut stranger, "select * from t");
        drop((one, other));
        error_of(&mut connect_of(engine, url), "select * from t");
    }
}

#[test]
fn a_database_in_memory_with_parameters_of_a_uri_is_what_they_say() {
    for url in [
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:name?mode=memory&uri=true",
        "sqlite:///name?mode=memory",
        "sqlite:///?cache=private",
    ] {
        let mut one = connect_of(21, url);
        run(&mut one, "create table t (a)");
        error_of(&mut connect_of(21, url), "select * from t");
        let plan = plan_of(21, url);
        assert_eq!(plan.pool.as_deref(), Some("SingletonThreadPool"), "{url}");
        assert!(!plan.keep_connected, "{url}");
    }
    let shared = plan_of(21, "sqlite:///?cache=shared");
    assert_eq!(shared.pool.as_deref(), Some("QueuePool"));
    assert!(!shared.keep_connected);
}

#[test]
fn a_shared_database_in_memory_says_what_its_limit_is_when_it_is_full() {
    let mut connection = connect_of(31, "sqlite://");
    run(&mut connection, "create table t (a)");
    run(&mut connection, "pragma max_page_count = 3");
    let error = error_of(&mut connection, "insert into t values (zeroblob(100000))");
    assert_eq!(error.message(), "database or disk is full");
    assert!(error.help().unwrap().contains("at most 2 GiB"), "{error}");
}

#[test]
fn a_deadline_that_passes_while_waiting_for_another_connection_says_whose_it_is() {
    let mut holder = connect_of(41, "sqlite://");
    script(&mut holder, "create table t (a); begin; insert into t values (1)");
    let mut other = connect_of(41, "sqlite://?busy_timeout=60000");
    other.set_option(option_key::TIMEOUT, aludel::ValueRef::I64(20), Limits::NONE).unwrap();
    let error = error_of(&mut other, "insert into t values (2)");
    assert!(error.message().contains("while it waited for a lock"), "{error}");
    assert!(error.help().unwrap().starts_with("another connection of this engine"), "{error}");
}

#[test]
fn a_shared_cache_lets_connections_see_one_database_in_memory() {
    let url = "sqlite:///file:seen_by_two?mode=memory&cache=shared&uri=true";
    let (mut one, mut other) = (connect(url), connect(url));
    run(&mut one, "create table t (a)");
    assert_eq!(scalar(&mut other, "select count(*) from t"), Value::I64(0));
}

#[test]
fn a_uri_keeps_its_parameters_and_the_driver_gets_the_rest() {
    let plan = plan("sqlite:///file::memory:?cache=shared&uri=true&timeout=3").unwrap();
    let arguments: Vec<(&str, &str)> =
        plan.arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        arguments,
        [("database", "file::memory:?cache=shared"), ("timeout", "3"), ("uri", "true")]
    );
    assert_eq!(plan.pool.as_deref(), Some("QueuePool"));
}

#[test]
fn absolute_and_relative_paths_name_files() {
    let directory = tempfile::tempdir().unwrap();
    let url = file_url(&directory, "a b#c%25.db", "");
    let mut connection = connect(&url);
    run(&mut connection, "create table t (a)");
    assert!(directory.path().join("a b#c%.db").metadata().unwrap().len() > 0);
    assert_eq!(plan(&url).unwrap().pool.as_deref(), Some("QueuePool"));

    let relative = database("sqlite:///some/relative.db");
    let expected = std::env::current_dir().unwrap().join("some/relative.db");
    assert_eq!(relative, expected.display().to_string());
    assert_eq!(database("sqlite:////abs/x.db"), "/abs/x.db");
}

#[test]
fn a_name_that_begins_with_file_is_a_uri_only_when_the_url_says_so() {
    let plain = database("sqlite:///file:x.db");
    assert!(plain.starts_with('/') && plain.ends_with("/file:x.db"), "{plain}");
    assert_eq!(database("sqlite:///file:x.db?uri=true&mode=ro"), "file:x.db?mode=ro");
    assert_eq!(
        database("sqlite:///file:x.db%3Fnolock=1?uri=true&mode=ro"),
        "file:x.db?nolock=1&mode=ro"
    );
}

#[test]
fn special_characters_in_paths_survive_the_way_through_a_uri() {
    let directory = tempfile::tempdir().unwrap();
    let name = "what%3F 100%25 %23 a&b=c.db";
    let mut connection = connect(&file_url(&directory, name, "mode=rwc"));
    run(&mut connection, "create table t (a)");
    drop(connection);
    assert!(directory.path().join("what? 100% # a&b=c.db").exists());
    let mut again = connect(&file_url(&directory, name, "immutable=true"));
    assert_eq!(scalar(&mut again, "select name from sqlite_schema"), text("t"));
}

#[test]
fn user_password_host_and_port_are_refused_with_the_valid_forms() {
    let forms = "valid forms are sqlite:///:memory: (or sqlite://), \
                 sqlite:///relative/path/to/file.db and sqlite:////absolute/path/to/file.db";
    for (url, has) in [
        ("sqlite://u:p@/x.db", "a user name and a password"),
        ("sqlite://u@/x.db", "a user name"),
        ("sqlite://:5432/x.db", "a port"),
    ] {
        let error = try_connect(url).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert_eq!(error.message(), format!("invalid SQLite URL: it has {has}"));
        assert_eq!(error.help(), Some(forms), "{url}");
        assert_eq!(plan(url).unwrap_err().message(), error.message());
    }
    let error = try_connect("sqlite://x.db").unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "(sqlite.ArgumentError) invalid SQLite URL: it has a host\n  help: {forms}; for a file \
             `x.db` in the working directory write sqlite:///x.db"
        )
    );
}

#[test]
fn aliases_are_other_names_of_the_same_and_no_encrypted_database() {
    let aliases = Sqlite::INFO.aliases;
    assert_eq!(aliases, ["sqlite3", "sqlite+pysqlite", "sqlite+aiosqlite"]);
    assert!(!aliases.contains(&"sqlite+pysqlcipher"));
    assert_eq!(memory().info().name, "sqlite");
}
