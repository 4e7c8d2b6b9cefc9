//! The second phase: whether a file may be loaded, told without running any of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::owners::Owners;
use super::policy::Policy;
use super::{fit, needs, pins};
use crate::abi::{ABI_MAJOR, ABI_MINOR};
use crate::error::Result;
use crate::plugin::file::identity::{self, Stamp};
use crate::plugin::file::note;
use crate::plugin::file::note_json::{self, Head};
use crate::plugin::{Level, Plan, error};

/// A plugin file that passed every check; [`load`](crate::plugin::load) takes nothing else.
///
/// It holds the file open, and what is loaded is what is open: a file that takes its name afterwards
/// is another one.
#[derive(Debug, Clone)]
pub struct Verified {
    /// Absolute, without links.
    pub(in crate::plugin) path: PathBuf,
    pub(in crate::plugin) level: Level,
    pub(in crate::plugin) head: Head,
    /// The bytes that were checked; the loaded library must export the same.
    pub(in crate::plugin) note: Vec<u8>,
    /// The file that was checked, and which is loaded.
    pub(in crate::plugin) file: Arc<File>,
    /// The state in which it was.
    pub(in crate::plugin) stamp: Stamp,
    /// The sum by which it was accepted, where the policy is pinned.
    pub(in crate::plugin) sum: Option<String>,
    pub(in crate::plugin) policy: Policy,
    /// Whether it looks for libraries beside itself (`$ORIGIN`).
    pub(in crate::plugin) needs_neighbours: bool,
    checks: Vec<Check>,
    warnings: Vec<String>,
}

/// A check that a file passed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What was checked, in a word.
    pub name: &'static str,
    /// What was found.
    pub found: String,
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

    /// The checks that it passed, in their order.
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// What [`Policy::development`] let pass, a line each.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The SHA-256 sum of the file, as 64 hexadecimal digits: what [`Policy::pinned`] takes. Reads
    /// the whole file.
    ///
    /// # Errors
    /// Code [`BAD_PATH`](crate::plugin::code::BAD_PATH) when the file cannot be read any more.
    pub fn sha256(&self) -> Result<String> {
        pins::sum_of(&self.file, &self.path)
    }
}

/// False in a program that is linked without the system's loader.
pub(in crate::plugin) const CAN_LOAD: bool =
    cfg!(any(windows, all(unix, not(target_feature = "crt-static"))));

/// Checks a file without running any of it; may block on the file system.
///
/// In this order: a regular file; the policy's level; owners and permissions of the file and of
/// every directory above it; a library for this machine with all segments inside the file; a note
/// that fits the file's name and the scheme; no linked-in dialect of that name; ABI, layout, target
/// and panics that unwind; the policy's sums; the libraries that it needs.
///
/// # Errors
/// Of kind `Plugin`, with the code of the first check that fails.
pub fn verify(plan: Plan, policy: &Policy) -> Result<Verified> {
    if !CAN_LOAD {
        return Err(error::no_dynamic_loading(&plan.name, &plan.path));
    }
    let policy = match &plan.tightening {
        Some(words) => policy.clone().tightened_by(words)?,
        None => policy.clone(),
    };
    let mut checks = Vec::with_capacity(8);
    let mut pass = |name: &'static str, found: String| checks.push(Check { name, found });

    let real = real_path(&plan.path)?;
    let (file, metadata) = identity::open(&real)?;
    let stamp = Stamp::new(&real, &metadata);
    pass("file", format!("{}, {} bytes", real.display(), metadata.len()));
    if policy.system_only && plan.level != Level::System {
        return Err(error::not_of_the_system(&real, plan.level));
    }
    let owners = Owners { plan: &plan, policy: &policy, real: &real };
    let mut warnings = Vec::new();
    pass("owners", owners.check_file(&metadata, &mut warnings)?);
    let note::Contents { note, needs } = note::read(&file, &real)?;
    pass("image", "a library for this machine, all of it inside the file".to_owned());
    let head = note_json::head(&note).map_err(|why| error::not_a_plugin(&real, why))?;
    fit::check_names(&plan, &head)?;
    pass("note", format!("{} {}, declares `{}`", head.name, head.version, plan.wanted));
    fit::check_abi(&real, &head)?;
    pass("abi", format!("{ABI_MAJOR}.{ABI_MINOR} layout {:016x} {}", head.layout, head.target));
    let sum = match &policy.pins {
        Some(pins) => Some(pins::check(&real, &file, pins, &plan)?),
        None => None,
    };
    if let Some(sum) = &sum {
        pass("pinned", sum.clone());
    }
    owners.check_needed(&needs, &mut warnings)?;
    pass("needs", needs::check(&real, &needs, &head)?);
    Ok(Verified {
        path: real,
        level: plan.level,
        head,
        note,
        file: Arc::new(file),
        stamp,
        sum,
        policy,
        needs_neighbours: needs.uses_origin(),
        checks,
        warnings,
    })
}

/// The path without links, and with the extension of libraries.
fn real_path(path: &Path) -> Result<PathBuf> {
    let unreadable = |fault: std::io::Error| error::unreadable(path, fault);
    let real = std::fs::canonicalize(path).map_err(unreadable)?;
    identity::check_regular(path, &std::fs::metadata(&real).map_err(unreadable)?)?;
    let suffix = std::env::consts::DLL_SUFFIX;
    let name = real.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    // Links of distributions lead to files with a version: libx.so.1.2.
    let version = name.rfind(suffix).map(|at| &name[at + suffix.len()..]);
    let is_version = |text: &str| text.chars().all(|c| c == '.' || c.is_ascii_digit());
    if version.is_some_and(is_version) {
        return Ok(real);
    }
    let message =
        format!("{} leads to {}, which is no {suffix} file", path.display(), real.display());
    Err(error::bad_path(message, "link to the library itself"))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::{Value, json};

    use super::{Level, Plan, Policy, verify};
    use crate::abi::LAYOUT_HASH;
    use crate::plugin::error::TARGET;
    use crate::plugin::sample;
    use crate::plugin::{Environment, Search};

    fn plan(path: PathBuf) -> Plan {
        let search = Search::new().with_environment(Environment::empty());
        Plan::new(path, Level::Api, "toy".to_owned(), None, &search)
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
                     which this version of aludel does not offer\n  help: ask its author for a \
                     version whose connections may change threads\n  file: {file}"
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
        let mut plan = plan(path.clone());
        plan.wanted = "toy2".into();
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
        let start = format!("error[P12]: {} cannot be read: ", path.display());
        assert!(error.starts_with(&start), "{error}");
    }
}
