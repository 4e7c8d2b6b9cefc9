//! The password of a URL: wiped from memory when dropped, never printed.

use std::fmt;
use std::hash::{Hash, Hasher};

use zeroize::Zeroizing;

/// What is shown in place of a secret, also of an empty one.
pub(super) const MASK: &str = "***";

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Password(Zeroizing<String>);

impl Password {
    pub(super) fn new(text: String) -> Self {
        Password(Zeroizing::new(text))
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl Hash for Password {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
