//! Nothing that may block runs on the thread of an executor, wherever a future or a connection is dropped.

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use aludel::pool::{Connecting, Pool, PoolBuilder, PooledConnection};
use aludel_tests_pool::{Recorder, block_on, poll_once};

use crate::until::until;

const ALL: [&str; 5] = ["close", "connect", "ping", "reset", "terminate"];

/// Nothing takes more polls than this, each after a wake.
const POLLS: usize = 10;

fn one(recorder: &Recorder) -> PoolBuilder<Recorder> {
    Pool::builder(recorder.clone()).pool_size(1).max_overflow(0).pool_pre_ping(true)
}

/// What a checkout meets, and what the executor does after its first poll.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meets {
    Nothing,
    Idle,
    Dead,
    Stale,
    InUse,
    InUseAndBroken,
    FailingConnect,
    PanickingConnect,
    ClosedMeanwhile,
    NoTime,
}

const MEETS: [Meets; 10] = [
    Meets::Nothing,
    Meets::Idle,
    Meets::Dead,
    Meets::Stale,
    Meets::InUse,
    Meets::InUseAndBroken,
    Meets::FailingConnect,
    Meets::PanickingConnect,
    Meets::ClosedMeanwhile,
    Meets::NoTime,
];

/// When a future is dropped after so many polls.
#[derive(Clone, Copy, Debug)]
struct Drops {
    polls: usize,
    /// Each poll, and the drop, waits for the wake of the last one.
    woken: bool,
    /// Nothing gets on meanwhile.
    doors_closed: bool,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Scene {
    recorder: Recorder,
    pool: Pool<Recorder>,
    /// Held by another task of the executor.
    held: Option<PooledConnection<Recorder>>,
    closing: Option<thread::JoinHandle<()>>,
}

impl Scene {
    fn new(meets: Meets) -> Self {
        let recorder = Recorder::new();
        let time = if meets == Meets::NoTime { 10 } else { 60_000 };
        let pool = one(&recorder).pool_timeout(Duration::from_millis(time)).build().unwrap();
        let mut held = None;
        if !matches!(meets, Meets::Nothing | Meets::FailingConnect | Meets::PanickingConnect) {
            // The scene is not what has little time: a worker may begin too late for it.
            held = (0..1_000).find_map(|_| block_on(pool.connect_async()).ok());
            assert!(held.is_some(), "the scene of {meets:?} is not set");
        }
        if matches!(meets, Meets::Idle | Meets::Dead | Meets::Stale) {
            held = None;
            until(1, || pool.checkedin());
        }
        match meets {
            Meets::Dead => recorder.faults(|faults| faults.ping.extend([1])),
            Meets::Stale => pool.invalidate_all(),
            Meets::FailingConnect => recorder.faults(|faults| faults.fail_connects = 1),
            Meets::PanickingConnect => recorder.faults(|faults| faults.panic_connects = 1),
            _ => {}
        }
        Scene { recorder, pool, held, closing: None }
    }

    fn doors(&self, closed: bool) {
        self.recorder.faults(|faults| {
            faults.hold_connects = closed;
            faults.hold_pings = closed;
            faults.hold_resets = closed;
            faults.hold_closes = closed;
        });
    }

    /// What happens once the checkout has begun.
    fn go_on(&mut self, meets: Meets) {
        match meets {
            Meets::InUse => self.held = None,
            Meets::InUseAndBroken => {
                let held = self.held.take().unwrap();
                PooledConnection::invalidate(held, None);
            }
            Meets::ClosedMeanwhile => {
                let pool = self.pool.clone();
                // Closing blocks, so that no executor does it itself.
                let close = move || drop(pool.close(Duration::from_secs(30)));
                self.closing = Some(thread::spawn(close));
            }
            _ => {}
        }
    }

    /// Polls a checkout and drops it. True when it was ready before that.
    fn play(&mut self, meets: Meets, drops: Drops) -> bool {
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        let mut checkout = self.pool.connect_async();
        let poll = |checkout: &mut Connecting<Recorder>| {
            Pin::new(checkout).poll(&mut Context::from_waker(&waker))
        };
        for number in 0..drops.polls {
            if let Poll::Ready(done) = poll(&mut checkout) {
                drop(done);
                return true;
            }
            if number == 0 {
                self.go_on(meets);
            }
            if drops.woken {
                let since = Instant::now();
                let patience = Duration::from_millis(if drops.doors_closed { 3 } else { 30_000 });
                while !woken.0.swap(false, Ordering::SeqCst) && since.elapsed() < patience {
                    thread::sleep(Duration::from_micros(100));
                }
            }
        }
        drop(checkout);
        false
    }

    /// Ends everything on this thread, and tells who did what.
    fn end(self) -> BTreeSet<&'static str> {
        let Scene { recorder, pool, held, closing } = self;
        drop(held);
        closing.into_iter().for_each(|closing| closing.join().unwrap());
        until((0, 0, 0), || {
            let now = pool.snapshot();
            (pool.checkedout(), now.waiting, now.connecting)
        });
        drop(pool);
        until(0, || recorder.live());
        let here = recorder.calls().of_this_thread();
        assert!(here.is_empty(), "{here:?} ran on the executor's thread");
        recorder.calls().all()
    }
}

#[test]
fn no_step_runs_on_the_executor_when_a_checkout_is_dropped_after_any_poll() {
    let mut seen = BTreeSet::new();
    for meets in MEETS {
        for (woken, doors_closed) in [(true, false), (false, false), (true, true), (false, true)] {
            let mut was_ready = false;
            for polls in 0..POLLS {
                let mut scene = Scene::new(meets);
                scene.doors(doors_closed);
                was_ready = scene.play(meets, Drops { polls, woken, doors_closed });
                scene.doors(false);
                seen.extend(scene.end());
                if was_ready || doors_closed && polls == 3 {
                    break;
                }
            }
            // So that it was dropped at every await there is.
            assert!(was_ready || doors_closed || !woken, "{meets:?} is never ready");
        }
    }
    assert_eq!(seen, BTreeSet::from(ALL), "not all was tried");
}

/// How a connection ends that a task holds.
type Ending = fn(&Pool<Recorder>, PooledConnection<Recorder>);

const ENDINGS: [(&str, Ending); 9] = [
    ("dropped", |_, held| drop(held)),
    ("broken", |_, mut held| held.broken = true),
    ("invalidated", |_, held| PooledConnection::invalidate(held, None)),
    ("invalidated with the pool", |_, held| PooledConnection::invalidate_pool(held, None)),
    ("invalidated softly", |_, mut held| PooledConnection::soft_invalidate(&mut held, None)),
    ("detached", |_, mut held| PooledConnection::detach(&mut held)),
    ("dropped by a panic", |_, held| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let panicked = catch_unwind(AssertUnwindSafe(move || {
            let _held = held;
            panic!("the task fails");
        }));
        std::panic::set_hook(usual);
        assert!(panicked.is_err());
    }),
    ("disposed of", |pool, held| {
        let pool = pool.clone();
        thread::spawn(move || pool.dispose()).join().unwrap();
        drop(held);
    }),
    ("closed", |pool, held| {
        let pool = pool.clone();
        thread::spawn(move || pool.close(Duration::ZERO).unwrap_err()).join().unwrap();
        drop(held);
    }),
];

#[test]
fn no_step_runs_on_the_executor_however_a_connection_ends() {
    let mut seen = BTreeSet::new();
    for (how, ending) in ENDINGS {
        // Connected for the task, found idle without a test, and one too many.
        for (tested, before) in [(true, 0), (false, 1), (false, 2)] {
            let recorder = Recorder::new();
            let builder = one(&recorder).pool_pre_ping(tested).max_overflow(1);
            let pool = builder.build().unwrap();
            if before == 1 {
                drop(block_on(pool.connect_async()).unwrap());
                until(1, || pool.checkedin());
            }
            let other = (before == 2).then(|| block_on(pool.connect_async()).unwrap());
            let held = block_on(pool.connect_async()).unwrap();
            drop(other);
            ending(&pool, held);
            seen.extend(Scene { recorder, pool, held: None, closing: None }.end());
            assert!(!seen.is_empty(), "{how}");
        }
    }
    for call in ["close", "connect", "reset", "terminate"] {
        assert!(seen.contains(call), "{call} was not tried: {seen:?}");
    }
}

#[test]
fn no_step_runs_on_the_executor_when_the_pool_is_dropped_before_what_it_lent() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    let held = block_on(pool.connect_async()).unwrap();
    let mut waiting = pool.connect_async();
    assert!(poll_once(&mut waiting).is_pending());
    drop(pool);
    drop(waiting);
    drop(held);
    until(0, || recorder.live());
    assert!(recorder.calls().of_this_thread().is_empty());
}

#[test]
fn the_record_shows_what_a_blocking_checkout_does_on_its_thread() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    drop(pool.connect().unwrap());
    let held = pool.connect().unwrap();
    PooledConnection::invalidate(held, None);
    drop(pool.connect().unwrap());
    drop(pool);
    assert_eq!(recorder.calls().of_this_thread(), BTreeSet::from(ALL));
}
