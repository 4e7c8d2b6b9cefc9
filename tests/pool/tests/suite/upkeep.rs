//! What happens in the background: connecting, closing, testing, reporting.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::pool::settings::{Breaker, ConnectMode, Prefill};
use aludel::pool::{Holder, Manager, Pool, PoolListener, PooledConnection};
use aludel_tests_pool::{Conn, Recorder};

use crate::until::until;

const MS: Duration = Duration::from_millis(1);

#[test]
fn under_sudden_load_background_connecting_opens_few_and_serves_all_fast() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_connect_mode(ConnectMode::Background);
    let pool = pool.build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    let warm = recorder.opened();
    // Connecting takes longer than all callers together.
    recorder.faults(|faults| faults.hold_connects = true);
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let pool = pool.clone();
            thread::spawn(move || {
                let connection = pool.connect().unwrap();
                thread::sleep(2 * MS);
                drop(connection);
            })
        })
        .collect();
    for caller in callers {
        caller.join().unwrap();
    }
    recorder.faults(|faults| faults.hold_connects = false);
    until(0, || pool.snapshot().connecting);
    assert!(recorder.opened() - warm <= 2, "{} were opened", recorder.opened() - warm);
}

#[test]
fn in_the_background_a_failure_is_told_to_who_waits_and_the_next_is_served() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_connect_mode(ConnectMode::Background);
    let pool = pool.pool_size(1).max_overflow(0).build().unwrap();
    recorder.faults(|faults| faults.fail_connects = 1);
    assert_eq!(pool.connect().unwrap_err().message(), "connect failed");
    let connection = pool.connect().unwrap();
    // The place of a connection that is gone is filled for who waits.
    let waiting = {
        let pool = pool.clone();
        thread::spawn(move || pool.connect().unwrap().id)
    };
    until(1, || pool.snapshot().waiting);
    PooledConnection::invalidate(connection, None);
    assert_eq!(waiting.join().unwrap(), 2);
}

#[test]
fn connections_are_kept_ready_and_closed_when_nobody_uses_them() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone())
        .pool_min_idle(2)
        .pool_prefill(Prefill::Fail)
        .pool_idle_timeout(40 * MS)
        .build()
        .unwrap();
    assert_eq!((pool.checkedin(), recorder.live()), (2, 2));
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    assert_eq!(recorder.opened(), 5);
    until((2, 2), || (pool.checkedin(), recorder.live()));
    assert_eq!(pool.snapshot().counters.closed_idle, 3);
    let held: Vec<_> = (0..2).map(|_| pool.connect().unwrap()).collect();
    until(2, || pool.checkedin());
    drop(held);

    recorder.faults(|faults| faults.fail_connects = 1);
    let refused = Pool::builder(recorder.clone()).pool_min_idle(1).pool_prefill(Prefill::Fail);
    assert_eq!(refused.build().unwrap_err().message(), "connect failed");
}

/// Those who connect at the same time, after the first has done so alone.
#[derive(Default)]
struct SideBySide {
    inside: Mutex<(usize, usize)>,
    more: Condvar,
}

impl Manager for SideBySide {
    type Connection = usize;

    fn connect(&self, _: Option<Duration>) -> aludel::Result<usize> {
        let mut inside = self.inside.lock().unwrap();
        inside.0 += 1;
        let number = inside.0;
        self.more.notify_all();
        if number > 1 {
            let alone = |inside: &mut (usize, usize)| inside.0 < 4;
            let waited = self.more.wait_timeout_while(inside, 20_000 * MS, alone).unwrap();
            inside = waited.0;
            inside.1 += usize::from(!waited.1.timed_out());
        }
        Ok(number)
    }
}

#[test]
fn a_pool_is_warmed_up_by_one_connection_and_then_by_all_others_at_the_same_time() {
    let pool = Pool::builder(SideBySide::default()).pool_min_idle(4);
    let pool = pool.pool_prefill(Prefill::Fail).build().unwrap();
    assert_eq!(*pool.manager().inside.lock().unwrap(), (4, 3));
    assert_eq!(pool.checkedin(), 4);
}

#[test]
fn idle_connections_are_tested_and_dropped_when_they_do_not_answer() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_keepalive(30 * MS).build().unwrap();
    drop((pool.connect().unwrap(), pool.connect().unwrap()));
    until(true, || pool.snapshot().counters.pings >= 2);
    recorder.faults(|faults| faults.ping.extend([1]));
    until((1, 1), || (pool.checkedin(), recorder.live()));
    assert_eq!(pool.connect().unwrap().id, 2);
}

#[test]
fn while_idle_connections_are_tested_callers_find_all_but_one() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).max_overflow(0).pool_keepalive(30 * MS);
    let pool = pool.build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    recorder.faults(|faults| faults.hold_pings = true);
    until(1, || recorder.at_door());
    let held: Vec<_> = (0..4).map(|_| pool.connect_within(Duration::ZERO).unwrap()).collect();
    drop(held);
    recorder.faults(|faults| faults.hold_pings = false);
    until(true, || pool.snapshot().counters.pings >= 5);
    assert_eq!(recorder.opened(), 5);
}

#[test]
fn a_test_that_panics_costs_its_connection_alone() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_keepalive(30 * MS).build().unwrap();
    drop((0..5).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    recorder.faults(|faults| faults.ping_panics.extend([2]));
    until(4, || recorder.live());
    let pings = pool.snapshot().counters.pings;
    until(true, || pool.snapshot().counters.pings >= pings + 8);
    assert_eq!((recorder.live(), pool.snapshot().counters.closed_panic), (4, 1));
}

#[derive(Default)]
struct Watcher {
    leaks: Mutex<Vec<Holder>>,
    returned: Mutex<Vec<Duration>>,
    breaker: Mutex<Vec<bool>>,
    waits: AtomicU64,
}

impl PoolListener<Conn> for Watcher {
    fn leak(&self, holder: &Holder) {
        self.leaks.lock().unwrap().push(holder.clone());
    }

    fn leak_returned(&self, held: Duration) {
        self.returned.lock().unwrap().push(held);
    }

    fn breaker(&self, down: bool) {
        self.breaker.lock().unwrap().push(down);
    }

    fn wait(&self) {
        self.waits.fetch_add(1, Ordering::Relaxed);
    }
}

/// HikariCP #694: nobody is told when what looked like a leak comes back.
#[test]
fn hikaricp_694_a_checkout_that_lasts_too_long_is_reported_once_with_its_place_and_again_when_it_ends()
 {
    let watcher = Arc::new(Watcher::default());
    let pool = Pool::builder(Recorder::new()).pool_leak_threshold(20 * MS);
    let pool = pool.listener(watcher.clone()).build().unwrap();
    let held = pool.connect().unwrap();
    until(1, || pool.snapshot().counters.leaks);
    let reported = watcher.leaks.lock().unwrap().clone();
    assert!(reported[0].place.file().ends_with("upkeep.rs"), "{reported:?}");
    assert!(reported[0].held.unwrap() >= 20 * MS);
    thread::sleep(30 * MS);
    drop(held);
    drop(pool.connect().unwrap());
    assert_eq!(watcher.leaks.lock().unwrap().len(), 1);
    assert_eq!(watcher.returned.lock().unwrap().len(), 1);
}

#[test]
fn while_the_database_is_down_checkouts_fail_at_once_and_one_finds_out_that_it_is_back() {
    let recorder = Recorder::new();
    let watcher = Arc::new(Watcher::default());
    let pool = Pool::builder(recorder.clone()).pool_breaker(Breaker::Fail);
    let pool = pool.listener(watcher.clone()).build().unwrap();
    recorder.faults(|faults| faults.fail_connects = u64::MAX);
    let since = Instant::now();
    while since.elapsed() < 100 * MS {
        assert_eq!(pool.connect().unwrap_err().kind(), ErrorKind::Operational);
    }
    let counters = pool.snapshot().counters;
    // Three make the database count as down; then the pauses grow from 1 ms at least.
    assert!(counters.connects_failed <= 103, "{counters:?}");
    assert!(counters.refused_down > counters.connects_failed, "{counters:?}");
    recorder.faults(|faults| faults.fail_connects = 0);
    until(true, || pool.connect().is_ok());
    assert_eq!(*watcher.breaker.lock().unwrap(), [true, false]);
}

#[test]
fn callers_that_are_refused_keep_the_pauses_between_attempts_short() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_breaker(Breaker::Fail).build().unwrap();
    recorder.faults(|faults| faults.fail_connects = u64::MAX);
    // Without a limit of 500 ms the tenth pause would be one from 512 ms to 5 s, the next ones as well.
    let since = Instant::now();
    let mut attempts = 0;
    while attempts < 13 {
        let error = pool.connect().unwrap_err();
        let (_, pause) = error.message().split_once("connect is made in ").unwrap_or_default();
        let pause = pause.strip_suffix(" ms").map_or(0, |pause| pause.parse().unwrap());
        assert!(pause <= 500, "{error}");
        attempts = pool.snapshot().counters.connects_failed;
        assert!(since.elapsed() < Duration::from_secs(30), "{attempts} attempts");
        thread::sleep(MS);
    }
}

#[test]
fn connections_of_one_age_are_not_replaced_at_one_time() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(14).max_overflow(0);
    let pool = pool.pool_recycle(200 * MS).pool_max_lifetime_jitter(1.0).build().unwrap();
    drop((0..14).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    thread::sleep(100 * MS);
    drop((0..14).map(|_| pool.connect().unwrap()).collect::<Vec<_>>());
    let replaced = pool.snapshot().counters.closed_recycle;
    // All or none of 14 has a chance of 1 in 8000, and a slow machine replaces all.
    assert!(replaced > 0, "{replaced}");
}

#[test]
fn a_checkout_that_lasted_too_long_has_ended_however_it_ended() {
    let pool = Pool::builder(Recorder::new()).pool_size(1).max_overflow(0);
    let pool = pool.pool_leak_threshold(20 * MS).build().unwrap();
    let counts = || {
        let counters = pool.snapshot().counters;
        (counters.leaks, counters.leaks_returned)
    };
    let held = pool.connect().unwrap();
    until((1, 0), counts);
    PooledConnection::invalidate(held, None);
    assert_eq!(counts(), (1, 1));
    let mut held = pool.connect().unwrap();
    until((2, 1), counts);
    PooledConnection::detach(&mut held);
    assert_eq!(counts(), (2, 2));
    drop(held);
    let held = pool.connect().unwrap();
    until((3, 2), counts);
    drop(held);
    assert_eq!(counts(), (3, 3));
}

#[test]
fn a_pool_is_not_made_too_small_for_what_it_keeps_ready() {
    let recorder = Recorder::new();
    let pool = Pool::builder(recorder.clone()).pool_size(3).pool_min_idle(3);
    let pool = pool.pool_prefill(Prefill::Fail).build().unwrap();
    let refused = pool.resize(1, 2).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Argument);
    assert!(refused.message().contains("`pool_min_idle` is 3"), "{refused}");
    pool.resize(4, 0).unwrap();
    pool.resize(3, 0).unwrap();
    // The pool is looked after every half second, and once opened connections without end then.
    thread::sleep(700 * MS);
    assert_eq!((recorder.opened(), pool.checkedin()), (3, 3));
}
