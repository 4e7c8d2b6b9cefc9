//! Pools: gauges, counters and times, told when the program asks for it.

use std::time::Duration;

use aludel::metrics::record_pools;
use aludel::pool::{Manager, Pool};
use aludel_tests_metrics::{Kept, Recorded};

use crate::shop::builder;

struct Numbers;

impl Manager for Numbers {
    type Connection = u64;

    fn connect(&self, _within: Option<Duration>) -> aludel::Result<u64> {
        Ok(7)
    }
}

fn recorder() -> Kept {
    let kept = Kept::installed();
    aludel::metrics::start();
    kept
}

fn pool(name: &str) -> Pool<Numbers> {
    let pool = Pool::builder(Numbers).pool_size(2).max_overflow(1).pool_logging_name(name);
    pool.pool_histograms(true).build().unwrap()
}

fn look(kept: &Kept, name: &str, pool: &str, more: &str) -> Option<Recorded> {
    kept.get(&format!("{name}{{db.client.connection.pool.name={pool}{more}}}"))
}

fn gauge(kept: &Kept, name: &str, pool: &str) -> f64 {
    match look(kept, &format!("db.client.connection.{name}"), pool, "") {
        Some(Recorded::Gauge(value)) => value,
        other => panic!("{name} of {pool} is {other:?}"),
    }
}

fn by_state(kept: &Kept, pool: &str) -> [Option<Recorded>; 2] {
    let of = |state| {
        let more = format!(",db.client.connection.state={state}");
        look(kept, "db.client.connection.count", pool, &more)
    };
    [of("idle"), of("used")]
}

fn gauges(idle: f64, used: f64) -> [Option<Recorded>; 2] {
    [Some(Recorded::Gauge(idle)), Some(Recorded::Gauge(used))]
}

#[test]
fn a_pool_is_as_it_is_when_the_program_asks() {
    let kept = recorder();
    let pool = pool("asked");
    let held = pool.connect().unwrap();
    drop(pool.connect().unwrap());
    assert_eq!(by_state(&kept, "asked"), [None, None], "nobody has asked");
    record_pools();
    assert_eq!(by_state(&kept, "asked"), gauges(1.0, 1.0));
    assert_eq!(gauge(&kept, "max", "asked"), 3.0);
    assert_eq!(gauge(&kept, "idle.max", "asked"), 2.0);
    assert_eq!(gauge(&kept, "idle.min", "asked"), 0.0);
    assert_eq!(gauge(&kept, "pending_requests", "asked"), 0.0);
    drop(held);
    record_pools();
    assert_eq!(by_state(&kept, "asked"), gauges(2.0, 0.0));
}

#[test]
fn counters_stand_as_in_the_snapshot_however_often_they_are_told() {
    let kept = recorder();
    let pool = pool("counted");
    let held = [pool.connect().unwrap(), pool.connect().unwrap(), pool.connect().unwrap()];
    pool.connect_within(Duration::ZERO).map(drop).unwrap_err();
    drop(held);
    for _ in 0..3 {
        record_pools();
    }
    let count = |name, more| look(&kept, name, "counted", more);
    assert_eq!(count("aludel.pool.checkouts", ""), Some(Recorded::Counter(3)));
    assert_eq!(count("aludel.pool.connects", ""), Some(Recorded::Counter(3)));
    assert_eq!(count("db.client.connection.timeouts", ""), Some(Recorded::Counter(1)));
    assert_eq!(count("aludel.pool.closed", ",reason=overflow"), Some(Recorded::Counter(1)));
    assert_eq!(count("aludel.pool.closed", ",reason=broken"), Some(Recorded::Counter(0)));
}

#[test]
fn pools_of_one_name_add_up_and_what_is_gone_still_counts() {
    let kept = recorder();
    let (one, other) = (pool("twins"), pool("twins"));
    let _held = one.connect().unwrap();
    let held = other.connect().unwrap();
    record_pools();
    assert_eq!(by_state(&kept, "twins"), gauges(0.0, 2.0));
    assert_eq!(gauge(&kept, "max", "twins"), 6.0);
    drop(held);
    drop(other);
    record_pools();
    assert_eq!(by_state(&kept, "twins"), gauges(0.0, 1.0));
    let checkouts = look(&kept, "aludel.pool.checkouts", "twins", "");
    assert_eq!(checkouts, Some(Recorded::Counter(2)));
    drop(_held);
    drop(one);
    record_pools();
    assert_eq!((by_state(&kept, "twins"), gauge(&kept, "max", "twins")), (gauges(0.0, 0.0), 0.0));
    let checkouts = look(&kept, "aludel.pool.checkouts", "twins", "");
    assert_eq!(checkouts, Some(Recorded::Counter(2)));
}

#[test]
fn each_time_is_told_once_and_nearly_as_it_was() {
    let kept = recorder();
    let pool = pool("timed");
    for _ in 0..2 {
        let held = pool.connect().unwrap();
        std::thread::sleep(Duration::from_millis(3));
        drop(held);
        record_pools();
        record_pools();
    }
    let key = |name| format!("{name}{{db.client.connection.pool.name=timed}}");
    let uses = kept.values(&key("db.client.connection.use_time"));
    let hold = pool.snapshot().timings.unwrap().hold;
    assert_eq!((uses.len() as u64, hold.count), (2, 2));
    let (told, exact) = (uses.iter().sum::<f64>(), hold.sum.as_secs_f64());
    assert!((told - exact).abs() <= exact * 0.016, "{told} for {exact}");
    assert_eq!(kept.values(&key("db.client.connection.wait_time")).len(), 2);
    assert_eq!(kept.values(&key("db.client.connection.create_time")).len(), 1);
    assert_eq!(kept.values(&key("aludel.pool.ping_time")).len(), 0);
}

#[test]
fn a_pool_without_a_limit_has_no_limit_to_tell() {
    let kept = recorder();
    let pool = Pool::builder(Numbers).pool_size(0).pool_logging_name("unlimited").build().unwrap();
    drop(pool.connect().unwrap());
    record_pools();
    assert_eq!(by_state(&kept, "unlimited"), gauges(1.0, 0.0));
    assert_eq!(look(&kept, "db.client.connection.max", "unlimited", ""), None);
    assert_eq!(look(&kept, "db.client.connection.idle.max", "unlimited", ""), None);
}

#[test]
fn the_pool_of_an_engine_is_named_by_its_database_unless_it_has_a_name() {
    let (kept, unnamed, namespace, _dir) = builder();
    let unnamed = unnamed.build().unwrap();
    let (_, named, _, _other_dir) = builder();
    let named = named.pool_logging_name("till").build().unwrap();
    let _held = (unnamed.connect().unwrap(), named.connect().unwrap());
    record_pools();
    assert_eq!(by_state(&kept, &format!("sqlite:{namespace}")), gauges(0.0, 1.0));
    assert_eq!(by_state(&kept, "till"), gauges(0.0, 1.0));
}
