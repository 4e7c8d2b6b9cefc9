//! When a text was compiled and how long it took, for those who look on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When a text was compiled, where somebody looked on.
#[derive(Debug, Default)]
pub(crate) struct Stamp {
    made: OnceLock<Made>,
    is_told: AtomicBool,
}

#[derive(Debug)]
struct Made {
    at: Instant,
    took: Duration,
}

/// How old a compiled text is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Age {
    /// Nobody was told of it before; compiling took this long.
    New(Duration),
    /// It was compiled this long ago.
    Since(Duration),
    /// It was compiled when nobody looked on.
    Unknown,
}

impl Stamp {
    /// The text was compiled just now.
    pub(crate) fn note(&self, started: Instant) {
        let at = Instant::now();
        let _first_counts = self.made.set(Made { at, took: at.duration_since(started) });
    }

    /// How old the text is. New is what nobody has asked this of.
    pub(crate) fn age(&self) -> Age {
        match self.made.get() {
            None => Age::Unknown,
            Some(made) if !self.is_told.swap(true, Ordering::Relaxed) => Age::New(made.took),
            Some(made) => Age::Since(made.at.elapsed()),
        }
    }
}

/// A copy of a text was compiled when nobody looked on.
impl Clone for Stamp {
    fn clone(&self) -> Self {
        Stamp::default()
    }
}

/// What a text compiles to does not depend on when.
impl PartialEq for Stamp {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
