//! What becomes of a panic of a manager or listener where nobody's call would see it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Error, Result};

/// Does something on behalf of somebody else, who is told of a panic by an error.
pub(super) fn told<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    // What the work held was given back on the way, and nothing of it is looked at again.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(panicked(&*payload)))
}

/// Does something that the pool goes on after, whatever it does. The panic hook has told of it.
pub(super) fn survived(work: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(work)));
}

#[cold]
fn panicked(payload: &(dyn Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied();
    let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    Error::internal(match text {
        Some(text) => format!("the pool's manager or a listener panicked: {text}"),
        None => "the pool's manager or a listener panicked".to_owned(),
    })
    .with_help("the place of the panic is on the standard error stream; repair what is there")
}
