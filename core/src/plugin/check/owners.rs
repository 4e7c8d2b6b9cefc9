//! The rule of who may write, as far as the policy enforces it.

use std::fs::Metadata;
use std::path::Path;

use super::policy::Policy;
use crate::error::Result;
use crate::plugin::Plan;
use crate::plugin::file::image::elf_dynamic::Needs;

/// The file whose owners are examined.
pub(super) struct Owners<'a> {
    pub(super) plan: &'a Plan,
    pub(super) policy: &'a Policy,
    /// Its path without links.
    pub(super) real: &'a Path,
}

#[cfg(unix)]
impl Owners<'_> {
    /// Examines the file and all that its path leads through, and says in words what was found.
    ///
    /// # Errors
    /// `UNTRUSTED`, unless the policy only warns.
    pub(super) fn check_file(
        &self,
        metadata: &Metadata,
        warnings: &mut Vec<String>,
    ) -> Result<String> {
        use super::trust::{self, Trust};
        let Plan { path, level, .. } = self.plan;
        let program = self.plan.trusted_program();
        let trust = trust::check(self.real, metadata, path, *level, program);
        Ok(match self.enforced(trust, warnings)? {
            Some(Trust::Owned) => "nobody else may write the file or a directory above it".into(),
            Some(Trust::AsProgram) => "who may write it may write the program as well".into(),
            None => format!("not enforced: {}", warnings.join("; ")),
        })
    }

    /// Examines the places where the file itself says that its libraries are looked for.
    ///
    /// # Errors
    /// `UNTRUSTED`, unless the policy only warns.
    pub(super) fn check_needed(&self, needs: &Needs, warnings: &mut Vec<String>) -> Result<()> {
        let (level, program) = (self.plan.level, self.plan.trusted_program());
        for place in super::needs::own_places(self.real, needs) {
            let outcome = match place {
                Ok(place) => super::trust::check_needed(self.real, &place, level, program),
                Err(text) => Err(crate::plugin::error::untrusted(
                    self.real,
                    &format!("it looks for libraries in {text:?}, below the working directory"),
                    "link it with absolute directories, or with $ORIGIN".to_owned(),
                )),
            };
            self.enforced(outcome, warnings)?;
        }
        Ok(())
    }

    /// What came of a check; none when it failed and the policy only warns.
    fn enforced<T>(&self, outcome: Result<T>, warnings: &mut Vec<String>) -> Result<Option<T>> {
        match outcome {
            Ok(found) => Ok(Some(found)),
            Err(error) if self.policy.development => {
                let why = error.message().strip_prefix("refusing ").unwrap_or(error.message());
                let warning = format!("{why}; the policy standard would refuse it");
                tracing::warn!(target: "aludel::plugin", "{warning}");
                warnings.push(warning);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(not(unix))]
impl Owners<'_> {
    /// Owners are not examined on this system.
    pub(super) fn check_file(&self, _: &Metadata, _: &mut Vec<String>) -> Result<String> {
        Ok("not examined on this system".to_owned())
    }

    /// Owners are not examined on this system.
    pub(super) fn check_needed(&self, _: &Needs, _: &mut Vec<String>) -> Result<()> {
        Ok(())
    }
}
