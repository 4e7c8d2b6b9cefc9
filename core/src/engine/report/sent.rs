//! What is sent to a database, as it is told of: cut, hidden, and written down once at most.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::panic::Location;

use super::tag::TextOrigin;
use crate::text::first_word;

/// The longest text of an insert of many rows that is shown whole, and the ends of longer ones.
const LONGEST: usize = 500;
const HEAD: usize = 250;
const TAIL: usize = 100;

/// A statement that is about to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'s> {
    /// The text as it is sent.
    pub(crate) sql: &'s str,
    pub(crate) origin: TextOrigin<'s>,
    pub(crate) parameters: &'s dyn fmt::Display,
    /// Who has executed it.
    pub(crate) caller: &'static Location<'static>,
}

impl<'s> Sent<'s> {
    /// The text as it is shown.
    pub(super) fn text(&self) -> Cow<'s, str> {
        match self.origin {
            TextOrigin::Page { .. } => Cut(self.sql).text(),
            TextOrigin::Raw | TextOrigin::Compiled(_) => Cow::Borrowed(self.sql),
        }
    }
}

/// Parameters as they are shown: what is borrowed for the execution is read when somebody looks, and
/// written down once.
pub(super) struct ShownParameters<'s> {
    /// `None` when they are hidden.
    parameters: Option<&'s dyn fmt::Display>,
    text: OnceCell<String>,
}

impl<'s> ShownParameters<'s> {
    pub(super) fn new(sent: &Sent<'s>, hides: bool) -> Self {
        let parameters = (!hides).then_some(sent.parameters);
        ShownParameters { parameters, text: OnceCell::new() }
    }

    pub(super) fn text(&self) -> &str {
        match self.parameters {
            None => "[SQL parameters hidden due to hide_parameters=True]",
            Some(parameters) => self.text.get_or_init(|| parameters.to_string()),
        }
    }
}

impl fmt::Display for ShownParameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A long text of which the middle says nothing new.
pub(crate) struct Cut<'s>(pub(crate) &'s str);

impl<'s> Cut<'s> {
    pub(crate) fn text(&self) -> Cow<'s, str> {
        // Fewer bytes are no more characters.
        let is_short = self.0.len() <= LONGEST;
        let characters = if is_short { 0 } else { self.0.chars().count() };
        if characters <= LONGEST {
            return Cow::Borrowed(self.0);
        }
        let at = |index| self.0.char_indices().nth(index).map_or(self.0.len(), |(at, _)| at);
        let (head, tail) = (&self.0[..at(HEAD)], &self.0[at(characters - TAIL)..]);
        let gone = characters - HEAD - TAIL;
        Cow::Owned(format!("{head} ... {gone} characters truncated ... {tail}"))
    }
}

/// What a statement does: its first word, as databases write it.
pub(super) struct Verb<'s>(&'s str);

impl<'s> Verb<'s> {
    /// `None` for a text without a word.
    pub(super) fn of(sql: &'s str) -> Option<Self> {
        Some(first_word(sql)).filter(|word| !word.is_empty()).map(Verb)
    }
}

impl fmt::Display for Verb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| write!(f, "{}", c.to_ascii_uppercase()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_insert_shows_its_ends() {
        assert_eq!(Cut(&"x".repeat(500)).text(), "x".repeat(500));
        assert_eq!(Cut(&"ü".repeat(500)).text(), "ü".repeat(500));
        let shown = Cut(&"ü".repeat(501)).text().into_owned();
        let (head, tail) =
            shown.split_once(" ... 151 characters truncated ... ").expect("the note");
        assert_eq!((head.chars().count(), tail.chars().count()), (250, 100));
    }

    #[test]
    fn an_operation_is_written_in_capitals_and_may_be_missing() {
        let operation = |sql| Verb::of(sql).map(|operation| operation.to_string());
        assert_eq!(operation("( select 1)").as_deref(), Some("SELECT"));
        assert_eq!(operation("42"), None);
    }
}
