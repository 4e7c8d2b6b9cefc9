//! Defects that pools had, each named after the report of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::settings::ConnectMode;
use aludel::pool::{Pool, PoolBuilder, PooledConnection};
use aludel_tests_pool::{Recorder, block_on, poll_once};

use crate::until::until;

fn one(recorder: &Recorder) -> PoolBuilder<Recorder> {
    Pool::builder(recorder.clone()).pool_size(1).max_overflow(0)
}

fn quiet_panic(work: impl FnOnce()) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let panicked = catch_unwind(AssertUnwindSafe(work)).is_err();
    std::panic::set_hook(usual);
    assert!(panicked);
}

/// SQLAlchemy #7679, HikariCP #1909, asyncpg #1247: who takes and returns in a loop leaves the
/// others nothing.
#[test]
fn sqlalchemy_7679_a_greedy_thread_does_not_starve_a_polite_one() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                drop(pool.connect().unwrap());
            }
        });
        for _ in 0..50 {
            drop(pool.connect().unwrap());
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(pool.snapshot().counters.bypasses, 0);
}

/// SQLAlchemy's `_do_get` and bb8: a failed connect frees a slot and tells nobody.
#[test]
fn sqlalchemy_a_failed_connect_lets_the_next_who_waits_try() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    recorder.faults(|faults| {
        faults.hold_connects = true;
        faults.fail_connects = 1;
    });
    thread::scope(|scope| {
        let fails = scope.spawn(|| pool.connect().map(drop));
        until(1, || recorder.at_door());
        let waits = scope.spawn(|| pool.connect().map(drop));
        until(1, || pool.snapshot().waiting);
        recorder.faults(|faults| faults.hold_connects = false);
        assert!(fails.join().unwrap().is_err());
        waits.join().unwrap().unwrap();
    });
    assert_eq!(pool.snapshot().counters.timeouts, 0);
}

/// r2d2, bb8 #167 and #225: a connection that comes back broken wakes nobody.
#[test]
fn r2d2_a_broken_connection_that_comes_back_lets_the_next_who_waits_connect() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    for round in 1..=20 {
        let mut held = pool.connect().unwrap();
        assert_eq!(held.id, 2 * round - 1);
        held.broken = true;
        thread::scope(|scope| {
            let waits = scope.spawn(|| pool.connect().map(|mut next| next.broken = true));
            until(1, || pool.snapshot().waiting);
            drop(held);
            waits.join().unwrap().unwrap();
        });
    }
}

/// HikariCP #1909: between a return and the wake of who waits, somebody else takes the connection.
#[test]
fn hikaricp_1909_what_comes_back_belongs_to_the_first_who_waits_before_he_wakes() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    let held = pool.connect().unwrap();
    let (mut first, mut second) = (pool.connect_async(), pool.connect_async());
    assert!(poll_once(&mut first).is_pending() && poll_once(&mut second).is_pending());
    drop(held);
    // Neither who comes nor who is second gets it, however late the first is.
    assert_eq!(pool.connect_within(Duration::ZERO).unwrap_err().kind(), ErrorKind::Timeout);
    assert!(poll_once(&mut second).is_pending());
    drop(block_on(first).unwrap());
    block_on(second).unwrap();
    assert_eq!(recorder.opened(), 1);
}

/// bb8 #122: what comes back while somebody comes to wait is seen neither by him nor by who returns.
#[test]
fn bb8_122_a_return_between_the_look_and_the_wait_of_another_is_not_missed() {
    let recorder = Recorder::new();
    let pool = one(&recorder).pool_timeout(Duration::from_secs(20)).build().unwrap();
    let both = Barrier::new(2);
    let takes_and_returns = || {
        for _ in 0..2000 {
            both.wait();
            // Nobody is left who would serve who has missed it.
            drop(pool.connect().unwrap());
            both.wait();
        }
    };
    thread::scope(|scope| {
        scope.spawn(takes_and_returns);
        takes_and_returns();
    });
    assert_eq!((pool.snapshot().counters.timeouts, recorder.opened()), (0, 1));
}

/// bb8 with `retry_connection=false`: the one attempt fails, and the caller waits its whole timeout.
#[test]
fn bb8_retry_connection_one_failed_attempt_is_told_to_who_asked_for_it() {
    for mode in [ConnectMode::Inline, ConnectMode::Background] {
        let recorder = Recorder::new();
        let pool = one(&recorder).pool_connect_mode(mode).pool_timeout(None).build().unwrap();
        for by_task in [false, true] {
            recorder.faults(|faults| faults.fail_connects = 1);
            let got = if by_task { block_on(pool.connect_async()) } else { pool.connect() };
            assert_eq!(got.unwrap_err().message(), "connect failed");
        }
        drop(pool.connect().unwrap());
        assert_eq!(pool.snapshot().counters.connects_failed, 2);
    }
}

/// bb8 #167: connections that are all broken block everybody.
#[test]
fn bb8_167_where_every_connection_breaks_everybody_is_served() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).max_overflow(0).build().unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..50).for_each(|_| pool.connect().unwrap().broken = true));
        }
    });
    assert_eq!((recorder.opened(), recorder.live(), pool.checkedout()), (200, 0, 0));
}

/// r2d2 and bb8: the caller does not see why connecting failed, but a timeout.
#[test]
fn r2d2_a_failed_connect_is_told_to_its_caller_at_once() {
    let recorder = Recorder::new();
    let pool = one(&recorder).pool_timeout(None).build().unwrap();
    recorder.faults(|faults| faults.fail_connects = 1);
    assert_eq!(pool.connect().unwrap_err().message(), "connect failed");
    drop(pool.connect().unwrap());
    assert_eq!(pool.snapshot().counters.connects_failed, 1);
}

/// r2d2 and bb8: one panic while connecting takes a slot for ever.
#[test]
fn r2d2_and_bb8_a_panic_while_connecting_gives_the_slot_back() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    recorder.faults(|faults| faults.panic_connects = 1);
    quiet_panic(|| drop(pool.connect()));
    let connection = pool.connect().unwrap();
    PooledConnection::invalidate(connection, None);
    recorder.faults(|faults| faults.panic_connects = 1);
    quiet_panic(|| drop(pool.connect()));
    drop(pool.connect().unwrap());
    assert_eq!(pool.snapshot().counters.connects_panicked, 2);
    assert_eq!((pool.checkedout(), recorder.live()), (0, 1));
}

/// r2d2 #53: a connection whose user panicked is tainted.
#[test]
fn r2d2_53_a_connection_whose_user_panicked_is_closed_unless_it_is_clean() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    let held = pool.connect().unwrap();
    quiet_panic(|| {
        let _held = held;
        panic!("the user fails");
    });
    let mut held = pool.connect().unwrap();
    assert_eq!(held.id, 2);
    held.clean = true;
    quiet_panic(|| {
        let _held = held;
        panic!("the user fails");
    });
    assert_eq!(pool.connect().unwrap().id, 2);
    assert_eq!(pool.snapshot().counters.closed_panic, 1);
}

/// pgx #2425: what is being closed is not counted, so that the server's limit is passed.
#[test]
fn pgx_2425_a_slot_is_free_only_when_its_connection_is_closed() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(1).max_overflow(1).build().unwrap();
    let (kept, overflow) = (pool.connect().unwrap(), pool.connect().unwrap());
    drop(kept);
    recorder.faults(|faults| faults.hold_closes = true);
    thread::scope(|scope| {
        scope.spawn(|| drop(overflow));
        until(1, || recorder.at_door());
        let _idle = pool.connect_within(Duration::ZERO).unwrap();
        let refused = pool.connect_within(Duration::ZERO).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Timeout);
        recorder.faults(|faults| faults.hold_closes = false);
        drop(pool.connect().unwrap());
    });
    assert_eq!(recorder.peak(), 2);
}

/// pgx #2560: on a busy pool nothing ever grows too old.
#[test]
fn pgx_2560_connections_that_are_never_idle_are_replaced_too() {
    let recorder = Recorder::new();
    let pool = one(&recorder).pool_recycle(Duration::from_millis(10)).build().unwrap();
    let since = Instant::now();
    while recorder.opened() < 3 {
        drop(pool.connect().unwrap());
        assert!(since.elapsed() < Duration::from_secs(30), "{} were opened", recorder.opened());
    }
}

/// deadpool #201: after a restart of the server, checkouts spin over dead connections.
#[test]
fn deadpool_201_after_a_restart_each_checkout_connects_once() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_pre_ping(true).build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    recorder.faults(|faults| faults.ping.extend(1..=5));
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    let counters = pool.snapshot().counters;
    // What the first has met, the other four have met as well: one test tells.
    assert_eq!((counters.pings_failed, counters.connects, recorder.live()), (1, 10, 5));
}

/// Go #57248: everybody connects at the same time.
#[test]
fn go_57248_no_more_connect_at_the_same_time_than_may() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_max_connecting(2).build().unwrap();
    recorder.faults(|faults| faults.hold_connects = true);
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| drop(pool.connect().unwrap()));
        }
        until((2, 18), || (recorder.at_door(), pool.snapshot().waiting));
        recorder.faults(|faults| faults.hold_connects = false);
    });
    assert_eq!(pool.snapshot().waiting, 0);
}

/// After an outage all places are filled again by few at the same time, and by one at first.
#[test]
fn after_an_outage_connections_come_back_slowly_at_first() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_max_connecting(2).max_overflow(0);
    let pool = pool.build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    pool.invalidate_all();
    recorder.faults(|faults| faults.fail_connects = 1);
    assert!(pool.connect().is_err());
    recorder.faults(|faults| faults.hold_connects = true);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                let held = pool.connect().unwrap();
                until(true, || recorder.opened() >= 8);
                drop(held);
            });
        }
        until(1, || recorder.at_door());
        thread::sleep(Duration::from_millis(20));
        assert_eq!(recorder.at_door(), 1);
        recorder.faults(|faults| faults.hold_connects = false);
    });
    assert_eq!((pool.checkedin(), recorder.peak()), (5, 5));
}

/// sqlx #4349: what fails while a connection is returned takes its slot for ever.
#[test]
fn sqlx_4349_a_reset_that_fails_gives_the_slot_back() {
    let recorder = Recorder::new();
    let pool = one(&recorder).build().unwrap();
    recorder.faults(|faults| faults.reset.extend([1]));
    drop(pool.connect().unwrap());
    assert_eq!(pool.connect().unwrap().id, 2);
    assert_eq!(pool.snapshot().counters.resets_failed, 1);
}

/// r2d2 #136: idle connections outlive their pool.
#[test]
fn r2d2_136_idle_connections_are_closed_with_the_last_handle_and_used_ones_when_returned() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).build().unwrap();
    let other = pool.clone();
    let held = pool.connect().unwrap();
    drop(pool.connect().unwrap());
    drop(pool);
    assert_eq!(recorder.live(), 2);
    drop(other);
    assert_eq!(recorder.live(), 1);
    drop(held);
    assert_eq!(recorder.live(), 0);
}

/// Never more are open than may be, whatever fails.
#[test]
fn the_limit_holds_under_failures() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(2).max_overflow(2).build().unwrap();
    recorder.faults(|faults| faults.close_takes = Duration::from_micros(50));
    thread::scope(|scope| {
        for number in 0..10_u64 {
            let (pool, recorder) = (&pool, &recorder);
            scope.spawn(move || {
                for round in 0..200 {
                    if (number + round) % 9 == 0 {
                        recorder.faults(|faults| faults.fail_connects = 1);
                    }
                    let Ok(mut held) = pool.connect() else { continue };
                    match (number * 7 + round) % 11 {
                        0 => PooledConnection::invalidate(held, None),
                        1 => held.broken = true,
                        2 => pool.invalidate_all(),
                        _ => {}
                    }
                }
            });
        }
    });
    assert!(recorder.peak() <= 4, "{} at one time", recorder.peak());
}
