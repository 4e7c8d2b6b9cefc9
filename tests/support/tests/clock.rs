//! The clock: who sleeps, who is woken, and that no wake-up is lost.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use aludel_test_support::busy::quiet_and_busy;
use aludel_test_support::clock::FakeClock;

const SECOND: Duration = Duration::from_secs(1);

fn clock() -> Arc<FakeClock> {
    Arc::new(FakeClock::new())
}

#[test]
fn time_stands_still_until_it_is_moved() {
    let clock = clock();
    let start = clock.now();
    assert_eq!((clock.now(), clock.elapsed()), (start, Duration::ZERO));
    assert_eq!(clock.advance(3600 * SECOND), 0);
    assert_eq!(clock.now() - start, 3600 * SECOND);
}

#[test]
fn a_sleeper_is_woken_when_its_time_has_come_and_not_before() {
    quiet_and_busy(|| {
        let clock = clock();
        let (tell, told) = mpsc::channel();
        let sleeper = thread::spawn({
            let clock = Arc::clone(&clock);
            move || {
                clock.sleep(30 * SECOND);
                tell.send(clock.elapsed()).unwrap();
            }
        });
        clock.wait_for_sleepers(1);
        assert_eq!(clock.next_wake(), Some(clock.now() + 30 * SECOND));
        assert_eq!(clock.advance(30 * SECOND - Duration::from_nanos(1)), 0);
        assert_eq!((told.try_recv().ok(), clock.sleepers()), (None, 1));
        assert_eq!(clock.advance(Duration::from_nanos(1)), 1);
        assert_eq!(told.recv().unwrap(), 30 * SECOND);
        sleeper.join().unwrap();
        assert_eq!((clock.sleepers(), clock.next_wake()), (0, None));
    });
}

#[test]
fn who_is_unparked_by_another_thread_wakes_before_its_time() {
    quiet_and_busy(|| {
        let clock = clock();
        let deadlines = [Some(clock.now() + SECOND), None];
        for deadline in deadlines {
            let sleeper = thread::spawn({
                let clock = Arc::clone(&clock);
                move || clock.park_until(deadline)
            });
            clock.wait_for_sleepers(1);
            assert_eq!(clock.next_wake(), deadline);
            sleeper.thread().unpark();
            sleeper.join().unwrap();
            assert_eq!(clock.sleepers(), 0);
        }
    });
}

#[test]
fn no_wake_up_is_lost_between_the_look_at_the_clock_and_sleep() {
    quiet_and_busy(|| {
        for _ in 0..500 {
            let clock = clock();
            let until = clock.now() + SECOND;
            let sleeper = thread::spawn({
                let clock = Arc::clone(&clock);
                move || {
                    while clock.now() < until {
                        clock.park_until(Some(until));
                    }
                }
            });
            // At whatever point of its way the thread is.
            clock.advance(SECOND);
            sleeper.join().unwrap();
        }
    });
}

#[test]
fn the_next_sleepers_are_woken_one_instant_after_the_other() {
    quiet_and_busy(|| {
        let clock = clock();
        let order = Arc::new(Mutex::new(Vec::new()));
        let sleepers: Vec<_> = [3, 1, 2, 1]
            .into_iter()
            .map(|seconds| {
                let (clock, order) = (Arc::clone(&clock), Arc::clone(&order));
                thread::spawn(move || {
                    clock.sleep(seconds * SECOND);
                    order.lock().unwrap().push(seconds);
                })
            })
            .collect();
        clock.wait_for_sleepers(4);
        let mut woken = Vec::new();
        while clock.sleepers() > 0 {
            woken.push(clock.advance_to_next());
            let total: usize = woken.iter().sum();
            let until = Instant::now() + aludel_test_support::PATIENCE;
            while order.lock().unwrap().len() < total && Instant::now() < until {
                thread::yield_now();
            }
        }
        sleepers.into_iter().for_each(|sleeper| sleeper.join().unwrap());
        assert_eq!((woken, clock.elapsed()), (vec![2, 1, 1], 3 * SECOND));
        assert_eq!(*order.lock().unwrap(), [1, 1, 2, 3]);
        assert_eq!(clock.advance_to_next(), 0);
    });
}

#[test]
fn alarms_ring_in_their_order_once_and_never_after_they_are_dropped() {
    let clock = clock();
    let order = Arc::new(Mutex::new(Vec::new()));
    let alarms: Vec<_> = [2, 1, 3, 0]
        .into_iter()
        .map(|seconds| {
            let order = Arc::clone(&order);
            let ring = move || order.lock().unwrap().push(seconds);
            clock.alarm(clock.now() + seconds * SECOND, ring)
        })
        .collect();
    assert_eq!(*order.lock().unwrap(), [0], "what is due rings at once");
    assert!(alarms[0].is_pending() && !alarms[3].is_pending());
    drop(alarms.into_iter().nth(2));
    assert_eq!(clock.sleepers(), 0, "all of them were dropped");

    let order = Arc::new(Mutex::new(Vec::new()));
    let _alarms = [2, 1, 3].map(|seconds| {
        let order = Arc::clone(&order);
        clock.alarm(clock.now() + seconds * SECOND, move || order.lock().unwrap().push(seconds))
    });
    assert_eq!((clock.advance(9 * SECOND), clock.advance(9 * SECOND)), (3, 0));
    assert_eq!(*order.lock().unwrap(), [1, 2, 3]);
}

#[test]
fn an_alarm_may_set_the_next_one() {
    let clock = clock();
    let next = Arc::new(Mutex::new(None));
    let _alarm = clock.alarm(clock.now() + SECOND, {
        let (clock, next) = (Arc::clone(&clock), Arc::clone(&next));
        let at = clock.now() + 2 * SECOND;
        move || *next.lock().unwrap() = Some(clock.alarm(at, || {}))
    });
    assert_eq!(clock.advance_to_next(), 1);
    assert_eq!(clock.sleepers(), 1);
    assert_eq!(clock.advance_to_next(), 1);
    assert_eq!(clock.elapsed(), 2 * SECOND);
}

#[test]
fn tasks_are_woken_through_their_waker() {
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let clock = clock();
    let count = Arc::new(Count(AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&count));
    let _alarm = clock.wake_at(clock.now() + SECOND, &waker);
    drop(clock.wake_at(clock.now() + SECOND, &waker));
    assert_eq!(clock.advance(SECOND), 1);
    assert_eq!(count.0.load(Ordering::SeqCst), 1);
}
