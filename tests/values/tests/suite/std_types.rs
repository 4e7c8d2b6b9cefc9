//! Types of the standard library.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZero;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aludel::value::{Interval, Time};
use aludel::{FromValue, Value};
use aludel_tests_values::{refused, selected, stored, through};

#[test]
fn texts_go_in_and_come_out_behind_any_pointer() -> aludel::Result<()> {
    assert_eq!(through::<_, Box<str>>(Box::<str>::from("a"))?, "a".into());
    assert_eq!(through::<_, Arc<str>>(Arc::<str>::from("a"))?, "a".into());
    assert_eq!(through::<_, Rc<str>>(Rc::<str>::from("a"))?, "a".into());
    assert_eq!(through::<_, String>(Cow::Borrowed("a"))?, "a");
    assert_eq!(through::<_, char>('ř')?, 'ř');
    assert_eq!(through::<_, Option<char>>(None::<char>)?, None);
    assert_eq!(through::<_, Vec<u8>>(Cow::Borrowed(&[1_u8, 2][..]))?, [1, 2]);
    assert_eq!(through::<_, i64>(Box::new(&5_i32))?, 5);
    Ok(())
}

#[test]
fn text_and_bytes_in_cow_are_borrowed() {
    let value = Value::from("a");
    assert!(matches!(Cow::<str>::from_value(value.as_ref()), Ok(Cow::Borrowed("a"))));
    let value = Value::from(&[1_u8][..]);
    assert!(matches!(Cow::<[u8]>::from_value(value.as_ref()), Ok(Cow::Borrowed([1]))));
}

#[test]
fn a_character_is_text_of_length_one() {
    let error =
        "ConversionError: column 0 (`'ab'`): wanted char, found text: it is longer than one";
    assert_eq!(refused::<char>("'ab'").lines().next(), Some(error));
    assert!(refused::<char>("''").contains("wanted char, found text: it is empty"));
    assert!(refused::<char>("1").contains("wanted char, found i64"));
}

#[test]
fn numbers_that_are_not_zero_stay_so() -> aludel::Result<()> {
    let seven = NonZero::new(7_u16).expect("not zero");
    assert_eq!(through::<_, NonZero<u16>>(seven)?, seven);
    assert!(refused::<NonZero<i8>>("0").contains("wanted NonZero<i8>, found i64: it is zero"));
    assert!(refused::<NonZero<i8>>("300").contains("wanted NonZero<i8>, found i64 out of its"));
    assert_eq!(selected::<Option<NonZero<i64>>>("null")?, None);
    Ok(())
}

#[test]
fn network_addresses_are_text() -> aludel::Result<()> {
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        assert_eq!(stored(address), (address.to_string(), "text".into()));
        assert_eq!(through::<_, IpAddr>(address)?, address);
    }
    assert_eq!(selected::<Ipv4Addr>("'10.0.0.1/32'")?, Ipv4Addr::new(10, 0, 0, 1));
    assert_eq!(selected::<IpAddr>("'::1/128'")?, Ipv6Addr::LOCALHOST);
    assert!(refused::<IpAddr>("'10.0.0.0/8'").contains("wanted IpAddr, found text that is not"));
    assert!(refused::<Ipv6Addr>("'10.0.0.1'").contains("wanted Ipv6Addr"));
    Ok(())
}

#[test]
fn a_moment_of_the_system_clock_is_one_in_utc() -> aludel::Result<()> {
    let moment = SystemTime::UNIX_EPOCH + Duration::new(1_700_000_000, 123_456_789);
    assert_eq!(stored(moment).0, "2023-11-14 22:13:20.123456789+00:00");
    assert_eq!(through::<_, SystemTime>(moment)?, moment);
    let before = SystemTime::UNIX_EPOCH - Duration::new(1, 1);
    assert_eq!(stored(before).0, "1969-12-31 23:59:58.999999999+00:00");
    assert_eq!(through::<_, SystemTime>(before)?, before);
    assert!(refused::<SystemTime>("'2024-01-01 00:00:00'").contains("wanted SystemTime"));
    Ok(())
}

#[test]
fn a_duration_is_an_interval_of_microseconds() {
    let micros = Interval { months: 0, days: 0, micros: 1_500_000 };
    assert_eq!(Value::of(&Duration::from_millis(1500)), Ok(Value::Interval(micros)));
    let read =
        |value: Value| Duration::from_value(value.as_ref()).map_err(|error| error.to_string());
    assert_eq!(read(Value::Interval(micros)), Ok(Duration::from_millis(1500)));
    assert_eq!(read(Value::Time(Time::from_micros(5))), Ok(Duration::from_micros(5)));
    for (interval, reason) in [
        (Interval { months: 1, ..micros }, "its months and days have no length of their own"),
        (Interval { days: -1, ..micros }, "its months and days have no length of their own"),
        (Interval { micros: -1, ..micros }, "it is negative"),
        (Interval::INFINITY, "it is infinite"),
    ] {
        let error = read(Value::Interval(interval)).expect_err("it is no duration");
        assert!(error.contains(reason), "{error}");
    }
    for duration in [Duration::from_nanos(1), Duration::MAX] {
        let error = Value::of(&duration).expect_err("it is no interval").to_string();
        assert!(error.starts_with("a value of Duration cannot be sent: "), "{error}");
    }
}

#[test]
fn sqlite_has_no_intervals_and_says_so() {
    let error = through::<_, Value>(Duration::from_secs(1)).expect_err("no type for it");
    assert!(error.to_string().contains("SQLite has no type for interval values"), "{error}");
}
