//! What a panic said.

use std::any::Any;

/// The text of a panic. A value that is no text is left as it is: its destructor may panic again.
#[cold]
pub(crate) fn panic_text(payload: Box<dyn Any + Send>) -> String {
    let payload = match payload.downcast::<&str>() {
        Ok(text) => return (*text).to_owned(),
        Err(payload) => payload,
    };
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(other) => {
            std::mem::forget(other);
            "a value that is no text".to_owned()
        }
    }
}
