//! Running cases against a dialect of the tests, on a database of their own.

use aludel::Url;
use aludel::abi::StaticDialect;
use aludel_conformance::{Run, Runner, Selection, Target, quirks};
use libtest_mimic::Failed;
use tempfile::TempDir;

/// A dialect with a new database in a directory.
pub(crate) fn target(dialect: StaticDialect, directory: &TempDir) -> Result<Target, Failed> {
    let file = directory.path().join("kit.db");
    let url = Url::parse(&format!("sqlite:///{}", file.display()))?;
    Ok(Target::new(dialect.into(), url))
}

/// Runs cases against a dialect with SQLite's quirks.
pub(crate) fn run(
    dialect: StaticDialect,
    options: &[(&str, &str)],
    selection: &Selection,
) -> Result<Run, Failed> {
    let directory = tempfile::tempdir()?;
    let mut target = target(dialect, &directory)?;
    for (name, value) in options {
        target = target.with_option(*name, *value);
    }
    Ok(Runner::with_quirks(target, quirks::sqlite()).run(selection))
}
