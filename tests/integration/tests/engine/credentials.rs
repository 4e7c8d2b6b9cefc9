//! Credentials that are asked for at each connect, and connections that the program opens.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aludel::abi::host::{DriverDialect, Limits};
use aludel::abi::static_dialect;
use aludel::engine::Credentials;
use aludel::{Engine, EngineBuilder, Error, ErrorKind};
use aludel_test_everything::Everything;

use crate::{builder, file};

fn everything(url: &str) -> EngineBuilder {
    Engine::builder(url).dialect(static_dialect::<Everything>())
}

/// What the driver was given under this name, by its own account.
fn given(engine: &Engine, name: &str) -> String {
    let mut connection = engine.connect().unwrap();
    let rows = connection.execute("arguments", ()).unwrap().all::<(String, String)>().unwrap();
    rows.into_iter().find(|(given, _)| given == name).expect("it was given").1
}

#[test]
fn each_connect_asks_for_credentials() {
    let asked = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&asked);
    let engine = everything("everything://scott:tiger@h/of_tokens")
        .credentials(move || {
            let number = counter.fetch_add(1, Ordering::Relaxed) + 1;
            Ok(Credentials::password(format!("token-{number}")))
        })
        .build()
        .unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 0, "making an engine asks for nothing");
    for number in 1..=3 {
        assert_eq!(given(&engine, "password"), format!("Some(\"token-{number}\")"));
        assert_eq!(given(&engine, "username"), "Some(\"scott\")", "that of the URL");
        engine.dispose();
    }
}

#[test]
fn credentials_may_name_another_user() {
    let engine = everything("everything://scott:tiger@h/of_users")
        .credentials(|| Ok(Credentials::password("t").with_username("root")))
        .build()
        .unwrap();
    assert_eq!(given(&engine, "username"), "Some(\"root\")");
}

#[test]
fn no_secret_of_a_provider_is_shown() {
    let engine = everything("everything://nobody@h/d")
        .credentials(|| Ok(Credentials::password("geheim").with_username("nobody")))
        .build()
        .unwrap();
    let error = engine.connect().unwrap_err();
    assert_eq!(error.sqlstate(), Some("28000"));
    let credentials = Credentials::password("geheim");
    let text = format!("{error} {error:#} {error:?} {engine:?} {credentials:?} {credentials:#?}");
    assert!(!text.contains("geheim"), "{text}");
}

#[test]
fn an_error_of_the_provider_is_the_error_of_connecting_and_leaves_nothing_behind() {
    let fails = Arc::new(AtomicU32::new(1));
    let left = Arc::clone(&fails);
    let engine = everything("everything://h/of_failures")
        .credentials(move || {
            match left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)) {
                Ok(_) => Err(Error::operational("the vault is sealed")),
                Err(_) => Ok(Credentials::password("t")),
            }
        })
        .build()
        .unwrap();
    let error = engine.connect().unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Operational, "the vault is sealed"));
    assert_eq!(engine.checkedout(), 0);
    engine.connect().unwrap();
}

#[test]
fn a_creator_opens_connections_in_place_of_the_engine() {
    let (_directory, url) = file();
    let path = url.strip_prefix("sqlite:///").unwrap().to_owned();
    let engine = builder("sqlite:///nowhere/of_the_url.db")
        .creator(move |request| {
            assert_eq!(request.dialect().info().name, "sqlite");
            let mut args = request.args().clone();
            args.database = Some(&path);
            request.connect_with(&args)
        })
        .build()
        .unwrap();
    engine.execute("create table t (x integer)", ()).unwrap();
    assert!(crate::engine(&url).execute("select * from t", ()).is_ok(), "the file of the creator");
}

#[test]
fn a_creator_gets_the_credentials_and_may_refuse() {
    let engine = everything("everything://h/of_creators")
        .credentials(|| Ok(Credentials::password("geheim").with_username("app")))
        .creator(|request| {
            let (user, password) = (request.args().username, request.args().password);
            assert!(!format!("{request:?}").contains("geheim"));
            match (user, password) {
                (Some("app"), Some("geheim")) => Err(Error::operational("closed on Sundays")),
                other => panic!("{other:?}"),
            }
        })
        .build()
        .unwrap();
    assert_eq!(engine.connect().unwrap_err().message(), "closed on Sundays");
}

#[test]
fn a_creator_that_gives_a_connection_of_another_dialect_is_told_so() {
    let engine = everything("everything://h/of_others")
        .creator(move |request| {
            let dialect = DriverDialect::from(aludel_dialect_sqlite::dialect());
            let mut args = request.args().clone();
            (args.hosts, args.database) = (Vec::new(), None);
            dialect.connect(&args, Limits::NONE)
        })
        .build()
        .unwrap();
    let error = engine.connect().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(error.message().contains("`sqlite`") && error.message().contains("`everything`"));
}

#[test]
fn a_creator_that_panics_leaves_the_engine_usable() {
    let panics = Arc::new(AtomicU32::new(1));
    let engine = builder("sqlite://")
        .creator(move |request| {
            assert_ne!(panics.swap(0, Ordering::Relaxed), 1, "asked to panic");
            request.connect()
        })
        .build()
        .unwrap();
    let other = engine.clone();
    std::thread::spawn(move || other.connect().map(drop)).join().unwrap_err();
    assert_eq!(engine.checkedout(), 0);
    let one: i64 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
}
