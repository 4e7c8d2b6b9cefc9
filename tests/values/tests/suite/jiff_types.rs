//! The crate `jiff`.

use aludel::value::{Date as AnyDate, Interval};
use aludel::{FromValue, Value};
use aludel_tests_values::{selected, stored, through};
use jiff::civil::{Date, DateTime, Time, date, time};
use jiff::{SignedDuration, Span, Timestamp, ToSpan};

#[test]
fn dates_and_times_go_in_and_come_out() -> aludel::Result<()> {
    let day = date(2024, 2, 29);
    assert_eq!(stored(day).0, "2024-02-29");
    assert_eq!(through::<_, Date>(day)?, day);
    let clock = time(12, 30, 0, 500_000_001);
    assert_eq!(through::<_, Time>(clock)?, clock);
    let both = day.to_datetime(clock);
    assert_eq!(stored(both).0, "2024-02-29 12:30:00.500000001");
    assert_eq!(through::<_, DateTime>(both)?, both);
    let moment = Timestamp::new(1_700_000_000, 1).expect("a moment");
    assert_eq!(stored(moment).0, "2023-11-14 22:13:20.000000001+00:00");
    for moment in [moment, Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(through::<_, Timestamp>(moment)?, moment);
    }
    for day in [Date::MIN, Date::MAX] {
        assert_eq!(through::<_, Date>(day)?, day);
    }
    assert_eq!(selected::<Option<Timestamp>>("null")?, None);
    Ok(())
}

#[test]
fn a_span_is_an_interval_of_months_days_and_microseconds() {
    let span = 1.year().months(2).weeks(3).days(4).hours(5).minutes(6).seconds(7).microseconds(8);
    let interval = Interval { months: 14, days: 25, micros: 18_367_000_008 };
    assert_eq!(Value::of(&span), Ok(Value::Interval(interval)));
    let back = Span::from_value(Value::Interval(interval).as_ref()).expect("a span");
    let expected = 14.months().days(25).microseconds(18_367_000_008_i64);
    assert_eq!(back.fieldwise(), expected.fieldwise());
    let back = Value::of(&-span).expect("an interval");
    let negative = Interval { months: -14, days: -25, micros: -18_367_000_008 };
    assert_eq!(back, Value::Interval(negative));
}

#[test]
fn what_one_side_does_not_have_is_refused() {
    let read = |interval| Span::from_value(Value::Interval(interval).as_ref());
    let mixed = Interval { months: 1, days: -1, micros: 0 };
    let error = read(mixed).expect_err("two signs").to_string();
    assert!(error.contains("its parts have different signs"), "{error}");
    assert!(read(Interval { months: 240_000, days: 0, micros: 0 }).is_err());
    assert!(read(Interval::NEG_INFINITY).is_err());
    assert!(Value::of(&1.nanosecond()).is_err());
    assert!(Value::of(&SignedDuration::MAX).is_err());
    let late = Value::Date(AnyDate::from_ymd(10_000, 1, 1).expect("a date"));
    let error = Date::from_value(late.as_ref()).expect_err("beyond").to_string();
    assert_eq!(error, "wanted jiff::civil::Date, found date: it is beyond the range of the type");
}
