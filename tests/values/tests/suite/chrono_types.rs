//! The crate `chrono`.

use aludel::value::{ConversionError, Date, Interval, Time, Timestamp, TimestampTz};
use aludel::{FromValue, Value};
use aludel_tests_values::{refused, selected, stored, through};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

#[test]
fn dates_and_times_go_in_and_come_out() -> aludel::Result<()> {
    let date = day(2024, 2, 29);
    assert_eq!(stored(date).0, "2024-02-29");
    assert_eq!(through::<_, NaiveDate>(date)?, date);
    let time = NaiveTime::from_hms_nano_opt(12, 30, 0, 123_456_789).expect("a time");
    assert_eq!(stored(time).0, "12:30:00.123456789");
    assert_eq!(through::<_, NaiveTime>(time)?, time);
    assert_eq!(stored(date.and_time(time)).0, "2024-02-29 12:30:00.123456789");
    assert_eq!(through::<_, NaiveDateTime>(date.and_time(time))?, date.and_time(time));
    let moment = date.and_time(time).and_utc();
    assert_eq!(through::<_, DateTime<Utc>>(moment)?, moment);
    for date in [day(-44, 3, 15), day(12_345, 1, 1), NaiveDate::MIN, NaiveDate::MAX] {
        assert_eq!(through::<_, NaiveDate>(date)?, date);
    }
    assert_eq!(selected::<Option<NaiveDate>>("null")?, None);
    assert_eq!(selected::<NaiveDate>("date('2024-02-28', '+1 day')")?, date);
    Ok(())
}

#[test]
fn the_offset_of_a_moment_is_kept_where_the_type_has_one() -> aludel::Result<()> {
    let offset = FixedOffset::east_opt(-(3 * 60 + 30) * 60).expect("an offset");
    let moment = day(2024, 2, 29).and_hms_opt(12, 0, 0).expect("a time");
    let moment = moment.and_local_timezone(offset).single().expect("a moment");
    assert_eq!(stored(moment).0, "2024-02-29 12:00:00-03:30");
    assert_eq!(through::<_, DateTime<FixedOffset>>(moment)?.to_rfc3339(), moment.to_rfc3339());
    assert_eq!(through::<_, DateTime<Utc>>(moment)?, moment.to_utc());
    let utc = Value::TimestampTz(TimestampTz::from_utc(Timestamp::from_micros(0)));
    let read = DateTime::<FixedOffset>::from_value(utc.as_ref()).expect("a moment");
    assert_eq!(read.to_rfc3339(), "1970-01-01T00:00:00+00:00");
    Ok(())
}

#[test]
fn what_chrono_does_not_have_is_refused() {
    type Read = fn(&Value) -> Option<ConversionError>;
    let date: Read = |value| NaiveDate::from_value(value.as_ref()).err();
    let time: Read = |value| NaiveTime::from_value(value.as_ref()).err();
    let local: Read = |value| NaiveDateTime::from_value(value.as_ref()).err();
    let utc: Read = |value| DateTime::<Utc>::from_value(value.as_ref()).err();
    for (value, read, message) in [
        (Value::Date(Date::INFINITY), date, "wanted NaiveDate, found date: it is infinite"),
        (
            Value::Date(Date::from_ymd(300_000, 1, 1).expect("a date")),
            date,
            "wanted NaiveDate, found date: it is beyond the range of the type",
        ),
        (
            Value::Time(Time::from_micros(86_400_000_000)),
            time,
            "wanted NaiveTime, found time: it is not between 00:00:00 and 24:00:00, and `Time` \
             holds it",
        ),
        (
            Value::Time(Time::from_micros(-1)),
            time,
            "wanted NaiveTime, found time: it is not between 00:00:00 and 24:00:00, and `Time` \
             holds it",
        ),
        (
            Value::Time(Time::from_micros(0).with_offset(60)),
            time,
            "wanted NaiveTime, found time: it has an offset from UTC, and `Time` holds it",
        ),
        (
            Value::Timestamp(Timestamp::NEG_INFINITY),
            local,
            "wanted NaiveDateTime, found timestamp: it is infinite",
        ),
        (
            Value::TimestampTz(TimestampTz::INFINITY),
            utc,
            "wanted DateTime<Utc>, found timestamptz: it is infinite",
        ),
        (Value::Timestamp(Timestamp::from_micros(0)), utc, "wanted DateTime<Utc>, found timestamp"),
    ] {
        assert_eq!(read(&value).expect("refused").to_string(), message);
    }
    assert!(refused::<NaiveDate>("'2023-02-29'").contains("found text that is not of its form"));
    assert!(refused::<NaiveTime>("'23:59:60'").contains("found text that is not of its form"));
    assert!(refused::<DateTime<Utc>>("'2024-01-01 00:00:00'").contains("not of its form"));
    assert!(refused::<NaiveDate>("null").contains("ask for Option<NaiveDate>"));
}

#[test]
fn what_databases_do_not_have_is_not_sent() {
    let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).expect("chrono has it");
    let leap_day = day(2016, 12, 31).and_time(leap);
    let seconds = FixedOffset::east_opt(17 * 60 + 30).expect("chrono has it");
    let odd = day(1900, 1, 1).and_time(NaiveTime::MIN).and_local_timezone(seconds);
    for (sent, reason) in [
        (Value::of(&leap), "NaiveTime cannot be sent: databases have no leap seconds"),
        (Value::of(&leap_day), "NaiveDateTime cannot be sent: databases have no leap seconds"),
        (Value::of(&leap_day.and_utc()), "DateTime cannot be sent: databases have no leap"),
        (
            Value::of(&odd.single().expect("a moment")),
            "DateTime cannot be sent: its offset from UTC is not one of whole minutes",
        ),
        (Value::of(&TimeDelta::nanoseconds(1)), "TimeDelta cannot be sent: intervals hold micro"),
        (Value::of(&TimeDelta::MAX), "TimeDelta cannot be sent: it is longer than the longest"),
    ] {
        let error = sent.expect_err("refused").to_string();
        assert!(error.starts_with(&format!("a value of {reason}")), "{error}");
    }
}

#[test]
fn a_time_delta_is_an_interval_and_may_be_negative() {
    let micros = Interval { months: 0, days: 0, micros: -1_500_001 };
    let delta = TimeDelta::microseconds(-1_500_001);
    assert_eq!(Value::of(&delta), Ok(Value::Interval(micros)));
    assert_eq!(TimeDelta::from_value(Value::Interval(micros).as_ref()), Ok(delta));
    let time = Value::Time(Time::from_micros(-3_020_399_000_000));
    assert_eq!(TimeDelta::from_value(time.as_ref()), Ok(-TimeDelta::seconds(3_020_399)));
    let months = Value::Interval(Interval { months: 1, days: 0, micros: 0 });
    assert!(TimeDelta::from_value(months.as_ref()).is_err());
}
