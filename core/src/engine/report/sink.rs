//! Where the lines of the echo go, whole and one at a time.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use crate::error::panic_text;
use crate::value::Date;

const SECONDS_OF_DAY: u64 = 86_400;

/// Where lines go. What cannot be written is lost, and no statement fails for it.
pub(in crate::engine) enum Sink {
    StandardOutput,
    Writer(Mutex<Box<dyn Write + Send>>),
}

impl Sink {
    pub(in crate::engine) fn writer(writer: impl Write + Send + 'static) -> Self {
        Sink::Writer(Mutex::new(Box::new(writer)))
    }

    /// Writes a line, which is there before this returns. Lines of several threads follow each
    /// other, and none stands inside another.
    pub(super) fn write(&self, line: &str) {
        match self {
            Sink::StandardOutput => write_whole(&mut io::stdout().lock(), line),
            Sink::Writer(writer) => {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                write_whole(&mut **writer, line);
            }
        }
    }
}

fn write_whole(to: &mut dyn Write, line: &str) {
    // The program's writer may panic, and lines are told of in the middle of things, also while
    // another panic unwinds.
    let lost = catch_unwind(AssertUnwindSafe(|| {
        to.write_all(line.as_bytes())?;
        to.flush()
    }));
    if let Err(payload) = lost {
        panic_text(payload);
    }
}

/// The moment as lines begin with it: `2026-11-20 15:29:13,782`, in UTC.
pub(super) fn stamp(now: SystemTime) -> String {
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
