//! Which capability was tested how: the table of a data sheet.

use aludel::dialect::Capability;

use crate::outcome::{Outcome, Run};

/// A capability, what the dialect says of it, and what came of its cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Name of the capability.
    pub capability: &'static str,
    /// Whether the dialect declares it.
    pub is_declared: bool,
    /// The worst outcome of the cases that need it, unsupported ones left aside where another was
    /// made; `None` when no case needs it, or none was run.
    pub outcome: Option<Outcome>,
    /// Cases that need it.
    pub cases: usize,
}

/// All capabilities, in the order in which aludel lists them.
pub fn features(run: &Run) -> Vec<Feature> {
    let feature = |capability: &Capability| {
        let outcomes: Vec<Outcome> = run
            .verdicts
            .iter()
            .filter(|verdict| verdict.case.needs.contains(capability))
            .map(|verdict| verdict.outcome)
            .collect();
        Feature {
            capability: capability.name(),
            is_declared: run.declared.contains(&capability.name()),
            outcome: worst(&outcomes),
            cases: outcomes.len(),
        }
    };
    Capability::ALL.iter().map(feature).collect()
}

/// A case that could not be made says nothing where another one could.
fn worst(outcomes: &[Outcome]) -> Option<Outcome> {
    let made = outcomes.iter().filter(|outcome| **outcome != Outcome::Unsupported);
    made.max().or(outcomes.first()).copied()
}
