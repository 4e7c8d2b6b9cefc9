//! What a caller does with a connection while it has it.

use std::fmt;
use std::hint;
use std::thread;
use std::time::{Duration, Instant};

/// How long a connection is held, and what its holder does meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hold {
    /// Returned at once.
    Nothing,
    /// Works on its processor, as with a database inside the process.
    Spin(Duration),
    /// Sleeps, as one who waits for a server.
    Sleep(Duration),
}

impl Hold {
    /// Spins for so many microseconds.
    #[must_use]
    pub(crate) const fn spin(micros: u64) -> Self {
        Hold::Spin(Duration::from_micros(micros))
    }

    /// Sleeps for so many microseconds.
    #[must_use]
    pub(crate) const fn sleep(micros: u64) -> Self {
        Hold::Sleep(Duration::from_micros(micros))
    }

    pub(crate) fn pass(self) {
        match self {
            Hold::Nothing => {}
            Hold::Spin(time) => {
                let start = Instant::now();
                while start.elapsed() < time {
                    hint::spin_loop();
                }
            }
            Hold::Sleep(time) => thread::sleep(time),
        }
    }
}

/// As it stands in the name of a cell.
impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hold::Nothing => f.write_str("0us"),
            Hold::Spin(time) => write!(f, "spin{}us", time.as_micros()),
            Hold::Sleep(time) => write!(f, "sleep{}us", time.as_micros()),
        }
    }
}

/// Lets sleeps of this thread, and of those that it starts from now on, end when they should: Linux
/// makes them up to 50 µs longer otherwise, which is more than some of what is measured.
pub(crate) fn sleep_precisely() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_timerslack(1) {
        eprintln!("sleeps are up to 50 µs longer than they should be: {error}");
    }
}
