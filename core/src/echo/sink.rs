//! Where the lines of the echo go, whole and one at a time.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use crate::abi::fork;
use crate::error::panic_text;

/// How often, and how far apart, a forked child asks for the writer before it loses a line.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(1);

/// Where lines go; clones lead to the same place. What cannot be written is lost, and nothing that
/// the program wants done fails for it.
#[derive(Clone)]
pub(crate) enum Sink {
    StandardOutput,
    Writer(Arc<Shared<dyn Write + Send>>),
}

/// The program's writer, of one line at a time.
pub(crate) struct Shared<W: ?Sized> {
    /// What `fork::forks` was when it was made.
    forks: u32,
    writer: Mutex<W>,
}

impl Sink {
    pub(crate) fn writer(writer: impl Write + Send + 'static) -> Self {
        fork::watch();
        Sink::Writer(Arc::new(Shared { forks: fork::forks(), writer: Mutex::new(writer) }))
    }

    /// True when the program has chosen the place.
    pub(crate) fn is_chosen(&self) -> bool {
        matches!(self, Sink::Writer(_))
    }

    /// Writes a line, which is there before this returns. Lines of several threads follow each
    /// other, and none stands inside another.
    pub(crate) fn write(&self, line: &str) {
        match self {
            Sink::StandardOutput => write_whole(&mut io::stdout().lock(), line),
            Sink::Writer(shared) => {
                if let Some(mut writer) = shared.lock() {
                    write_whole(&mut *writer, line);
                }
            }
        }
    }

    /// Writes a warning: among the other lines where the program has chosen their place, else on
    /// standard error, where warnings belong.
    pub(crate) fn warn(&self, line: &str) {
        match self {
            Sink::StandardOutput => write_whole(&mut io::stderr().lock(), line),
            Sink::Writer(_) => self.write(line),
        }
    }
}

impl<W: ?Sized> Shared<W> {
    /// In a forked child, a thread that exists in the parent alone may have it for ever: a line is
    /// lost then, and nobody waits.
    fn lock(&self) -> Option<MutexGuard<'_, W>> {
        if self.forks == fork::forks() {
            return Some(self.writer.lock().unwrap_or_else(PoisonError::into_inner));
        }
        for _ in 0..ATTEMPTS {
            match self.writer.try_lock() {
                Ok(writer) => return Some(writer),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            }
        }
        None
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
        let _told_by_the_hook = panic_text(payload);
    }
}
