//! Running cases against a dialect of the tests, on a database of their own.

use aludel::Url;
use aludel::abi::StaticDialect;
use aludel_conformance::{Run, Runner, Selection, Target, quirks};
use libtest_mimic::Failed;

/// Runs cases against a dialect with SQLite's quirks, unless others are wanted.
pub(crate) fn run(
    dialect: StaticDialect,
    options: &[(&str, &str)],
    selection: &Selection,
) -> Result<Run, Failed> {
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("kit.db");
    let url = Url::parse(&format!("sqlite:///{}", file.display()))?;
    let mut target = Target::new(dialect.into(), url);
    for (name, value) in options {
        target = target.with_option(*name, *value);
    }
    Ok(Runner::with_quirks(target, quirks::sqlite()).run(selection))
}
