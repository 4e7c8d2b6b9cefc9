//! When to let a long result gather before it is read.
//!
//! A server writes a result 8 KiB at a time. A client that is faster sleeps in between, and then each
//! of those writes has to wake it, which costs the server more than the write itself. So once a
//! result is long and the last read found little, the client waits a moment by the clock, during
//! which nobody wakes it, and finds several writes together: a scan of a million rows takes a sixth
//! less time, and half of the processor's. What it may cost is one such moment at the end of a
//! result that is long.

use std::time::Duration;

/// A read that finds less than this was ahead of the server.
const LITTLE: usize = 16 << 10;

/// A result is long from so many bytes on: a server needs some milliseconds for them.
const LONG: usize = 1 << 20;

/// Five or six writes of a server that is not held up. Receive buffers hold several times as much.
const MOMENT: Duration = Duration::from_micros(100);

/// How reads of the result go.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Bytes since a conversation began.
    seen: usize,
    is_ahead: bool,
}

impl Pace {
    /// A conversation begins.
    pub(super) fn begin(&mut self) {
        *self = Pace::default();
    }

    /// Takes note of a read, and of how much it could have brought.
    pub(super) fn note(&mut self, read: usize, room: usize) {
        self.seen = self.seen.saturating_add(read);
        self.is_ahead = read < LITTLE.min(room);
    }

    /// Waits when that is better than to read at once.
    pub(super) fn wait(&self) {
        if self.is_worth_waiting() {
            std::thread::sleep(MOMENT);
        }
    }

    /// Elsewhere than on Linux a sleep may take a hundred times as long as it should.
    fn is_worth_waiting(&self) -> bool {
        cfg!(target_os = "linux") && self.is_ahead && self.seen >= LONG
    }
}

#[cfg(test)]
mod tests {
    use super::{LONG, Pace};

    #[test]
    fn only_a_long_result_of_small_reads_is_waited_for() {
        let mut pace = Pace::default();
        for _ in 0..LONG / 8192 {
            assert!(!pace.is_worth_waiting());
            pace.note(8192, 1 << 18);
        }
        assert_eq!(pace.is_worth_waiting(), cfg!(target_os = "linux"));
        pace.note(1 << 16, 1 << 18);
        assert!(!pace.is_worth_waiting(), "the server was ahead");
        pace.note(100, 100);
        assert!(!pace.is_worth_waiting(), "there was no room for more");
        pace.note(8192, 1 << 18);
        pace.begin();
        assert!(!pace.is_worth_waiting(), "another conversation");
    }
}
