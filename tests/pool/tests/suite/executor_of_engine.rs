//! The same for an engine and its dialect: a task's thread opens, tests, resets and closes nothing.

use std::collections::BTreeSet;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::settings::EchoPool;
use aludel::{Connection, Echo, Engine};
use aludel_tests_pool::{Calls, Watched, block_on, calls_of};

use crate::until::until;

/// What a task that runs statements does itself.
const STATEMENTS: [&str; 1] = ["begin"];

fn engine(database: &str) -> (Arc<Calls>, Engine) {
    engine_that_tells(database, false)
}

/// With the echo of engine and pool on, to where nobody looks, or off.
fn engine_that_tells(database: &str, echo: bool) -> (Arc<Calls>, Engine) {
    let url = format!("watched:///{database}");
    let engine = Engine::builder(&url)
        .dialect(aludel::abi::static_dialect::<Watched>())
        .pool_size(1)
        .max_overflow(0)
        .pool_pre_ping(true)
        .echo(if echo { Echo::Debug } else { Echo::Off })
        .echo_pool(if echo { EchoPool::Debug } else { EchoPool::Off })
        .echo_to(io::sink())
        .build();
    (calls_of(database), engine.unwrap())
}

/// Ends the engine on this thread, and tells which calls there were.
fn end(calls: &Calls, engine: Engine) -> BTreeSet<&'static str> {
    until(0, || engine.checkedout());
    drop(engine);
    until(true, || calls.all().contains("drop") || !calls.all().contains("connect"));
    let here = calls.of_this_thread();
    let others: Vec<_> = here.iter().filter(|call| !STATEMENTS.contains(call)).collect();
    assert!(others.is_empty(), "{others:?} ran on the executor's thread");
    calls.all()
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Polls a checkout so often and drops it. True when it was ready before that.
fn play(engine: &Engine, held: &mut Option<Connection>, polls: usize, waits: bool) -> bool {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut checkout = Box::pin(engine.connect_async());
    for _ in 0..polls {
        if let Poll::Ready(done) = checkout.as_mut().poll(&mut Context::from_waker(&waker)) {
            drop(done);
            return true;
        }
        *held = None;
        let since = Instant::now();
        while waits
            && !woken.0.swap(false, Ordering::SeqCst)
            && since.elapsed() < Duration::from_secs(30)
        {
            thread::sleep(Duration::from_micros(100));
        }
    }
    false
}

#[test]
fn no_step_of_an_engine_runs_on_the_executor_when_a_checkout_is_dropped_after_any_poll() {
    let mut seen = BTreeSet::new();
    for state in ["new", "idle", "stale", "in_use"] {
        for waits in [true, false] {
            let mut was_ready = false;
            for polls in 0..10 {
                let (calls, engine) = engine(&format!("polls_{state}_{waits}_{polls}"));
                let mut held = None;
                if state != "new" {
                    held = Some(block_on(engine.connect_async()).unwrap());
                }
                if state != "in_use" {
                    held = None;
                    until(0, || engine.checkedout());
                }
                if state == "stale" {
                    engine.pool().invalidate_all();
                }
                was_ready = play(&engine, &mut held, polls, waits);
                drop(held);
                seen.extend(end(&calls, engine));
                if was_ready {
                    break;
                }
            }
            assert!(was_ready || !waits, "{state} is never ready");
        }
    }
    for call in ["connect", "ping", "close", "drop"] {
        assert!(seen.contains(call), "{call} was not tried: {seen:?}");
    }
}

/// How a connection ends that a task holds.
type Ending = fn(&Engine, Connection);

#[test]
fn no_step_of_an_engine_runs_on_the_executor_however_a_connection_ends() {
    let mut seen = BTreeSet::new();
    let endings: [(&str, Ending); 6] = [
        ("dropped", |_, conn| drop(conn)),
        ("invalidated", |_, mut conn| conn.invalidate().unwrap()),
        ("softly", |_, mut conn| conn.soft_invalidate().unwrap()),
        ("detached", |_, mut conn| conn.detach().unwrap()),
        ("lost", |_, mut conn| {
            assert!(conn.execute("lose", ()).map(drop).unwrap_err().is_disconnect());
        }),
        ("closed", |engine, conn| {
            let engine = engine.clone();
            let closes = thread::spawn(move || engine.close(Duration::ZERO).unwrap_err());
            closes.join().unwrap();
            drop(conn);
        }),
    ];
    for ((name, ending), echo) in endings.into_iter().flat_map(|e| [(e, false), (e, true)]) {
        let (calls, engine) = engine_that_tells(&format!("ends_{name}_{echo}"), echo);
        for _ in 0..2 {
            let Ok(mut conn) = block_on(engine.connect_async()) else { break };
            // A transaction is open, which whoever takes the connection back rolls back.
            assert_eq!(conn.scalar::<i64>("select 7", ()).unwrap(), 7);
            ending(&engine, conn);
        }
        seen.extend(end(&calls, engine));
    }
    for call in ["begin", "rollback", "ping", "close", "drop"] {
        assert!(seen.contains(call), "{call} was not tried: {seen:?}");
    }
}

#[test]
fn the_record_shows_what_a_blocking_checkout_of_an_engine_does_on_its_thread() {
    let (calls, engine) = engine("control");
    for _ in 0..2 {
        let mut conn = engine.connect().unwrap();
        assert_eq!(conn.scalar::<i64>("select 7", ()).unwrap(), 7);
    }
    drop(engine);
    let expected = ["begin", "close", "connect", "drop", "ping", "rollback"];
    assert_eq!(calls.of_this_thread(), BTreeSet::from(expected));
}
