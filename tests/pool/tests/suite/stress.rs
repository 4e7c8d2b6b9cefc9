//! Many threads, and everything goes wrong at random: nothing is lost, nobody waits for nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use aludel::pool::{Manager, Pool, PooledConnection, ResetOnReturn};
use aludel::{Error, ErrorKind, Result};
use aludel_tests_pool::{Conn, Recorder};

/// Fails every seventh connect, panics at every 31st.
struct Unreliable {
    recorder: Recorder,
    calls: AtomicU64,
}

impl Manager for Unreliable {
    type Connection = Conn;

    fn connect(&self, within: Option<Duration>) -> Result<Conn> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call % 7 == 3 {
            return Err(Error::operational("refused"));
        }
        assert!(call % 31 != 5, "panics, as the test demands");
        self.recorder.connect(within)
    }

    fn reset(&self, conn: &mut Conn, _: ResetOnReturn, _: Duration) -> Result<()> {
        if conn.id.is_multiple_of(37) { Err(Error::operational("refused")) } else { Ok(()) }
    }

    fn is_broken(&self, conn: &Conn) -> bool {
        conn.broken
    }
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn use_at_random(pool: &Pool<Unreliable>, dice: u64) {
    let timeout = match dice % 5 {
        0 => Duration::from_micros(dice % 300),
        _ => Duration::from_secs(20),
    };
    let checkout = AssertUnwindSafe(|| pool.connect_within(timeout));
    let mut connection = match catch_unwind(checkout) {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => {
            let patient = timeout > Duration::from_secs(1);
            assert!(!(patient && error.kind() == ErrorKind::Timeout), "{error}");
            return;
        }
        Err(_) => return,
    };
    match dice % 41 {
        0 => PooledConnection::invalidate(connection, None),
        1 => PooledConnection::soft_invalidate(&mut connection, None),
        2 => PooledConnection::detach(&mut connection),
        3 => connection.broken = true,
        4 => pool.invalidate_all(),
        5 => pool.dispose(),
        6 => {
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let _held = connection;
                panic!("panics, as the test demands");
            }));
        }
        7..10 => thread::yield_now(),
        _ => {}
    }
}

fn quiet_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !info.to_string().contains("as the test demands") {
            usual(info);
        }
    }));
}

#[test]
fn under_faults_of_all_kinds_the_counts_hold_and_nobody_is_forgotten() {
    quiet_panics();
    for (size, overflow, bypass) in [(1, 0, 0), (2, 1, 0), (5, 10, 0), (2, 20, 0), (2, 1, 200)] {
        let recorder = Recorder::new();
        let manager = Unreliable { recorder: recorder.clone(), calls: AtomicU64::new(0) };
        let pool = Pool::builder(manager).pool_size(size).max_overflow(overflow);
        let pool = pool.pool_bypass(Duration::from_micros(bypass)).build().unwrap();
        thread::scope(|scope| {
            for thread in 0..12_u64 {
                let pool = pool.clone();
                scope.spawn(move || {
                    let mut state = 88_172_645_463_325_252 ^ (thread << 7);
                    for _ in 0..3000 {
                        use_at_random(&pool, random(&mut state));
                    }
                });
            }
        });
        let state = pool.snapshot();
        assert_eq!((state.in_use, state.waiting, state.connecting), (0, 0, 0), "{state:?}");
        assert_eq!((state.draining, state.holders.len()), (0, 0), "{state:?}");
        assert!(state.idle <= size, "{state:?}");
        assert!(bypass > 0 || state.counters.bypasses == 0, "{state:?}");
        pool.close(Duration::ZERO).unwrap();
        assert_eq!((recorder.live(), pool.checkedout()), (0, 0));
    }
}
