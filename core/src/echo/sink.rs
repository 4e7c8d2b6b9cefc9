//! Where the lines of the echo go, whole and one at a time.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Where lines go; clones lead to the same place. What cannot be written is lost, and nothing that
/// the program wants done fails for it.
#[derive(Clone)]
pub(crate) enum Sink {
    StandardOutput,
    Writer(Arc<Mutex<dyn Write + Send>>),
}

impl Sink {
    pub(crate) fn writer(writer: impl Write + Send + 'static) -> Self {
        Sink::Writer(Arc::new(Mutex::new(writer)))
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
            Sink::Writer(writer) => {
                write_whole(&mut *writer.lock().unwrap_or_else(PoisonError::into_inner), line);
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

fn write_whole(to: &mut dyn Write, line: &str) {
    // The program's writer may panic, and lines are told of in the middle of things.
    let _lost = catch_unwind(AssertUnwindSafe(|| {
        to.write_all(line.as_bytes())?;
        to.flush()
    }));
}
