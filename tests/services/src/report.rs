//! What came of each server, as the keeper tells it line by line.

/// Why a server is not up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is not installed and cannot be had, which is nobody's fault.
    Missing(String),
    /// It is there and did not start.
    Failed(String),
}

impl From<String> for Why {
    fn from(reason: String) -> Self {
        Self::Failed(reason)
    }
}

impl Why {
    /// The word for it, and the reason.
    pub fn parts(&self) -> (&'static str, &str) {
        match self {
            Self::Missing(reason) => ("skipped", reason),
            Self::Failed(reason) => ("failed", reason),
        }
    }
}

/// What came of one server.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The kind's name, or that of a part of it.
    pub name: String,
    /// The version that answers, or why there is none.
    pub result: Result<String, Why>,
    /// How long it took.
    pub seconds: f64,
}

impl Report {
    /// The line by which the keeper tells it.
    pub fn to_line(&self) -> String {
        let (word, text) = match &self.result {
            Ok(version) => ("up", version.as_str()),
            Err(why) => why.parts(),
        };
        let text = text.replace(['\t', '\n', '\r'], " ");
        format!("{word}\t{}\t{:.1}\t{text}", self.name, self.seconds)
    }

    /// Reads a line of [`Report::to_line`].
    pub fn from_line(line: &str) -> Option<Self> {
        let mut fields = line.splitn(4, '\t');
        let word = fields.next()?;
        let name = fields.next()?.to_owned();
        let seconds = fields.next()?.parse().ok()?;
        let text = fields.next()?.to_owned();
        let result = match word {
            "up" => Ok(text),
            "skipped" => Err(Why::Missing(text)),
            "failed" => Err(Why::Failed(text)),
            _ => return None,
        };
        Some(Self { name, result, seconds })
    }

    /// The line that a person reads.
    pub fn describe(&self) -> String {
        let Self { name, result, seconds } = self;
        match result {
            Ok(version) => format!("{name:14} up in {seconds:4.1} s  {version}"),
            Err(why) => {
                let (word, reason) = why.parts();
                format!("{name:14} {word}: {reason}")
            }
        }
    }
}

/// What did not start although it is there, in one line.
pub fn failures(reports: &[Report]) -> Option<String> {
    let failed: Vec<String> = reports
        .iter()
        .filter_map(|Report { name, result, .. }| match result {
            Err(Why::Failed(reason)) => Some(format!("{name}: {reason}")),
            _ => None,
        })
        .collect();
    (!failed.is_empty()).then(|| failed.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_its_line() {
        for result in [
            Ok("15.18".to_owned()),
            Err(Why::Missing("not installed, no network".to_owned())),
            Err(Why::Failed("it ended with exit status: 1".to_owned())),
        ] {
            let report = Report { name: "pg".into(), result, seconds: 1.5 };
            assert_eq!(Report::from_line(&report.to_line()), Some(report));
        }
        assert_eq!(Report::from_line("ready"), None);
    }

    #[test]
    fn only_what_is_there_and_does_not_start_is_a_failure() {
        let report = |name: &str, result| Report { name: name.into(), result, seconds: 0.0 };
        let mut reports =
            vec![report("pg", Ok("15".into())), report("odbc", Err(Why::Missing("a".into())))];
        assert_eq!(failures(&reports), None);
        reports.push(report("mysql", Err(Why::Failed("b".into()))));
        assert_eq!(failures(&reports).as_deref(), Some("mysql: b"));
        assert_eq!(reports[2].describe(), "mysql          failed: b");
    }

    #[test]
    fn a_reason_of_several_lines_stays_one_line() {
        let report =
            Report { name: "pg".into(), result: Err(Why::Missing("a\nb\tc".into())), seconds: 0.0 };
        assert_eq!(report.to_line(), "skipped\tpg\t0.0\ta b c");
    }
}
