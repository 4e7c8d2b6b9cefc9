//! Who is called, in which order, how often, and how it ends.

use aludel::engine::events::all_engines;
use aludel::{Error, ErrorKind, ExecutionOptions, Result};

use crate::{Log, engine};

#[test]
fn listeners_of_all_engines_come_first_then_the_engines_then_the_sub_engines() {
    let log = Log::default();
    let engine = engine();
    let sub = engine.execution_options(&ExecutionOptions::new());
    let writer = |name: &'static str| {
        let log = log.clone();
        move |_: &mut aludel::engine::events::BeforeExecute<'_>| log.write(name)
    };
    let of_sub = sub.events().before_execute(writer("sub"));
    engine.events().before_execute(writer("engine"));
    engine.events().insert().before_execute(writer("inserted"));
    let of_all = all_engines().before_execute(writer("all"));
    sub.execute("select 1", ()).unwrap();
    assert_eq!(log.take(), ["all", "inserted", "engine", "sub"]);
    engine.execute("select 1", ()).unwrap();
    assert_eq!(log.take(), ["all", "inserted", "engine"]);
    assert!(of_all.remove() && of_sub.remove());
    sub.execute("select 1", ()).unwrap();
    assert_eq!(log.take(), ["inserted", "engine"]);
}

#[test]
fn a_listener_can_be_removed_once_and_says_whether_it_is_there() {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    let listener = engine.clone().events().engine_connect(move |_| writer.write("connect"));
    engine.connect().unwrap();
    assert!(listener.is_registered() && listener.remove());
    assert!(!listener.remove() && !listener.is_registered());
    engine.connect().unwrap();
    assert_eq!(log.take(), ["connect"]);
    let last = engine.events().engine_connect(|_| {});
    drop(engine);
    assert!(!last.is_registered(), "it is gone with its engine");
}

#[test]
fn one_that_listens_once_is_called_once() {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    let listener = engine.events().once().after_execute(move |_| writer.write("once"));
    for _ in 0..3 {
        engine.execute("select 1", ()).unwrap();
    }
    assert_eq!(log.take(), ["once"]);
    assert!(!listener.is_registered());
}

#[test]
fn a_connection_that_is_open_already_hears_of_new_listeners() {
    let log = Log::default();
    let engine = engine();
    let mut connection = engine.connect().unwrap();
    let writer = log.clone();
    let listener = engine.events().before_execute(move |ctx| writer.write(ctx.statement()));
    connection.execute("select 1", ()).unwrap();
    listener.remove();
    connection.execute("select 2", ()).unwrap();
    assert_eq!(log.take(), ["select 1"]);
}

#[test]
fn the_first_that_refuses_ends_it() {
    let log = Log::default();
    let engine = engine();
    engine.events().before_execute(|_| Err(Error::invalid_request("not today")));
    let writer = log.clone();
    engine.events().before_execute(move |_| writer.write("the second"));
    let error = engine.execute("select 1", ()).unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidRequest, "not today"));
    assert!(log.take().is_empty());
}

#[test]
fn a_listener_may_register_and_remove_others() {
    let log = Log::default();
    let engine = engine();
    let (inner, writer) = (engine.clone(), log.clone());
    engine.events().once().before_execute(move |_| {
        let writer = writer.clone();
        inner.events().before_execute(move |_| writer.write("the new one"));
    });
    engine.execute("select 1", ()).unwrap();
    assert!(log.take().is_empty(), "the new one listens to what comes");
    engine.execute("select 1", ()).unwrap();
    assert_eq!(log.take(), ["the new one"]);
}

#[test]
fn listeners_of_another_engine_or_to_other_events_are_not_called() -> Result<()> {
    let (heard, other) = (engine(), engine());
    other.events().before_execute(|_| unreachable());
    heard.events().commit(|_| unreachable());
    let one: i64 = heard.execute("select 1", ())?.scalar()?;
    assert_eq!(one, 1);
    Ok(())
}

fn unreachable() {
    unreachable!("another's event");
}
