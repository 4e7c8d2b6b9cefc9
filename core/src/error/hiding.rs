//! Errors without the values of parameters.

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
        let is_of_data = self.sqlstate().is_some_and(|state| state.starts_with("22"));
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
    use super::without_quoted;

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
