//! What becomes of a panic of a manager or listener where nobody's call would see it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result, panic_text};

/// Does something on behalf of somebody else, who is told of a panic by an error.
pub(super) fn told<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // What the work held was given back on the way, and nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(panicked(payload)))
}

/// Does something that the pool goes on after, whatever it does. The panic hook has told of it.
pub(super) fn survived(work: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
        // Dropped as one that is read: without its destructor.
        let _told_by_the_hook = panic_text(payload);
    }
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> Error {
    let text = panic_text(payload);
    Error::internal(format!("the pool's manager or a listener panicked: {text}"))
        .with_help("the place of the panic is on the standard error stream; repair what is there")
}
