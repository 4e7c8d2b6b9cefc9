//! The lines of the echo: when, how important, from whom, and what.

use std::fmt;
use std::time::SystemTime;

use crate::value::Date;

const SECONDS_OF_DAY: u64 = 86_400;

/// What a line begins with, after its time.
#[derive(Clone, Copy)]
pub(crate) struct Heading<'h> {
    pub(crate) level: &'static str,
    pub(crate) target: &'static str,
    /// Of the engine or pool.
    pub(crate) name: Option<&'h str>,
    /// Of the connection.
    pub(crate) token: Option<&'h str>,
}

impl Heading<'_> {
    /// A line as logs have it, with its end.
    pub(crate) fn line(self, text: fmt::Arguments<'_>) -> String {
        let now = stamp(SystemTime::now());
        let Heading { level, target, .. } = self;
        let dot = if self.name.is_some() { "." } else { "" };
        let name = self.name.unwrap_or_default();
        let token = self.token.map(|token| format!("[{token}] ")).unwrap_or_default();
        format!("{now} {level} {target}{dot}{name} {token}{text}\n")
    }
}

/// The moment as lines begin with it: `2026-11-20 15:29:13,782`, in UTC.
fn stamp(now: SystemTime) -> String {
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs();
    let days = i32::try_from(seconds / SECONDS_OF_DAY).unwrap_or_default();
    let (year, month, day) = Date::from_days(days).ymd();
    let of_day = seconds % SECONDS_OF_DAY;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let millis = since.subsec_millis();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02},{millis:03}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_moment_is_written_to_the_millisecond() {
        let moment = SystemTime::UNIX_EPOCH + Duration::from_millis(1_709_164_799_007);
        assert_eq!(stamp(moment), "2024-02-28 23:59:59,007");
        assert_eq!(stamp(SystemTime::UNIX_EPOCH), "1970-01-01 00:00:00,000");
    }
}
