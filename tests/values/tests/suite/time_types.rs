//! The crate `time`.

use aludel::value::{Date as AnyDate, Timestamp};
use aludel::{FromValue, Value};
use aludel_tests_values::{selected, stored, through};
use time::{
    Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime, UtcOffset,
};

#[test]
fn dates_and_times_go_in_and_come_out() -> aludel::Result<()> {
    let date = Date::from_calendar_date(2024, Month::February, 29).expect("a date");
    assert_eq!(stored(date).0, "2024-02-29");
    assert_eq!(through::<_, Date>(date)?, date);
    let time = Time::from_hms_nano(12, 30, 0, 500_000_001).expect("a time");
    assert_eq!(through::<_, Time>(time)?, time);
    let both = PrimitiveDateTime::new(date, time);
    assert_eq!(stored(both).0, "2024-02-29 12:30:00.500000001");
    assert_eq!(through::<_, PrimitiveDateTime>(both)?, both);
    for date in [Date::MIN, Date::MAX] {
        assert_eq!(through::<_, Date>(date)?, date);
    }
    assert_eq!(selected::<Option<Date>>("null")?, None);
    Ok(())
}

#[test]
fn the_offset_of_a_moment_is_kept_where_the_type_has_one() -> aludel::Result<()> {
    let utc = OffsetDateTime::from_unix_timestamp(1_700_000_000).expect("a moment");
    let offset = UtcOffset::from_hms(5, 45, 0).expect("an offset");
    let moment = utc.to_offset(offset);
    assert_eq!(stored(moment).0, "2023-11-15 03:58:20+05:45");
    let back: OffsetDateTime = through(moment)?;
    assert_eq!((back, back.offset()), (moment, offset));
    let utc = UtcDateTime::from_unix_timestamp(1_700_000_000).expect("a moment");
    assert_eq!(through::<_, UtcDateTime>(moment)?, utc);
    assert_eq!(stored(utc).0, "2023-11-14 22:13:20+00:00");
    Ok(())
}

#[test]
fn what_one_side_does_not_have_is_refused() {
    let late = Value::Date(AnyDate::from_ymd(10_000, 1, 1).expect("a date"));
    let error = Date::from_value(late.as_ref()).expect_err("beyond").to_string();
    assert_eq!(error, "wanted time::Date, found date: it is beyond the range of the type");
    let late = Value::Timestamp(Timestamp::from_micros(300_000_000_000_000_000));
    assert!(PrimitiveDateTime::from_value(late.as_ref()).is_err());
    let odd = UtcOffset::from_hms(0, 0, 1).expect("an offset");
    let error = Value::of(&OffsetDateTime::UNIX_EPOCH.to_offset(odd)).expect_err("seconds");
    assert!(error.to_string().contains("its offset from UTC is not one of whole minutes"));
    assert!(Value::of(&Duration::nanoseconds(1)).is_err());
    assert!(Value::of(&Duration::MIN).is_err());
    let length = Value::of(&Duration::microseconds(-5)).expect("an interval");
    assert_eq!(Duration::from_value(length.as_ref()), Ok(Duration::microseconds(-5)));
}
