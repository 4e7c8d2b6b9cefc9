//! The runner.

use std::sync::Arc;
use std::time::Duration;

use super::one;
use super::select::Selection;
use super::shuffle::shuffle;
use crate::case::{Case, Group};
use crate::cases;
use crate::outcome::Run;
use crate::quirks::{self, Quirks};
use crate::target::Target;

/// Time for a case, unless it is set otherwise.
const DEADLINE: Duration = Duration::from_secs(60);

/// Runs cases against a target, one after the other: cases that lock a database would stop others.
#[derive(Debug, Clone)]
pub struct Runner {
    target: Arc<Target>,
    quirks: Arc<Quirks>,
    deadline: Duration,
    seed: Option<u64>,
}

impl Runner {
    /// A runner with the quirks that the dialect's name stands for.
    pub fn new(target: Target) -> Self {
        let quirks = quirks::of(target.info());
        Runner::with_quirks(target, quirks)
    }

    /// A runner with other quirks.
    pub fn with_quirks(target: Target, quirks: Quirks) -> Self {
        let mut target = target;
        for (name, value) in &quirks.url_options {
            if target.arguments().option(name).is_none() {
                target = target.with_option(*name, *value);
            }
        }
        let (target, quirks) = (Arc::new(target), Arc::new(quirks));
        Runner { target, quirks, deadline: DEADLINE, seed: None }
    }

    /// Sets the time for each case (60 seconds otherwise). A case that does not end in time has
    /// failed; its thread is left behind.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Shuffles the order of the cases; each is on its own, so that it must not matter.
    #[must_use]
    pub fn shuffled(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Runs the chosen cases. Blocks until the last one has ended or has run out of time.
    pub fn run(&self, selection: &Selection) -> Run {
        self.run_cases(cases::all().filter(|case| selection.contains(case)))
    }

    /// Runs these cases, which may be of others. Blocks until the last one has ended or has run out
    /// of time.
    pub fn run_cases<'c>(&self, cases: impl IntoIterator<Item = &'c Case>) -> Run {
        let mut chosen: Vec<&Case> = cases.into_iter().collect();
        if let Some(seed) = self.seed {
            shuffle(&mut chosen, seed);
        }
        let mut verdicts: Vec<_> = chosen
            .into_iter()
            .map(|case| one::run(case, &self.target, &self.quirks, self.deadline))
            .collect();
        // Groups of others come after all of the kit's.
        let place = |group| {
            let place = Group::ALL.iter().position(|known| *known == group);
            (place.unwrap_or(Group::ALL.len()), group.name())
        };
        verdicts.sort_by_key(|verdict| (place(verdict.case.group), verdict.case.title));
        let info = self.target.info();
        Run {
            dialect: info.name.to_owned(),
            version: info.version.to_owned(),
            url: self.target.url().to_string(),
            quirks: self.quirks.name.clone(),
            declared: info.capabilities.iter().map(|capability| capability.name()).collect(),
            verdicts,
            seed: self.seed,
        }
    }
}
