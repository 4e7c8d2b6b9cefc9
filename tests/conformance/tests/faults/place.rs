//! Running cases against a dialect of the tests, on a database of their own.

use aludel::Url;
use aludel::abi::StaticDialect;
use aludel::dbapi::IsolationLevel;
use aludel_conformance::quirks::{
    self, Bulk, Deferrable, Notices, Notifications, Nowhere, Procedures, Results,
};
use aludel_conformance::{Quirks, Run, Runner, Selection, Target};
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
    Ok(Runner::with_quirks(target, words()).run(selection))
}

/// SQLite's quirks, and those of what the wrapper adds.
pub(crate) fn words() -> Quirks {
    let mut quirks = quirks::sqlite();
    quirks.fresh_levels = vec![IsolationLevel::ReadUncommitted];
    quirks.xid_length = 64;
    quirks.deferrable = Some(Deferrable { shown: "show deferrable", waits: true });
    quirks.notices = Some(Notices {
        send: "raise '{text}'",
        send_many: "raise many {count}",
        severity: "WARNING",
        sqlstate: Some("01000"),
        longest: 20_000,
    });
    quirks.notifications = Some(Notifications {
        listen: "listen {channel}",
        unlisten: "unlisten {channel}",
        notify: "notify {channel}, '{payload}'",
        longest: 20_000,
    });
    quirks.bulk = Some(Bulk { rows: true, csv: "csv" });
    quirks.results =
        Some(Results { create: None, execute: "batch {first}; {second}; {third}", drop: None });
    quirks.procedures = Some(Procedures {
        create: "create procedure {name}",
        drop: "drop procedure {name}",
        gives_result: true,
    });
    let what = "a port where nothing listens";
    quirks.nowhere.push(Nowhere { what, host: Some(("127.0.0.1", 1)), ..Nowhere::default() });
    quirks
}
