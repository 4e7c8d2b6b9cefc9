//! The second phase: whether a file may be loaded, told without running any of it.

use std::path::{Path, PathBuf};

use super::needs;
use super::policy::Policy;
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::dialect::Threading;
use crate::error::Result;
use crate::plugin::Level;
use crate::plugin::Plan;
use crate::plugin::error::{self, TARGET};
use crate::plugin::file::identity::{self, Stamp};
use crate::plugin::file::note;
use crate::plugin::file::note_json::{self, Head};

/// A plugin file that passed every check; [`load`](crate::plugin::load) takes nothing else.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Absolute, without links.
    pub(in crate::plugin) path: PathBuf,
    pub(in crate::plugin) level: Level,
    pub(in crate::plugin) head: Head,
    /// The bytes that were checked; the loaded library must export the same.
    pub(in crate::plugin) note: Vec<u8>,
    /// The file that was checked; the loaded file must be it.
    pub(in crate::plugin) stamp: Stamp,
    pub(in crate::plugin) policy: Policy,
    pub(in crate::plugin) warnings: Vec<String>,
}

impl Verified {
    /// The file, with links resolved.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it was found.
    pub fn level(&self) -> Level {
        self.level
    }

    /// The dialect's name.
    pub fn name(&self) -> &str {
        &self.head.name
    }

    /// The dialect's version.
    pub fn version(&self) -> &str {
        &self.head.version
    }

    /// What [`Policy::development`] let pass, a line each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// Checks a file: an ELF library for this machine with all segments inside the file, a note that
/// fits the file name and the scheme, the ABI, its layout, the target, panics that unwind, and a
/// system that has the libraries that it needs.
/// Runs no code of the plugin; may block on the file system.
///
/// # Errors
/// Of kind `Plugin`, with the code of the first check that fails.
pub fn verify(plan: Plan, policy: &Policy) -> Result<Verified> {
    let real = std::fs::canonicalize(&plan.path).map_err(|fault| {
        let message = format!("{} cannot be reached: {fault}", plan.path.display());
        error::bad_path(message, "check that the file is there and that its links lead to a file")
    })?;
    let (file, stamp) = identity::open(&real)?;
    let note::Contents { note, needs } = note::read(&file, &real)?;
    let head = note_json::head(&note).map_err(|why| error::not_a_plugin(&real, why))?;
    check_names(&plan, &head)?;
    check_abi(&real, &head)?;
    needs::check(&real, &needs, &head)?;
    Ok(Verified {
        path: real,
        level: plan.level,
        head,
        note,
        stamp,
        policy: policy.clone(),
        warnings: Vec::new(),
    })
}

fn check_names(plan: &Plan, head: &Head) -> Result<()> {
    let (name, wanted) = (&head.name, &plan.wanted);
    if *name != plan.name {
        let message = format!("the file is called `{}` and says that it is `{name}`", plan.name);
        return Err(error::mismatch(&plan.path, message));
    }
    if !head.declares(wanted) {
        let message = format!("dialect `{name}` does not declare the scheme `{wanted}`");
        return Err(error::mismatch(&plan.path, message));
    }
    Ok(())
}

fn check_abi(path: &Path, head: &Head) -> Result<()> {
    let Head { name, version, .. } = head;
    if head.abi != (ABI_MAJOR, ABI_MINOR) {
        return Err(error::other_abi(path, name, version, head.abi));
    }
    if head.target != TARGET {
        return Err(error::wrong_target(path, &head.target));
    }
    if head.layout != LAYOUT_HASH {
        let message = format!(
            "dialect `{name}` {version} was built with another layout of aludel ABI \
             {ABI_MAJOR}.{ABI_MINOR}: {:016x}, this program has {LAYOUT_HASH:016x}",
            head.layout
        );
        return Err(error::abi_mismatch(path, message));
    }
    if head.panic != "unwind" {
        let message = format!(
            "dialect `{name}` {version} was built with panic = {:?}: a panic in it would end \
             this program",
            head.panic
        );
        return Err(error::abi_mismatch(path, message)
            .with_help("build the plugin in a profile with panic = \"unwind\""));
    }
    if head.threading == Threading::ThreadAffine {
        return Err(error::thread_affine(path, name));
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use super::{Level, Plan, Policy, TARGET, verify};
    use crate::abi::LAYOUT_HASH;
    use crate::plugin::sample;

    fn plan(path: PathBuf) -> Plan {
        let (name, wanted) = ("toy".to_owned(), "toy".to_owned());
        Plan { path, level: Level::Api, name, wanted, rejections: Vec::new() }
    }

    fn refusal(dir: &Path, change: impl Fn(&mut Value)) -> String {
        let mut note = sample::note("toy", &["toy2"]);
        change(&mut note);
        let path = sample::write(dir, "toy", &note);
        verify(plan(path), &Policy::new()).unwrap_err().to_string()
    }

    #[test]
    fn a_whole_plugin_passes_with_its_real_path() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "toy", &sample::note("toy", &[]));
        let link = dir.path().join("link.so");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let verified = verify(plan(link), &Policy::new()).unwrap();
        assert_eq!(verified.path(), path.canonicalize().unwrap());
        assert_eq!((verified.name(), verified.version()), ("toy", "0.1.0"));
        assert_eq!(verified.level(), Level::Api);
    }

    #[test]
    fn each_contradiction_has_its_message() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        let file = dir.join("libaludel_toy.so").display().to_string();
        let again = "\n  help: build plugin and program from the same version of aludel\n  file: ";
        let install = "\n  help: install the plugin again under its own name\n  file: ";
        let cases: [(&str, Value, String); 6] = [
            (
                "name",
                json!("other"),
                format!(
                    "error[P13]: the file is called `toy` and says that it is `other`{install}{file}"
                ),
            ),
            (
                "abi",
                json!([0, 99]),
                format!(
                    "error[P04]: dialect `toy` 0.1.0 was built for aludel ABI 0.99, this program \
                     speaks 0.1{again}{file}"
                ),
            ),
            (
                "target",
                json!("aarch64-apple-darwin"),
                format!(
                    "error[P05]: {file} was built for aarch64-apple-darwin; this program is \
                     {TARGET}\n  help: install the plugin that was built for this program's target"
                ),
            ),
            (
                "layout",
                json!("00000000000000ff"),
                format!(
                    "error[P04]: dialect `toy` 0.1.0 was built with another layout of aludel ABI \
                     0.1: 00000000000000ff, this program has {LAYOUT_HASH:016x}{again}{file}"
                ),
            ),
            (
                "panic",
                json!("abort"),
                format!(
                    "error[P04]: dialect `toy` 0.1.0 was built with panic = \"abort\": a panic in \
                     it would end this program\n  help: build the plugin in a profile with panic = \
                     \"unwind\"\n  file: {file}"
                ),
            ),
            (
                "threading",
                json!("thread_affine"),
                format!(
                    "error[P18]: dialect `toy` binds connections to the thread that opened them, \
                     which this version of aludel does not offer\n  file: {file}"
                ),
            ),
        ];
        for (key, value, message) in cases {
            assert_eq!(refusal(&dir, |note| note[key] = value.clone()), message);
        }
    }

    #[test]
    fn a_scheme_that_is_no_longer_declared_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "toy", &sample::note("toy", &[]));
        let plan = Plan { wanted: "toy2".into(), ..plan(path.clone()) };
        assert_eq!(
            verify(plan, &Policy::new()).unwrap_err().to_string(),
            format!(
                "error[P13]: dialect `toy` does not declare the scheme `toy2`\n  help: install the \
                 plugin again under its own name\n  file: {}",
                path.display()
            )
        );
    }

    #[test]
    fn a_file_that_is_cut_short_never_reaches_the_loader() {
        let dir = tempfile::tempdir().unwrap();
        let path = sample::write(dir.path(), "toy", &sample::note("toy", &[]));
        let whole = std::fs::read(&path).unwrap();
        for len in 0..whole.len() {
            std::fs::write(&path, &whole[..len]).unwrap();
            let error = verify(plan(path.clone()), &Policy::new()).unwrap_err();
            assert!(matches!(error.code(), Some("P06" | "P07")), "{len}: {error}");
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("libaludel_toy.so");
        let error = verify(plan(path.clone()), &Policy::new()).unwrap_err().to_string();
        let start = format!("error[P12]: {} cannot be reached: ", path.display());
        assert!(error.starts_with(&start), "{error}");
    }
}
