//! How a transaction takes its locks: at the first need, or at once.

use aludel::error::{Error, Result};

/// The word after `BEGIN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum BeginMode {
    /// Locks are taken when they are needed.
    #[default]
    Deferred,
    /// The write lock is taken at once.
    Immediate,
    /// As immediate, and outside of WAL mode readers are kept out as well.
    Exclusive,
}

impl BeginMode {
    pub(crate) const NAMES: &'static [&'static str] = &["deferred", "immediate", "exclusive"];

    pub(crate) const fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// Reads the word without case; `what` names where it stands.
    pub(crate) fn parse(what: &str, word: &str) -> Result<Self> {
        [BeginMode::Deferred, BeginMode::Immediate, BeginMode::Exclusive]
            .into_iter()
            .find(|mode| mode.name().eq_ignore_ascii_case(word))
            .ok_or_else(|| {
                Error::argument(format!(
                    "{what} must be deferred, immediate or exclusive, not {word:?}"
                ))
            })
    }
}
