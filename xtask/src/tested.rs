//! What ran against what: the ledger that the tests write, and the table made of it.

use crate::teed;
use aludel_test_services::report::{Report, Why};
use aludel_test_services::{Kind, RAN};
use std::fs;
use std::path::{Path, PathBuf};

/// Databases that need no server: they run inside the tests.
const EMBEDDED: [&str; 2] = ["sqlite-static", "sqlite-loaded"];

/// A ledger, and what is known of the servers.
pub(crate) struct Tested {
    ledger: PathBuf,
    reports: Vec<Report>,
}

impl Tested {
    /// Begins an empty ledger below the target directory of the repository `root`.
    pub(crate) fn begin(root: &Path) -> Self {
        let target = teed::target(root);
        let ledger = target.join(format!("tested-{}", std::process::id()));
        // What cannot be written is noted by no test, and the table says that none ran.
        let _ = fs::create_dir_all(&target).and_then(|()| fs::write(&ledger, ""));
        Self { ledger, reports: Vec::new() }
    }

    /// The variable by which tests find the ledger.
    pub(crate) fn variable(&self) -> (&str, String) {
        (RAN, self.ledger.display().to_string())
    }

    /// Notes what came of a server.
    pub(crate) fn note(&mut self, report: &Report) {
        self.reports.push(report.clone());
    }

    /// The table; `otherwise` is why nothing is known of a server that no report is about.
    pub(crate) fn table(&self, otherwise: &Why) -> String {
        let ledger = fs::read_to_string(&self.ledger).unwrap_or_default();
        table(&self.reports, &ledger, otherwise)
    }
}

impl Drop for Tested {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.ledger);
    }
}

fn table(reports: &[Report], ledger: &str, otherwise: &Why) -> String {
    let unknown = Kind::ALL.map(Kind::server);
    let known = |name: &str| reports.iter().any(|report| report.name == name);
    let names: Vec<&str> = EMBEDDED
        .into_iter()
        .chain(reports.iter().map(|report| report.name.as_str()))
        .chain(unknown.into_iter().filter(|name| !known(name)))
        .collect();
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0).max(6);
    let mut lines = vec![format!("{:width$}  tests  version", "server")];
    for name in names {
        let (tests, version) = noted(ledger, name);
        let report = reports.iter().find(|report| report.name == name);
        let result = match report {
            Some(report) => report.result.clone(),
            None if tests == 0 => Err(otherwise.clone()),
            None => Ok(version),
        };
        lines.push(match result {
            Ok(version) => format!("{name:width$}  {tests:5}  {version}").trim_end().to_owned(),
            Err(why) => {
                let (word, reason) = why.parts();
                format!("{name:width$}      -  {word}: {reason}")
            }
        });
    }
    lines.join("\n")
}

/// How many tests ran against the server `name`, and the version that one of them noted.
fn noted(ledger: &str, name: &str) -> (usize, String) {
    let lines = ledger.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let own: Vec<Vec<&str>> = lines.filter(|fields| fields[0] == name).collect();
    let mut tests: Vec<&str> = own.iter().filter_map(|fields| fields.get(1).copied()).collect();
    tests.sort_unstable();
    tests.dedup();
    let mut versions =
        own.iter().filter_map(|fields| fields.get(2)).filter(|text| !text.is_empty());
    (tests.len(), versions.next().map(|text| (*text).to_owned()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env;

    fn report(name: &str, result: Result<&str, Why>) -> Report {
        Report { name: name.into(), result: result.map(str::to_owned), seconds: 0.0 }
    }

    #[test]
    fn the_table_counts_each_test_once_and_shows_why_a_server_was_skipped() {
        let reports =
            [report("pg", Ok("15.18")), report("mysql", Err(Why::Missing("no network".into())))];
        let ledger = "pg\ta\t\npg\tb\t\npg\ta\t\nsqlite-static\tc\t\nsqlite-static\td\t3.51\n";
        let expected = "\
server         tests  version
sqlite-static      2  3.51
sqlite-loaded      -  skipped: no test ran
pg                 2  15.18
mysql              -  skipped: no network
pg-ha              -  skipped: no test ran
pgbouncer          -  skipped: no test ran
mariadb            -  skipped: no test ran
virtuoso           -  skipped: no test ran";
        assert_eq!(table(&reports, ledger, &Why::Missing("no test ran".into())), expected);
    }

    #[test]
    fn a_ledger_goes_with_the_one_who_began_it() {
        let folder = env::temp_dir().join(format!("aludel-ledger-{}", std::process::id()));
        let tested = Tested { ledger: folder.clone(), reports: Vec::new() };
        fs::write(&folder, "sqlite-loaded\ta\t3.51\n").unwrap();
        let table = tested.table(&Why::Failed("broken".into()));
        assert!(table.contains("sqlite-loaded      1  3.51\n"), "{table}");
        assert!(table.contains("pg                 -  failed: broken\n"), "{table}");
        drop(tested);
        assert!(!folder.exists());
    }
}
