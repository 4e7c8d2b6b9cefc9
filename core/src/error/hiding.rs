//! Errors without the values of parameters.

#[cfg(feature = "engine")]
use std::borrow::Cow;

use super::Error;

/// Stands for what is left out of a message.
const HIDDEN: &str = "***";

impl Error {
    /// Takes the parameters out of the error, which says that they are hidden, and with them what
    /// repeats values: the database's [`detail`](Error::detail), its [`context`](Error::context) and
    /// the [`source`](std::error::Error::source); and, where the SQLSTATE is of class 22 (data
    /// exceptions), what stands in quotes in the message.
    ///
    /// Other messages stay as they are, and so does the text of the statement.
    #[must_use]
    pub fn hiding_parameters(mut self) -> Self {
        let is_of_data = self.is_of_data();
        let inner = &mut *self.0;
        inner.parameters = None;
        inner.hides_parameters = true;
        inner.detail = None;
        inner.context = None;
        inner.source = None;
        if is_of_data {
            inner.message = without_quoted(&inner.message);
        }
        self
    }

    /// The message as it may be shown where values are hidden, or as it is.
    #[cfg(feature = "engine")]
    pub(crate) fn shown_message(&self, hides: bool) -> Cow<'_, str> {
        match hides && self.is_of_data() {
            true => Cow::Owned(without_quoted(self.message())),
            false => Cow::Borrowed(self.message()),
        }
    }

    fn is_of_data(&self) -> bool {
        self.sqlstate().is_some_and(|state| state.starts_with("22"))
    }
}

/// The text without what is between its first and its last quote: a value may hold quotes itself.
fn without_quoted(text: &str) -> String {
    let mut text = text.to_owned();
    for quote in ['"', '\''] {
        let (Some(first), Some(last)) = (text.find(quote), text.rfind(quote)) else { continue };
        // One alone opens a value that was cut.
        let last = if first == last { text.len() } else { last };
        text.replace_range(first + 1..last, HIDDEN);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "engine")]
    fn a_message_is_shown_without_values_where_they_are_hidden() {
        let of_data = Error::data("bad integer: \"sesame\"").with_sqlstate("22P02");
        assert_eq!(of_data.shown_message(true), "bad integer: \"***\"");
        assert_eq!(of_data.shown_message(false), "bad integer: \"sesame\"");
        let other = Error::operational("no \"table\"").with_sqlstate("42P01");
        assert_eq!(other.shown_message(true), "no \"table\"");
    }

    #[test]
    fn nothing_between_quotes_is_left() {
        for (given, left) in [
            ("invalid input syntax: \"a \"b\" c\"", "invalid input syntax: \"***\""),
            ("wrong value: 'it's' for x", "wrong value: '***' for x"),
            ("cut: \"abc", "cut: \"***"),
            ("division by zero", "division by zero"),
        ] {
            assert_eq!(without_quoted(given), left);
        }
    }
}
