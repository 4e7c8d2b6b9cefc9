//! Whether a subscriber of the program has read what was told.

use std::cell::Cell;
use std::fmt;

/// The message of an event, which remembers that somebody has read it.
///
/// Nobody is asked beforehand. A question that no event follows is taken by the filters of
/// `tracing-subscriber` for one that follows, and the program then loses one of its own; and what
/// would be answered of an event that is no event says little of the one that is.
pub(crate) struct Message<'m> {
    text: fmt::Arguments<'m>,
    is_read: Cell<bool>,
}

impl<'m> Message<'m> {
    pub(crate) fn new(text: fmt::Arguments<'m>) -> Self {
        Message { text, is_read: Cell::new(false) }
    }

    pub(crate) fn text(&self) -> fmt::Arguments<'m> {
        self.text
    }

    /// True once somebody has formatted the message.
    pub(crate) fn is_read(&self) -> bool {
        self.is_read.get()
    }
}

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.is_read.set(true);
        f.write_fmt(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn a_message_knows_that_it_was_read() {
        let number = 5;
        let text = format_args!("number {number}");
        let message = Message::new(text);
        assert!(!message.is_read());
        assert_eq!(message.to_string(), "number 5");
        assert!(message.is_read());
    }
}
