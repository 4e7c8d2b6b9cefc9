//! Threads that share the pool of an engine, with the plugin loaded.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use aludel::dbapi::IsolationLevel;
use aludel::{Engine, ExecutionOptions, Result};

use crate::crowd::{Times, keys, noted};
use crate::server::{SELECT, Server};

/// An engine whose pool has so many connections, all of them open and with the statement prepared.
pub(crate) fn engine(server: &Server, pool: u32) -> Engine {
    // The other side has no transactions either.
    let alone = ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit);
    let engine = Engine::builder(server.url.as_str())
        .pool_size(pool)
        .max_overflow(0)
        .execution_options(&alone)
        .build()
        .expect("cargo built the plugin");
    let mut all: Vec<_> = (0..pool).map(|_| engine.connect().expect("it connects")).collect();
    for connection in &mut all {
        connection.execute(SELECT, (1_i64,)).and_then(|mut rows| rows.finish()).expect("it reads");
    }
    drop(all);
    engine
}

/// One query: a connection of the pool, the row, the connection back in the pool.
pub(crate) fn query(engine: &Engine, key: i64) -> Result<(i64, usize)> {
    let mut connection = engine.connect()?;
    let mut rows = connection.execute(SELECT, (key,))?;
    let row = rows.next()?.expect("each key has a row");
    let (id, name): (i64, &str) = row.get()?;
    Ok((id, name.len()))
}

/// Has so many threads ask for as long as `time`.
pub(crate) fn measure(engine: &Engine, callers: usize, time: Duration) -> Vec<Times> {
    let together = Barrier::new(callers);
    let asked = |caller: usize| {
        let mut times = Times::new();
        together.wait();
        let end = Instant::now() + time;
        for key in keys(caller) {
            let begun = Instant::now();
            let (id, letters) = query(engine, key).expect("the server answers");
            assert!((id, letters) == (key, 17), "{key} is asked for, {id} comes");
            if !noted(&mut times, begun, end) {
                break;
            }
        }
        times
    };
    let crowd = thread::scope(|scope| {
        let asked = &asked;
        let start = |caller| {
            let small = thread::Builder::new().stack_size(256 << 10);
            small.spawn_scoped(scope, move || asked(caller)).expect("a thread can be had")
        };
        let all: Vec<_> = (0..callers).map(start).collect();
        all.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    });
    let counters = engine.pool().snapshot();
    assert!((counters.waiting, engine.checkedout()) == (0, 0), "{counters:?}");
    crowd
}
