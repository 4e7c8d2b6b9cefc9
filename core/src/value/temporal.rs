//! Dates, times, timestamps and intervals as databases hold them.

/// A calendar date: days since 1970-01-01 in the proleptic Gregorian calendar.
///
/// Covers what PostgreSQL covers (4713 BC to 5874897 AD) and its two infinities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    days: i32,
}

impl Date {
    /// Later than every date.
    pub const INFINITY: Date = Date { days: i32::MAX };
    /// Earlier than every date.
    pub const NEG_INFINITY: Date = Date { days: i32::MIN };

    /// The date this many days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Date { days }
    }

    /// The date of this year (0 is 1 BC), month and day, where there is one.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Self> {
        super::calendar::days_from_civil(year, month, day).map(|days| Date { days })
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.days
    }

    /// Year (0 is 1 BC), month and day. Meaningless for the infinities.
    pub fn ymd(self) -> (i32, u8, u8) {
        super::calendar::civil_from_days(self.days)
    }
}

/// A time of day in microseconds since midnight, with nanoseconds and an offset where there are any.
///
/// PostgreSQL allows 24:00:00; MySQL's TIME is a signed duration of up to 838:59:59.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    micros: i64,
    nanos: u16,
    offset_minutes: Option<i16>,
}

impl Time {
    /// The time this many microseconds after midnight.
    pub const fn from_micros(micros: i64) -> Self {
        Time { micros, nanos: 0, offset_minutes: None }
    }

    /// Adds nanoseconds (0–999) beyond the microsecond; larger ones are cut to 999.
    #[must_use]
    pub const fn with_nanos(mut self, nanos: u16) -> Self {
        self.nanos = if nanos > 999 { 999 } else { nanos };
        self
    }

    /// Adds the offset from UTC in minutes.
    #[must_use]
    pub const fn with_offset(mut self, minutes: i16) -> Self {
        self.offset_minutes = Some(minutes);
        self
    }

    /// Microseconds since midnight.
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// Nanoseconds (0–999) beyond the microsecond.
    pub const fn nanos(self) -> u16 {
        self.nanos
    }

    /// Offset from UTC in minutes, where the value has one.
    pub const fn offset_minutes(self) -> Option<i16> {
        self.offset_minutes
    }
}

/// Date and time without a time zone: microseconds since 1970-01-01 00:00:00.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    micros: i64,
    nanos: u16,
}

impl Timestamp {
    /// Later than every timestamp.
    pub const INFINITY: Timestamp = Timestamp { micros: i64::MAX, nanos: 0 };
    /// Earlier than every timestamp.
    pub const NEG_INFINITY: Timestamp = Timestamp { micros: i64::MIN, nanos: 0 };

    /// The timestamp this many microseconds after 1970-01-01 00:00:00.
    pub const fn from_micros(micros: i64) -> Self {
        Timestamp { micros, nanos: 0 }
    }

    /// Adds nanoseconds (0–999) beyond the microsecond; larger ones are cut to 999.
    #[must_use]
    pub const fn with_nanos(mut self, nanos: u16) -> Self {
        self.nanos = if nanos > 999 { 999 } else { nanos };
        self
    }

    /// Microseconds since 1970-01-01 00:00:00.
    pub const fn micros(self) -> i64 {
        self.micros
    }

    /// Nanoseconds (0–999) beyond the microsecond.
    pub const fn nanos(self) -> u16 {
        self.nanos
    }
}

/// A moment: microseconds since 1970-01-01 00:00:00 UTC, and the offset it was written with, where known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimestampTz {
    utc: Timestamp,
    offset_minutes: Option<i16>,
}

impl TimestampTz {
    /// Later than every moment.
    pub const INFINITY: TimestampTz =
        TimestampTz { utc: Timestamp::INFINITY, offset_minutes: None };
    /// Earlier than every moment.
    pub const NEG_INFINITY: TimestampTz =
        TimestampTz { utc: Timestamp::NEG_INFINITY, offset_minutes: None };

    /// The moment that this timestamp is in UTC.
    pub const fn from_utc(utc: Timestamp) -> Self {
        TimestampTz { utc, offset_minutes: None }
    }

    /// Remembers the offset from UTC in minutes; the moment stays the same.
    #[must_use]
    pub const fn with_offset(mut self, minutes: i16) -> Self {
        self.offset_minutes = Some(minutes);
        self
    }

    /// Date and time in UTC.
    pub const fn utc(self) -> Timestamp {
        self.utc
    }

    /// The offset from UTC in minutes that the value was written with, where known.
    pub const fn offset_minutes(self) -> Option<i16> {
        self.offset_minutes
    }
}

/// Months, days and microseconds, which do not convert into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(C)]
pub struct Interval {
    /// Months.
    pub months: i32,
    /// Days.
    pub days: i32,
    /// Microseconds.
    pub micros: i64,
}

impl Interval {
    /// Longer than every interval (PostgreSQL 17 and later).
    pub const INFINITY: Interval = Interval { months: i32::MAX, days: i32::MAX, micros: i64::MAX };
    /// Shorter than every interval, negative ones included (PostgreSQL 17 and later).
    pub const NEG_INFINITY: Interval =
        Interval { months: i32::MIN, days: i32::MIN, micros: i64::MIN };
}
