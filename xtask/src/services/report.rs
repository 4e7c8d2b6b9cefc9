//! What came of each server, told by the keeper line by line and shown as a table.

/// What came of one server.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    /// The kind's name, or that of a part of it.
    pub(crate) name: String,
    /// The version that answers, or why there is none.
    pub(crate) result: Result<String, String>,
    /// How long it took.
    pub(crate) seconds: f64,
}

impl Report {
    /// The line by which the keeper tells it.
    pub(crate) fn to_line(&self) -> String {
        let (word, text) = match &self.result {
            Ok(version) => ("up", version),
            Err(reason) => ("skipped", reason),
        };
        let text = text.replace(['\t', '\n', '\r'], " ");
        format!("{word}\t{}\t{:.1}\t{text}", self.name, self.seconds)
    }

    /// Reads a line of [`Report::to_line`].
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let mut fields = line.splitn(4, '\t');
        let word = fields.next()?;
        let name = fields.next()?.to_owned();
        let seconds = fields.next()?.parse().ok()?;
        let text = fields.next()?.to_owned();
        let result = match word {
            "up" => Ok(text),
            "skipped" => Err(text),
            _ => return None,
        };
        Some(Self { name, result, seconds })
    }

    /// The line that a person reads.
    pub(crate) fn describe(&self) -> String {
        let Self { name, result, seconds } = self;
        match result {
            Ok(version) => format!("{name:14} up in {seconds:4.1} s  {version}"),
            Err(reason) => format!("{name:14} skipped: {reason}"),
        }
    }
}

/// What ran against what: a line for each server, with the tests that `ledger` names.
pub(crate) fn table(reports: &[Report], ledger: &str) -> String {
    let width = reports.iter().map(|report| report.name.len()).max().unwrap_or(0).max(6);
    let mut lines = vec![format!("{:width$}  tests  version", "server")];
    for Report { name, result, .. } in reports {
        let mut tests: Vec<&str> = ledger
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .filter_map(|(server, test)| (server == name).then_some(test))
            .collect();
        tests.sort_unstable();
        tests.dedup();
        let count = tests.len();
        lines.push(match result {
            Ok(version) => format!("{name:width$}  {count:5}  {version}"),
            Err(reason) => format!("{name:width$}      -  skipped: {reason}"),
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_its_line() {
        for result in [Ok("15.18".to_owned()), Err("not installed, no network".to_owned())] {
            let report = Report { name: "pg".into(), result, seconds: 1.5 };
            assert_eq!(Report::from_line(&report.to_line()), Some(report));
        }
        assert_eq!(Report::from_line("ready"), None);
    }

    #[test]
    fn the_table_counts_each_test_once_and_shows_why_a_server_was_skipped() {
        let report = |name: &str, result| Report { name: name.into(), result, seconds: 0.0 };
        let reports = [report("pg", Ok("15.18".into())), report("mysql", Err("no network".into()))];
        let table = table(&reports, "pg\ta\npg\tb\npg\ta\nodbc\tc\n");
        let expected = "\
server  tests  version
pg          2  15.18
mysql       -  skipped: no network";
        assert_eq!(table, expected);
    }

    #[test]
    fn a_reason_of_several_lines_stays_one_line() {
        let report = Report { name: "pg".into(), result: Err("a\nb\tc".into()), seconds: 0.0 };
        assert_eq!(report.to_line(), "skipped\tpg\t0.0\ta b c");
    }
}
