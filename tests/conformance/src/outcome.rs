//! What came of cases.

use std::time::Duration;

use crate::case::{Case, Group};
use crate::flaw::Failure;

/// What came of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// The rule holds.
    Pass,
    /// The rule holds for what the database can represent, which is not all that was tried.
    Partial,
    /// The dialect does not declare what the case needs, or the database does not have it.
    Unsupported,
    /// The dialect does not declare what the case needs, and yet the rule holds.
    Underclaim,
    /// The rule does not hold.
    Fail,
    /// The dialect declares what the case needs and then says that it does not have it.
    Overclaim,
}

impl Outcome {
    /// All of them, from good to bad.
    pub const ALL: [Outcome; 6] = [
        Outcome::Pass,
        Outcome::Partial,
        Outcome::Unsupported,
        Outcome::Underclaim,
        Outcome::Fail,
        Outcome::Overclaim,
    ];

    /// The word in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Pass => "pass",
            Outcome::Partial => "partial",
            Outcome::Unsupported => "unsupported",
            Outcome::Underclaim => "underclaim",
            Outcome::Fail => "fail",
            Outcome::Overclaim => "overclaim",
        }
    }

    /// True for what makes a run fail.
    pub const fn is_failure(self) -> bool {
        matches!(self, Outcome::Fail | Outcome::Overclaim)
    }
}

/// A case and what came of it.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The case.
    pub case: Case,
    /// What came of it.
    pub outcome: Outcome,
    /// What shows it, for failures.
    pub failure: Option<Failure>,
    /// What the database cannot represent, why a case was not made, what should be declared.
    pub notes: Vec<String>,
    /// Values or variants that the case tried; 0 for a case without any.
    pub expansions: usize,
    /// How long it took.
    pub elapsed: Duration,
}

/// What came of the cases that were run against a dialect.
#[derive(Debug, Clone)]
pub struct Run {
    /// Name of the dialect.
    pub dialect: String,
    /// Version of the dialect.
    pub version: String,
    /// The URL, with its password hidden.
    pub url: String,
    /// Name of the quirks.
    pub quirks: String,
    /// Names of the capabilities that the dialect declares.
    pub declared: Vec<&'static str>,
    /// One for each case, in the order of groups, then of names.
    pub verdicts: Vec<Verdict>,
    /// The seed, where the order was shuffled.
    pub seed: Option<u64>,
}

impl Run {
    /// True when no case failed, and at least one passed.
    pub fn is_success(&self) -> bool {
        self.count(None, Outcome::Pass) > 0
            && !self.verdicts.iter().any(|verdict| verdict.outcome.is_failure())
    }

    /// The groups that cases were run of, in the order of reports.
    pub fn groups(&self) -> Vec<Group> {
        let has = |group: &Group| self.verdicts.iter().any(|verdict| verdict.case.group == *group);
        let mut groups: Vec<Group> = Group::ALL.into_iter().filter(has).collect();
        for verdict in &self.verdicts {
            if !groups.contains(&verdict.case.group) {
                groups.push(verdict.case.group);
            }
        }
        groups
    }

    /// How many cases of a group, or of all, had this outcome.
    pub fn count(&self, group: Option<Group>, outcome: Outcome) -> usize {
        let of_group = |verdict: &&Verdict| group.is_none_or(|group| verdict.case.group == group);
        let verdicts = self.verdicts.iter().filter(of_group);
        verdicts.filter(|verdict| verdict.outcome == outcome).count()
    }
}
