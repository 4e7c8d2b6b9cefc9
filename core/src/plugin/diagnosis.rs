//! What is wrong with the plugins of this program, each problem with what to do about it.

use std::collections::HashSet;
use std::path::PathBuf;

use super::check::policy::Policy;
use super::check::verify::CAN_LOAD;
use super::error::{self, TARGET};
use super::find::levels::Level;
use super::find::search::{Environment, Search};
use super::inventory::{Inventory, InventoryFile, PlaceState, in_effect, inventory};
use crate::abi::{ABI_MAJOR, ABI_MINOR, process};
use crate::error::Error;

/// This program as far as plugins are concerned, everything that it could load, and what is wrong.
#[non_exhaustive]
pub struct Diagnosis {
    /// The aludel ABI that this program speaks: major, minor.
    pub abi: (u16, u16),
    /// The target triple that this program was built for.
    pub target: &'static str,
    /// The file of this program.
    pub program: Option<PathBuf>,
    /// False when this program is linked in a way that cannot load plugins.
    pub can_load: bool,
    /// The version of glibc that this program runs with; `None` with another C library.
    pub glibc: Option<&'static str>,
    /// The policy that holds, tightened by the environment.
    pub policy: Policy,
    /// What the search knows of the environment.
    pub environment: Environment,
    /// Every level and place, as far as the environment can be understood.
    pub inventory: Inventory,
    /// What is wrong, each with the one thing to do as its [`help`](Error::help).
    pub problems: Vec<Error>,
}

/// Examines every place and every plugin. Runs no plugin code; may block on the file system.
///
/// A file that is shadowed by one of an earlier level is examined too, because it may be found for
/// its other schemes; a copy of what lies in cargo's `deps` is not, for it never is.
pub fn diagnose(search: &Search, policy: &Policy) -> Diagnosis {
    let mut problems = Vec::new();
    let mut environment = search.environment().clone();
    let in_effect = in_effect(search, policy).unwrap_or_else(|fault| {
        problems.push(fault);
        environment.plugin_policy = None;
        policy.clone()
    });
    let mut understood = search.clone().with_environment(environment.clone());
    let mut listed = inventory(&understood, policy);
    if let Err(fault) = listed {
        problems.push(fault);
        environment.plugin_path = None;
        understood = understood.with_environment(environment);
        listed = inventory(&understood, policy);
    }
    let inventory = listed.unwrap_or_else(|fault| {
        problems.push(fault);
        Inventory::empty()
    });
    problems.extend(problems_of(&inventory));
    Diagnosis {
        abi: (ABI_MAJOR, ABI_MINOR),
        target: TARGET,
        program: search.environment().program.clone(),
        can_load: CAN_LOAD,
        glibc: process::glibc_version(),
        policy: in_effect,
        environment: search.environment().clone(),
        inventory,
        problems,
    }
}

fn problems_of(inventory: &Inventory) -> Vec<Error> {
    let mut problems: Vec<Error> = inventory.ambiguities.iter().map(|two| two.error()).collect();
    let mut told = HashSet::new();
    for place in &inventory.places {
        if let (PlaceState::Unreadable(why), Some(dir)) = (&place.state, &place.dir) {
            let message = format!(
                "directory {} of level {} cannot be read: {why}",
                dir.display(),
                place.level
            );
            let help = "check what the path leads to, and that its permissions allow it";
            problems.push(error::bad_path(message, help));
        }
        let broken = place.files.iter().filter(|file| file.is_broken() && !is_stale(file));
        // What is wrong with the sums that a policy asks for is wrong for every file.
        let faults = broken.filter_map(|file| file.fault.as_ref());
        let new = faults.filter(|fault| told.insert(fault.to_string()));
        problems.extend(new.map(|fault| error::reworded(fault, str::to_owned)));
    }
    problems
}

/// A copy above cargo's `deps` of what lies there.
fn is_stale(file: &InventoryFile) -> bool {
    file.shadowed_by.as_ref().is_some_and(|by| by.level == Level::App && by.level == file.level)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::{Diagnosis, diagnose};
    use crate::plugin::find::scan::file_name;
    use crate::plugin::{Environment, Policy, Search, sample};

    fn diagnosed(dir: &Path, environment: Environment) -> Diagnosis {
        let environment = Environment { user_dir: Some(dir.join("user")), ..environment };
        diagnose(&Search::new().with_environment(environment), &Policy::new().development())
    }

    /// Code and help of each problem.
    fn problems(diagnosis: &Diagnosis) -> Vec<(&str, &str)> {
        let said = |error| -> (&str, &str) {
            let error: &crate::Error = error;
            (error.code().unwrap(), error.help().unwrap())
        };
        diagnosis.problems.iter().map(said).collect()
    }

    #[test]
    fn where_nothing_is_wrong_there_is_no_problem() {
        let dir = tempfile::tempdir().unwrap();
        sample::write(&dir.path().join("user"), "toy", &sample::note("toy", &[]));
        let env = dir.path().join("env");
        sample::write(&env, "toy", &sample::note("toy", &[]));
        let plugin_path = Some(env.into());
        let found = diagnosed(dir.path(), Environment { plugin_path, ..Environment::empty() });
        assert_eq!(problems(&found), []);
        assert_eq!((found.policy.to_string().as_str(), found.can_load), ("development", true));
        assert_eq!(found.target, env!("ALUDEL_TARGET"));
    }

    #[test]
    fn each_problem_has_one_thing_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let user = dir.path().join("user");
        sample::write(&user, "toy", &sample::note("toy", &["z"]));
        sample::write(&user, "zoo", &sample::note("zoo", &["z"]));
        let mut note = sample::note("old", &[]);
        note["abi"] = json!([0, 99]);
        sample::write(&user, "old", &note);
        std::fs::write(user.join(file_name("text")), "no library").unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let plugin_path = Some(file.into());
        let found = diagnosed(dir.path(), Environment { plugin_path, ..Environment::empty() });
        assert_eq!(
            problems(&found),
            [
                (
                    "P08",
                    "remove one of them, or put the one that you mean into a directory of an \
                     earlier level"
                ),
                ("P12", "check what the path leads to, and that its permissions allow it"),
                ("P04", "build plugin and program from the same version of aludel"),
                ("P06", "remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)"),
            ]
        );
    }

    #[test]
    fn an_environment_that_cannot_be_understood_hides_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("user")).unwrap();
        std::fs::write(dir.path().join("user").join(file_name("text")), "no library").unwrap();
        let found = diagnosed(
            dir.path(),
            Environment {
                plugin_path: Some("lib".into()),
                plugin_policy: Some("loose".into()),
                ..Environment::empty()
            },
        );
        let codes: Vec<&str> = problems(&found).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["P23", "P12", "P06"]);
        assert_eq!(found.environment.plugin_path, Some("lib".into()));
    }

    #[test]
    fn a_policy_that_cannot_be_followed_is_one_problem_for_all_files() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["toy", "zoo"] {
            sample::write(&dir.path().join("user"), name, &sample::note(name, &[]));
        }
        let program = Some(dir.path().join("bin/app"));
        let plugin_policy = Some("pinned".into());
        let environment = Environment { program, plugin_policy, ..Environment::empty() };
        let found = diagnosed(dir.path(), environment);
        assert_eq!(
            problems(&found),
            [("P23", "write one beside the program: sha256sum libaludel_*.so > aludel.lock")]
        );
    }

    #[test]
    fn a_stale_copy_beside_cargos_deps_is_no_problem() {
        let dir = tempfile::tempdir().unwrap();
        let output = dir.path().join("debug");
        sample::write(&output.join("deps"), "toy", &sample::note("toy", &[]));
        let mut note = sample::note("toy", &[]);
        note["abi"] = json!([0, 99]);
        sample::write(&output, "toy", &note);
        std::fs::create_dir(output.join(".fingerprint")).unwrap();
        let program = Some(output.join("app"));
        let found = diagnosed(dir.path(), Environment { program, ..Environment::empty() });
        assert_eq!(problems(&found), []);
    }
}
