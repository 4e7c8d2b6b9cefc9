//! Where the connections of an engine come from, and what its pool tells.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use aludel::pool::settings::PoolOrder;
use aludel::{Error, ErrorKind};

use crate::{builder, engine, file, memory};

/// Wakes the thread that polls.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn a_connection_that_is_returned_is_used_again() {
    let (_directory, url) = file();
    let engine = engine(&url);
    engine.connect().unwrap().info().unwrap().insert("mine");
    let mut next = engine.connect().unwrap();
    assert_eq!(next.info().unwrap().get::<&str>(), Some(&"mine"));
    assert_eq!(engine.pool().snapshot().counters.connects, 1);
    next.soft_invalidate().unwrap();
    assert!(!next.invalidated(), "it is used to the end");
    drop(next);
    assert_eq!(engine.connect().unwrap().info().unwrap().get::<&str>(), None);
    engine.pool().invalidate_all();
    drop(engine.connect().unwrap());
    let counters = engine.pool().snapshot().counters;
    assert_eq!((counters.connects, counters.closed_soft_invalid), (3, 1));
    assert_eq!(counters.closed_generation, 1);
}

#[test]
fn files_use_the_connection_first_that_came_back_last() {
    let (_directory, url) = file();
    assert_eq!(engine(&url).pool_config().order, PoolOrder::Lifo);
    assert_eq!(memory().pool_config().order, PoolOrder::Fifo);
    let fifo = builder(&url).pool_use_lifo(false).build().unwrap();
    assert_eq!(fifo.pool_config().order, PoolOrder::Fifo, "what the program says wins");
    let null = builder(&url).poolclass(aludel::pool::PoolClass::NullPool).build().unwrap();
    assert_eq!(null.pool().status(), "NullPool");
}

#[test]
fn a_timeout_says_who_has_the_connections() {
    let (_directory, url) = file();
    let engine = builder(&url).pool_size(1).max_overflow(0);
    let engine = engine.pool_timeout(Duration::from_millis(20)).build().unwrap();
    let held = engine.connect().unwrap();
    let error = engine.execution_options(&Default::default()).connect().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let text = error.to_string();
    assert!(text.contains("QueuePool limit of size 1 overflow 0 reached"), "{text}");
    assert!(text.contains("tests/engine/pooling.rs"), "{text}");
    engine.pool().resize(1, 1).unwrap();
    assert_eq!(engine.pool().overflow(), 0);
    drop(engine.connect().unwrap());
    drop(held);
    assert_eq!((engine.checkedout(), engine.pool().checkedin()), (0, 1));
}

#[test]
fn tasks_get_connections_too() {
    let engine = builder("sqlite://").pool_size(1).max_overflow(0).build().unwrap();
    let mut first = block_on(engine.connect_async()).unwrap();
    let one: i64 = first.scalar("select 1", ()).unwrap();
    assert_eq!(one, 1);
    let begun = engine.connect_async();
    thread::scope(|scope| {
        let second = scope.spawn(|| block_on(begun).map(drop));
        while engine.pool().snapshot().waiting == 0 {
            thread::sleep(Duration::from_millis(1));
        }
        drop(first);
        second.join().unwrap().unwrap();
    });
    engine.close(Duration::from_secs(10)).unwrap();
    let error = block_on(engine.connect_async()).unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::ResourceClosed, "this engine is closed")
    );
}

#[test]
fn a_lost_connection_takes_those_with_it_that_were_opened_before() {
    let (_directory, url) = file();
    for veto in [false, true] {
        let engine = engine(&url);
        engine.events().handle_error(move |ctx| {
            ctx.is_disconnect = true;
            ctx.invalidate_pool_on_disconnect = !veto;
        });
        let mut held = [(); 3].map(|()| engine.connect().unwrap());
        let lose = |conn: &mut aludel::Connection| -> Error {
            conn.execute("select x from missing", ()).map(drop).unwrap_err()
        };
        assert!(lose(&mut held[0]).is_disconnect());
        assert!(held[0].invalidated());
        held[0].rollback().unwrap();
        held[0].scalar::<i64>("select 1", ()).unwrap();
        // The same loss again, seen by a connection of then: no reason to doubt the new one.
        lose(&mut held[1]);
        drop(held);
        drop([(); 3].map(|()| engine.connect().unwrap()));
        let counters = engine.pool().snapshot().counters;
        assert_eq!(counters.closed_generation, u64::from(!veto), "{counters:?}");
        assert_eq!(engine.checkedout(), 0);
    }
}
