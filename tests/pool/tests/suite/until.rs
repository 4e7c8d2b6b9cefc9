//! Waiting in tests for something to become true.

use std::fmt::Debug;
use std::thread;
use std::time::{Duration, Instant};

/// Ends when `look` gives `wanted`.
pub(crate) fn until<T: PartialEq + Debug>(wanted: T, mut look: impl FnMut() -> T) {
    let since = Instant::now();
    loop {
        let seen = look();
        if seen == wanted {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "still {seen:?}, not {wanted:?}");
        thread::sleep(Duration::from_micros(200));
    }
}
