//! Engines are made without connecting and shared between threads.

use std::time::Duration;

use aludel::pool::PoolClass;
use aludel::{Engine, ErrorKind, Url};

use crate::{builder, engine, file, memory, private_memory, try_engine};

#[test]
fn an_engine_on_an_unreachable_path_can_be_made_and_fails_at_its_first_use() {
    let engine = engine("sqlite:////no/such/directory/x.db");
    let error = engine.execute("select 1", ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Operational);
    let text = error.to_string();
    assert!(text.contains("/no/such/directory/x.db"), "{text}");
}

#[test]
fn an_engine_prints_its_url_with_the_password_masked() {
    assert_eq!(format!("{:?}", engine("sqlite:///a.db")), "Engine(sqlite:///a.db)");
    let url = Url::parse("sqlite://u:geheim@/x.db").unwrap();
    let error = try_engine(&url.render_as_string(false)).unwrap_err();
    assert!(!error.to_string().contains("geheim"), "{error}");
}

#[test]
fn a_malformed_url_is_reported_when_the_engine_is_built() {
    let error = Engine::builder("no url").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Url);
}

#[test]
fn an_unknown_option_names_the_nearest_one() {
    let error = try_engine("sqlite:///x.db?busy_timeuot=5").unwrap_err();
    assert_eq!(
        error.to_string(),
        "ArgumentError: dialect `sqlite` has no option `busy_timeuot`\n  help: did you mean `busy_timeout`?"
    );
}

#[test]
fn an_option_that_is_given_twice_is_refused() {
    let error = try_engine("sqlite:///x.db?mode=ro&mode=rw").unwrap_err();
    assert_eq!(
        error.to_string(),
        "ArgumentError: option `mode` of dialect `sqlite` is given more than once\n  \
         help: leave one mode=… in the URL"
    );
}

#[test]
fn an_option_of_the_wrong_type_shows_how_to_write_it() {
    let error = try_engine("sqlite:///x.db?busy_timeout=soon").unwrap_err();
    assert_eq!(
        error.to_string(),
        "ArgumentError: option `busy_timeout` must be a whole number, not \"soon\"\n  \
         help: write for example busy_timeout=5000"
    );
}

#[test]
fn values_of_options_that_the_dialect_calls_secret_are_never_shown() {
    let engine = Engine::builder("everything://h/db?key=geheim")
        .dialect(aludel::abi::static_dialect::<aludel_test_everything::Everything>())
        .build()
        .unwrap();
    assert_eq!(format!("{engine:?} {}", engine.url()).matches("geheim").count(), 0, "{engine:?}");
    assert_eq!(engine.url().query().get("key"), Some("geheim"), "the dialect gets it");
}

#[test]
fn an_option_that_can_run_code_is_refused_from_a_url_and_accepted_from_the_program() {
    let error = try_engine("sqlite:///x.db?load_extension=/tmp/evil.so").unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Plugin, Some("P09")));
    let engine = crate::builder("sqlite:///:memory:")
        .connect_arg("load_extension", "/no/such/extension")
        .build()
        .unwrap();
    assert!(engine.connect().is_err(), "the extension is not there");
}

#[test]
fn a_database_in_memory_is_the_same_for_every_use_of_its_engine() {
    let engine = memory();
    engine.execute("create table t (x integer)", ()).unwrap();
    engine.execute("insert into t values (1)", ()).unwrap();
    let count: i64 = engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(count, 1);
    let other: i64 = std::thread::spawn(move || {
        engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap()
    })
    .join()
    .unwrap();
    assert_eq!(other, 1);
}

#[test]
fn two_engines_on_memory_have_two_databases() {
    let (one, two) = (memory(), memory());
    one.execute("create table t (x integer)", ()).unwrap();
    assert!(two.execute("select * from t", ()).is_err());
}

#[test]
fn a_thread_that_asks_twice_for_the_one_connection_is_told_so() {
    for timeout in [None, Some(Duration::from_millis(50))] {
        let engine = builder("sqlite://").poolclass(PoolClass::StaticPool).pool_timeout(timeout);
        let engine = engine.build().unwrap();
        let held = engine.connect().unwrap();
        // For ever nobody waits, and for a limited time whoever waits is told at the end.
        let error = engine.connect().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains("this thread already holds"), "{error}");
        drop(held);
        engine.connect().unwrap();
    }
}

#[test]
fn another_thread_waits_for_the_one_connection() {
    let engine = private_memory();
    let held = engine.connect().unwrap();
    let other = engine.clone();
    let waiter = std::thread::spawn(move || other.execute("select 7", ())?.scalar::<i64>());
    std::thread::sleep(Duration::from_millis(20));
    assert!(!waiter.is_finished());
    drop(held);
    assert_eq!(waiter.join().unwrap().unwrap(), 7);
}

#[test]
fn sixteen_threads_use_a_file_at_once() {
    let (_directory, url) = file();
    let engine = engine(&format!("{url}?busy_timeout=30000"));
    engine.execute("create table t (x integer)", ()).unwrap();
    std::thread::scope(|scope| {
        for i in 0..16 {
            let engine = &engine;
            scope.spawn(move || engine.execute("insert into t values (?)", (i,)).unwrap());
        }
    });
    let sum: i64 = engine.execute("select sum(x) from t", ()).unwrap().scalar().unwrap();
    assert_eq!(sum, 120);
}

#[test]
fn engines_connections_and_owned_results_move_between_threads() {
    fn assert_send<T: Send + 'static>(_: &T) {}
    fn assert_sync<T: Sync>(_: &T) {}
    let engine = memory();
    assert_sync(&engine);
    let result = engine.execute("select 1", ()).unwrap();
    assert_send(&result);
    drop(result);
    assert_send(&engine.connect().unwrap());
}

#[test]
fn an_option_that_can_run_code_is_accepted_from_a_url_once_the_program_allows_it_by_name() {
    let engine = crate::builder("sqlite:///:memory:?load_extension=/no/such/extension")
        .allow_option("sqlite.load_extension")
        .build()
        .unwrap();
    let error = engine.connect().unwrap_err().to_string();
    assert!(error.contains("/no/such/extension"), "the extension is looked for: {error}");
}

#[test]
fn an_engine_accepts_the_schemes_that_the_program_lists() {
    let build = |url| crate::builder(url).schemes(["sqlite"]).build();
    assert!(build("sqlite:///:memory:").is_ok());
    let error = build("postgresql://app:geheim@db/orders?sslkey=k").unwrap_err();
    assert_eq!(
        error.to_string(),
        "error[P22]: scheme `postgresql` is not accepted here\n  help: accepted: sqlite\n  \
         url: postgresql://app:***@db/orders?sslkey=***"
    );
}
