//! A case: a rule, and the function that checks it.

use aludel::dialect::Capability;

use crate::flaw::Step;
use crate::trial::Trial;

/// What a case is about; the first part of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Connecting, and what the dialect says about itself.
    Handshake,
    /// Executing, columns, row counts.
    Execute,
    /// Parameters.
    Parameters,
    /// Values of every type, there and back.
    Types,
    /// Results that come in batches, and results that are not read to their end.
    Streaming,
    /// Transactions, savepoints, isolation.
    Transactions,
    /// Errors: class, SQLSTATE, constraint, and what works afterwards.
    Errors,
    /// One statement, many rows of parameters.
    Executemany,
    /// Resetting a session.
    Reset,
    /// Deadlines and cancelling.
    Limits,
    /// Reflection.
    Reflection,
}

impl Group {
    /// All of them, in the order of reports.
    pub const ALL: [Group; 11] = [
        Group::Handshake,
        Group::Execute,
        Group::Parameters,
        Group::Types,
        Group::Streaming,
        Group::Transactions,
        Group::Errors,
        Group::Executemany,
        Group::Reset,
        Group::Limits,
        Group::Reflection,
    ];

    /// The name in names of cases and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Handshake => "handshake",
            Group::Execute => "execute",
            Group::Parameters => "parameters",
            Group::Types => "types",
            Group::Streaming => "streaming",
            Group::Transactions => "transactions",
            Group::Errors => "errors",
            Group::Executemany => "executemany",
            Group::Reset => "reset",
            Group::Limits => "limits",
            Group::Reflection => "reflection",
        }
    }
}

/// What a case demands, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// One sentence.
    pub text: &'static str,
    /// A section of PEP 249, of the SQL standard, of a manual, or of aludel's contract.
    pub source: &'static str,
}

/// A case. Cases are plain data: a new one is a function and a line.
#[derive(Clone, Copy)]
pub struct Case {
    /// What it is about.
    pub group: Group,
    /// What must hold, as a sentence in snake case.
    pub title: &'static str,
    /// What the dialect must declare for it.
    pub needs: &'static [Capability],
    /// What is demanded, and by whom.
    pub rule: Rule,
    /// Whether it may be tried where the dialect does not declare what it needs.
    pub tried_undeclared: bool,
    /// Checks the rule.
    pub check: fn(&mut Trial) -> Step<()>,
}

impl Case {
    /// Group and title, for example `transactions/a_rollback_undoes_every_change`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.group.name(), self.title)
    }

    /// The same case, which is not tried where the dialect does not declare what it needs: it could
    /// take for ever there, or use up the memory.
    #[must_use]
    pub const fn only_declared(mut self) -> Case {
        self.tried_undeclared = false;
        self
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// A case from its function: `case!(Group, function, [Capability…], "rule", "source")`.
macro_rules! case {
    ($group:ident, $check:ident, [$($need:ident),*], $text:literal, $source:literal $(,)?) => {
        $crate::case::Case {
            group: $crate::case::Group::$group,
            title: stringify!($check),
            needs: &[$(aludel::dialect::Capability::$need),*],
            rule: $crate::case::Rule { text: $text, source: $source },
            tried_undeclared: true,
            check: $check,
        }
    };
}
pub(crate) use case;
