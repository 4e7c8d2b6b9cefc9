//! What listeners hear of the pool of an engine.

use std::sync::{Arc, Mutex};

use aludel::engine::events::all_engines;
use aludel::pool::ResetOnReturn;
use aludel::{Engine, Error};

use crate::{engine, file};

type Heard = Arc<Mutex<Vec<String>>>;

fn say(heard: &Heard, what: impl Into<String>) {
    heard.lock().unwrap().push(what.into());
}

fn taken(heard: &Heard) -> Vec<String> {
    std::mem::take(&mut *heard.lock().unwrap())
}

/// Registers a listener to each event.
fn hear(engine: &Engine) -> Heard {
    let heard = Heard::default();
    let with = |name: &'static str| {
        let heard = Arc::clone(&heard);
        move |connection: &mut aludel::abi::host::DriverConnection| {
            assert_eq!(connection.info().name, "sqlite");
            say(&heard, name);
        }
    };
    let (first, connect, checkout) = (with("first_connect"), with("connect"), with("checkout"));
    engine.events().first_connect(move |ctx| first(ctx.connection));
    engine.events().connect(move |ctx| connect(ctx.connection));
    engine.events().checkout(move |ctx| checkout(ctx.connection));
    let (checkin, gone) = (with("checkin"), Arc::clone(&heard));
    engine.events().checkin(move |ctx| match &mut ctx.connection {
        Some(connection) => checkin(connection),
        None => say(&gone, "checkin of nothing"),
    });
    let reset = with("reset");
    engine.events().reset(move |ctx| {
        assert_eq!(ctx.how, ResetOnReturn::Rollback);
        reset(ctx.connection);
    });
    let (invalidate, soft) = (with("invalidate"), with("soft_invalidate"));
    engine.events().invalidate(move |ctx| invalidate(ctx.connection));
    engine.events().soft_invalidate(move |ctx| soft(ctx.connection));
    engine.events().close(with("close"));
    engine.events().detach(with("detach"));
    engine.events().close_detached(with("close_detached"));
    heard
}

#[test]
fn every_step_of_a_connection_is_told() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let heard = hear(&engine.execution_options(&Default::default()));
    let mut conn = engine.connect().unwrap();
    assert_eq!(taken(&heard), ["first_connect", "connect", "checkout"]);
    conn.execute("create table t (x integer)", ()).unwrap();
    drop(conn);
    assert_eq!(taken(&heard), ["reset", "checkin"]);
    let mut conn = engine.connect().unwrap();
    conn.invalidate().unwrap();
    assert_eq!(taken(&heard), ["checkout", "invalidate", "close", "checkin of nothing"]);
    conn.soft_invalidate().unwrap();
    conn.execute("select 1", ()).unwrap();
    conn.soft_invalidate().unwrap();
    drop(conn);
    assert_eq!(taken(&heard), ["connect", "checkout", "soft_invalidate", "reset", "checkin"]);
    let mut conn = engine.connect().unwrap();
    assert_eq!(taken(&heard), ["close", "connect", "checkout"]);
    conn.detach().unwrap();
    drop(conn);
    assert_eq!(taken(&heard), ["detach", "reset", "close_detached"]);
    drop(engine.connect().unwrap());
    taken(&heard);
    engine.dispose();
    assert_eq!(taken(&heard), ["close"]);
}

#[test]
fn a_listener_that_refuses_costs_the_connection_and_no_place() {
    let (_directory, url) = file();
    let engine = engine(&url);
    let listener = engine.events().connect(|_| Err(Error::operational("not this one")));
    for _ in 0..20 {
        assert_eq!(engine.connect().unwrap_err().message(), "not this one");
    }
    listener.remove();
    engine.events().once().checkout(|_| Err(Error::operational("look again").disconnected()));
    drop(engine.connect().unwrap());
    assert_eq!((engine.checkedout(), engine.pool().checkedin()), (0, 1));
    // Those that the first listener refused, and the one that the second one has had replaced.
    assert_eq!(engine.pool().snapshot().counters.closed_invalid, 21);
}

#[test]
fn listeners_to_all_engines_hear_of_pools_made_before_and_after() {
    let (_directory, url) = file();
    let before = engine(&url);
    let heard = Heard::default();
    let all = Arc::clone(&heard);
    let listener = all_engines().detach(move |_| say(&all, "detach"));
    let after = engine(&url);
    for engine in [&before, &after] {
        engine.connect().unwrap().detach().unwrap();
    }
    listener.remove();
    before.connect().unwrap().detach().unwrap();
    assert_eq!(taken(&heard).len(), 2);
}
