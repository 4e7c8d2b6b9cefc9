//! Settings: nonsense is refused with the setting and the reason, and text means what it says.

use std::time::Duration;

use aludel::pool::settings::{Breaker, ConnectMode, PoolClass, PoolOrder, Prefill, ResetOnReturn};
use aludel::pool::{Pool, PoolSettings};
use aludel_tests_pool::Recorder;

const ZERO: Duration = Duration::ZERO;
const SECOND: Duration = Duration::from_secs(1);

fn refusal(settings: PoolSettings) -> String {
    settings.check(PoolClass::QueuePool).unwrap_err().message().to_owned()
}

#[test]
fn nonsense_is_refused_with_the_class_the_setting_and_the_reason() {
    let new = PoolSettings::new;
    let background = || new().pool_connect_mode(ConnectMode::Background);
    let null = || new().poolclass(PoolClass::NullPool);
    let cases = [
        (null().pool_size(3), "NullPool has no setting `pool_size`"),
        (null().pool_recycle(Duration::from_secs(1)), "NullPool has no setting `pool_recycle`"),
        (new().max_overflow(-2), "QueuePool: `max_overflow` is -2"),
        (new().pool_size(0).max_overflow(3), "QueuePool: `max_overflow` sets a limit"),
        (new().pool_recycle(ZERO), "QueuePool: `pool_recycle` must be longer than zero"),
        (new().pool_ping_timeout(ZERO), "QueuePool: `pool_ping_timeout` must be longer"),
        (new().pool_timeout(Duration::MAX), "QueuePool: `pool_timeout` is longer than"),
        (new().pool_min_idle(6), "QueuePool: `pool_min_idle` is 6, more than the 5"),
        (new().pool_prefill(Prefill::Fail), "QueuePool: `pool_prefill` has no effect without"),
        (new().pool_max_connecting(0), "QueuePool: `pool_max_connecting` is 0"),
        (new().pool_max_lifetime_jitter(0.5), "QueuePool: `pool_max_lifetime_jitter` has no"),
        (new().pool_max_lifetime_jitter(f64::NAN), "QueuePool: `pool_max_lifetime_jitter` is NaN"),
        (new().pool_ping_idle(ZERO), "QueuePool: `pool_ping_idle` has no effect without"),
        (new().pool_breaker_threshold(2), "QueuePool: `pool_breaker_threshold` has no effect"),
        (
            new().pool_breaker(Breaker::Fail).pool_breaker_threshold(0),
            "QueuePool: `pool_breaker_threshold` is 0",
        ),
        (
            new().pool_use_lifo(false).pool_order(PoolOrder::Lifo),
            "QueuePool: `pool_order` contradicts `pool_use_lifo`",
        ),
        (
            new().max_overflow(-1).pool_max_waiters(3),
            "QueuePool: `pool_max_waiters` is about waiting, and nobody waits",
        ),
        (background().pool_max_waiters(0), "QueuePool: `pool_max_waiters` is 0, and connections"),
        (background().pool_timeout(ZERO), "QueuePool: `pool_timeout` is 0, and connections"),
        (
            new().pool_ping_timeout(SECOND),
            "QueuePool: `pool_ping_timeout` has no effect without `pool_pre_ping` or",
        ),
        (
            new().pool_reset_on_return(ResetOnReturn::None).pool_reset_timeout(SECOND),
            "QueuePool: `pool_reset_timeout` has no effect without a `pool_reset_on_return`",
        ),
        (
            new().poolclass(PoolClass::SingletonThreadPool).pool_size(0),
            "SingletonThreadPool: `pool_size` must be at least 1",
        ),
    ];
    for (settings, expected) in cases {
        let refused = refusal(settings);
        assert!(refused.starts_with(expected), "{refused}");
    }
}

#[test]
fn every_setting_can_be_given_as_text() {
    let texts = [
        ("poolclass", "queuepool"),
        ("pool_size", "3"),
        ("max_overflow", "-1"),
        ("pool_timeout", "0.5"),
        ("pool_recycle", "-1"),
        ("pool_pre_ping", "yes"),
        ("pool_use_lifo", "true"),
        ("pool_reset_on_return", "commit"),
        ("pool_logging_name", "a"),
        ("echo_pool", "debug"),
        ("pool_order", "lifo"),
        ("pool_bypass", "0.0005"),
        ("pool_max_waiters", "none"),
        ("pool_min_idle", "1"),
        ("pool_prefill", "warn"),
        ("pool_max_lifetime_jitter", "0.2"),
        ("pool_idle_timeout", "60"),
        ("pool_keepalive", "60"),
        ("pool_ping_idle", "1"),
        ("pool_connect_timeout", "none"),
        ("pool_ping_timeout", "1"),
        ("pool_reset_timeout", "1"),
        ("pool_close_timeout", "1"),
        ("pool_connect_mode", "background"),
        ("pool_max_connecting", "2"),
        ("pool_breaker", "fail"),
        ("pool_breaker_threshold", "3"),
        ("pool_leak_threshold", "9"),
        ("pool_histograms", "true"),
    ];
    let mut settings = PoolSettings::new();
    for (name, text) in texts {
        assert!(settings.set_text(name, text).unwrap(), "{name}");
    }
    let given: Vec<_> = settings.given().collect();
    assert_eq!(given, PoolSettings::NAMES, "every setting is in the list above");
    assert!(!settings.set_text("pool_colour", "red").unwrap());
    assert!(settings.set_text("echo_pool", "yes").unwrap(), "a switch, as the others are");
    for (name, text, expected) in [
        ("pool_size", "-1", "`pool_size` is `-1`, which is not a whole number from 0"),
        ("pool_timeout", "-2", "`pool_timeout` is `-2`, which is not a number of seconds from 0"),
        ("pool_pre_ping", "maybe", "`pool_pre_ping` is `maybe`, which is not `true` or `false`"),
        ("pool_order", "up", "`pool_order` is `up`, which is not one of fifo, lifo"),
        ("echo_pool", "loud", "`echo_pool` is `loud`, which is not one of false, true, debug"),
    ] {
        assert_eq!(settings.set_text(name, text).unwrap_err().message(), expected);
    }
}

#[test]
fn a_class_without_a_timeout_of_its_own_does_not_cut_what_connecting_may_take() {
    for class in [PoolClass::NullPool, PoolClass::AssertionPool, PoolClass::SingletonThreadPool] {
        let settings = PoolSettings::new().poolclass(class).pool_connect_timeout(60 * SECOND);
        let config = settings.check(class).unwrap();
        assert_eq!(
            (config.connect_timeout, config.timeout),
            (Some(60 * SECOND), Some(90 * SECOND))
        );
    }
}

#[test]
fn a_pool_refuses_new_limits_that_could_not_have_been_built() {
    let pool = Pool::builder(Recorder::new()).build().unwrap();
    let error = pool.resize(0, 5).unwrap_err();
    assert!(error.message().starts_with("QueuePool: `max_overflow` sets a limit"), "{error}");
    pool.resize(0, -1).unwrap();
}
