//! What one apt is to bring, planned before it is brought.

use super::apt::Apt;
use super::install::install;
use super::plan::{Plan, size};
use super::reasons::note;
use super::sets::Set;
use super::unpack::unpack;

/// What becomes of packages, and where they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The system's apt installs them.
    Install,
    /// They are unpacked in the cache, from the sources of this release.
    Unpack,
    /// They are unpacked in the cache, from Debian's newest suite.
    UnpackNewer,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Install, Self::Unpack, Self::UnpackNewer];

    /// Which way `set` takes, when root may or may not install packages.
    pub(super) fn of(set: &Set, installing: bool) -> Self {
        match set {
            Set { newer: true, .. } => Self::UnpackNewer,
            Set { installable: true, .. } if installing => Self::Install,
            _ => Self::Unpack,
        }
    }
}

/// The packages that come one way.
pub(super) struct Errand {
    way: Way,
    apt: Apt,
    plans: Vec<Plan>,
}

impl Errand {
    /// Finds out what `sets` come down to. A set that cannot be had is noted and left out; `None`
    /// if there is no other.
    pub(super) fn plan(way: Way, sets: &[&'static Set]) -> Result<Option<Self>, String> {
        if sets.is_empty() {
            return Ok(None);
        }
        let apt = match way {
            Way::Install => Ok(Apt::system()),
            Way::Unpack => Apt::private(false),
            Way::UnpackNewer => Apt::private(true),
        };
        let apt = match apt.and_then(|apt| apt.update().map(|()| apt)) {
            Ok(apt) => apt,
            Err(message) => {
                let failed = Err(message);
                sets.iter().try_for_each(|set| note(set, &failed))?;
                return Ok(None);
            }
        };
        let mut errand = Self { way, apt, plans: Vec::new() };
        for set in sets {
            let resolved = errand
                .resolve(set)
                .or_else(|message| errand.again(message, || errand.resolve(set)));
            match resolved {
                Ok(plan) => errand.plans.push(plan),
                Err(message) => note(set, &Err(message))?,
            }
        }
        Ok((!errand.plans.is_empty()).then_some(errand))
    }

    fn resolve(&self, set: &'static Set) -> Result<Plan, String> {
        match self.way {
            Way::Install => Plan::to_install(set, &self.apt),
            Way::Unpack | Way::UnpackNewer => Plan::to_unpack(set, &self.apt),
        }
    }

    /// Repeats what failed with `message`, with new lists of packages: those of yesterday may name
    /// packages that are gone.
    fn again<T>(
        &self,
        message: String,
        attempt: impl Fn() -> Result<T, String>,
    ) -> Result<T, String> {
        match self.apt.renew()? {
            true => attempt(),
            false => Err(message),
        }
    }

    /// Fetches what is planned. What fails is noted.
    pub(super) fn run(&self) -> Result<(), String> {
        for plan in &self.plans {
            let fetched = self.fetch(plan).or_else(|message| {
                self.again(message, || {
                    let plan = self.resolve(plan.set)?;
                    plan.announce();
                    self.fetch(&plan)
                })
            });
            note(plan.set, &fetched)?;
        }
        Ok(())
    }

    fn fetch(&self, plan: &Plan) -> Result<(), String> {
        match self.way {
            Way::Install => install(plan.set, &self.apt),
            Way::Unpack | Way::UnpackNewer => unpack(plan, &self.apt),
        }
    }
}

/// Names all packages and their sizes.
pub(super) fn announce(errands: &[Errand]) {
    let plans: Vec<&Plan> = errands.iter().flat_map(|errand| &errand.plans).collect();
    for plan in &plans {
        plan.announce();
    }
    let bytes = plans.iter().map(|plan| plan.bytes()).sum();
    eprintln!("fetching {}", size(bytes));
}
