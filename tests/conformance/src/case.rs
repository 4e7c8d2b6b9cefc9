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
    /// Isolation levels, and what two transactions see of one another.
    Isolation,
    /// Transactions that may not write.
    ReadOnly,
    /// Transactions that wait until nothing can disturb them.
    Deferrable,
    /// Two-phase commit.
    TwoPhase,
    /// Deadlines of calls and of sessions.
    Deadlines,
    /// Cancelling from another thread.
    Cancel,
    /// Rows that come back from changes.
    Returning,
    /// Several results of one statement.
    Results,
    /// Stored procedures.
    Procedures,
    /// Bulk loading and unloading.
    Bulk,
    /// Notices of the server.
    Notices,
    /// Asynchronous notifications.
    Notifications,
    /// Reflection.
    Reflection,
    /// What the driver tells about its server.
    Server,
    /// Cases of others, under a name of their own; it stands before the `/` in names.
    Own(&'static str),
}

impl Group {
    /// All groups of the kit, in the order of reports; [`Own`](Group::Own) ones follow.
    pub const ALL: [Group; 23] = [
        Group::Handshake,
        Group::Execute,
        Group::Parameters,
        Group::Types,
        Group::Streaming,
        Group::Transactions,
        Group::Errors,
        Group::Executemany,
        Group::Reset,
        Group::Isolation,
        Group::ReadOnly,
        Group::Deferrable,
        Group::TwoPhase,
        Group::Deadlines,
        Group::Cancel,
        Group::Returning,
        Group::Results,
        Group::Procedures,
        Group::Bulk,
        Group::Notices,
        Group::Notifications,
        Group::Reflection,
        Group::Server,
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
            Group::Isolation => "isolation",
            Group::ReadOnly => "read_only",
            Group::Deferrable => "deferrable",
            Group::TwoPhase => "two_phase",
            Group::Deadlines => "deadlines",
            Group::Cancel => "cancel",
            Group::Returning => "returning",
            Group::Results => "results",
            Group::Procedures => "procedures",
            Group::Bulk => "bulk",
            Group::Notices => "notices",
            Group::Notifications => "notifications",
            Group::Reflection => "reflection",
            Group::Server => "server",
            Group::Own(name) => name,
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

/// A [`Case`] from its function: the group (or the name of one of your own), the function, the
/// capabilities that it needs, the rule in one sentence, and the rule's source.
///
/// ```
/// use aludel_conformance::{Case, Step, Trial, case};
///
/// fn one_is_one(trial: &mut Trial) -> Step<()> {
///     trial.connect()?.expect("select 1", 1)
/// }
///
/// const CASES: &[Case] = &[case!(
///     "arithmetic",
///     one_is_one,
///     [Transactions],
///     "The number one is the number one.",
///     "ISO/IEC 9075-2, 5.3 <literal>"
/// )];
/// assert_eq!(CASES[0].name(), "arithmetic/one_is_one");
/// ```
#[macro_export]
macro_rules! case {
    ($group:ident, $($rest:tt)*) => {
        $crate::case!(@ $crate::Group::$group, $($rest)*)
    };
    ($group:literal, $($rest:tt)*) => {
        $crate::case!(@ $crate::Group::Own($group), $($rest)*)
    };
    (@ $group:expr, $check:ident, [$($need:ident),*], $text:literal, $source:literal $(,)?) => {
        $crate::Case {
            group: $group,
            title: stringify!($check),
            needs: &[$($crate::Capability::$need),*],
            rule: $crate::Rule { text: $text, source: $source },
            tried_undeclared: true,
            check: $check,
        }
    };
}
