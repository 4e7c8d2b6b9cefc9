//! One place that breaks a rule.

use std::fmt;

/// Where a rule is broken, which rule, and what would satisfy it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    pub(crate) path: String,
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) rule: &'static str,
    pub(crate) message: String,
    /// Printed, but does not fail the run.
    pub(crate) warning: bool,
}

impl Violation {
    /// A violation that fails the run.
    pub(crate) fn new(
        path: &str,
        line: usize,
        rule: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { path: path.into(), line, rule, message: message.into(), warning: false }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = if self.warning { "warning: " } else { "" };
        write!(f, "{}:{}: {level}{}: {}", self.path, self.line, self.rule, self.message)
    }
}
