//! `cargo xtask dist`: a tarball with the program, its plugins and its documentation.
//!
//! ```text
//! aludel-<version>-<target>/
//!     bin/aludel
//!     include/aludel.h
//!     lib/aludel/libaludel_<name>.so     every package of plugins/
//!     share/doc/aludel/                  README, CHANGELOG, licences, docs/
//! ```
//!
//! The program finds its plugins by `<its directory>/../lib/aludel`, so it runs wherever it is
//! unpacked. The same files make the same bytes: entries are sorted, belong to nobody in particular
//! and have one time, `SOURCE_DATE_EPOCH` or the beginning of 1980.

mod archive;
mod build;
mod glibc;
mod links;
mod tree;

use crate::probe::{GNU_TAR, GZIP, STRIP, Tool};
use crate::steps::{Outcome, Steps};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `--profile` stands for when it is not given.
pub(crate) const PROFILE: &str = "release";

/// Builds everything in this profile and packs it into `<target directory>/dist`.
pub(crate) fn run(steps: &mut Steps, profile: &str) {
    let tools: [&Tool; 3] = [&STRIP, &GNU_TAR, &GZIP];
    if let Some(tool) = tools.into_iter().find(|tool| !tool.installed()) {
        steps.fail("dist", tool.missing);
        return;
    }
    let mut built = None;
    steps.check("dist build", |root| outcome(build::build(root, profile), &mut built));
    let Some(built) = built else { return };
    let mut packed = None;
    steps.check("dist pack", |root| outcome(pack(root, &built), &mut packed));
    if let Some(summary) = packed {
        println!("\n{summary}");
    }
}

/// Keeps the value of a step that passed.
fn outcome<T>(result: Result<T, String>, value: &mut Option<T>) -> Outcome {
    match result {
        Ok(made) => {
            *value = Some(made);
            Outcome::Passed
        }
        Err(message) => Outcome::Failed(message),
    }
}

/// Lays out the tree, packs it, and says what came of it.
fn pack(root: &Path, built: &build::Built) -> Result<String, String> {
    let target = target(&built.program, &built.plugins)?;
    let dist = built.target_directory.join("dist");
    let name = format!("aludel-{}-{target}", built.version);
    let tree = dist.join(&name);
    let binaries = tree::lay_out(root, built, &tree)?;
    let mut floor = None;
    for binary in &binaries {
        floor = floor.max(glibc::floor(binary)?);
    }
    if let Some((program, plugins)) = binaries.split_first() {
        let stripped = self::target(program, plugins);
        stripped.map_err(|why| format!("after strip: {why}"))?;
    }
    let archive = archive::pack(&dist, &name)?;
    let floor = floor.map_or_else(|| "none is needed".to_owned(), |floor| floor.to_string());
    let files: Vec<String> = binaries.iter().map(|path| in_tree(path, &tree)).collect();
    Ok(format!(
        "{}\n  binaries     {}\n  glibc floor  {floor}\n  size         {} bytes\n  sha256       {}",
        archive.path.display(),
        files.join(", "),
        archive.size,
        archive.sha256,
    ))
}

fn in_tree(path: &Path, tree: &Path) -> String {
    path.strip_prefix(tree).unwrap_or(path).display().to_string()
}

/// The target that all plugins were built for, as the program that is packed with them reads it.
fn target(program: &Path, plugins: &[PathBuf]) -> Result<String, String> {
    let targets = plugins.iter().map(|plugin| target_of(program, plugin));
    let mut targets: Vec<String> = targets.collect::<Result<_, _>>()?;
    targets.dedup();
    match targets.as_slice() {
        [target] => Ok(target.clone()),
        [] => Err("there is no package in plugins/".into()),
        several => Err(format!("plugins were built for different targets: {several:?}")),
    }
}

fn target_of(program: &Path, plugin: &Path) -> Result<String, String> {
    let mut command = Command::new(program);
    let output = command.args(["info", "--json"]).arg(plugin).output();
    let output = output.map_err(|fault| format!("cannot start {}: {fault}", program.display()))?;
    if !output.status.success() {
        let told = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&told).trim_end().to_owned());
    }
    let answer: Value = serde_json::from_slice(&output.stdout)
        .map_err(|fault| format!("the answer of `aludel info --json` is no JSON: {fault}"))?;
    let target = answer["target"].as_str().map(str::to_owned);
    target.ok_or_else(|| format!("{} names no target", plugin.display()))
}
