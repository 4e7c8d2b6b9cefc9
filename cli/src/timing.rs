//! How long connecting and each statement took, for who asks with `--timing`.

use std::time::{Duration, Instant};

use crate::console::Console;

/// A clock that runs only when somebody asks.
pub(crate) struct Timing {
    started: Option<Instant>,
}

impl Timing {
    /// Begins now, if the times are wanted.
    pub(crate) fn begin(wanted: bool) -> Self {
        Timing { started: wanted.then(Instant::now) }
    }

    /// The time since the beginning or the last call.
    pub(crate) fn lap(&mut self) -> Option<Duration> {
        let started = self.started.as_mut()?;
        let now = Instant::now();
        Some(now.duration_since(std::mem::replace(started, now)))
    }

    /// Says how long connecting took.
    pub(crate) fn say_connected(&mut self, console: &Console) {
        if let Some(time) = self.lap() {
            console.say(format_args!("connect {}", millis(time)));
        }
    }

    /// Says how long a statement took that was executed in this time; reading and printing its rows
    /// ends now.
    pub(crate) fn say_done(&mut self, executed: Option<Duration>, console: &Console) {
        if let (Some(execute), Some(rows)) = (executed, self.lap()) {
            let (total, execute, rows) = (millis(execute + rows), millis(execute), millis(rows));
            console.say(format_args!("time {total} (execute {execute}, read and print {rows})"));
        }
    }
}

fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}
