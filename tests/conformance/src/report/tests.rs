//! The reports of a run that is made by hand.

use std::time::Duration;

use super::{features, json, junit, text};
use crate::case::{Case, Group, Rule};
use crate::flaw::Failure;
use crate::outcome::{Outcome, Run, Verdict};

use aludel::dialect::Capability;

fn case(group: Group, title: &'static str, needs: &'static [Capability]) -> Case {
    let rule = Rule { text: "What is < what was.", source: "PEP 249, \"commit\"" };
    Case { group, title, needs, rule, tried_undeclared: true, check: |_| Ok(()) }
}

fn verdict(case: Case, outcome: Outcome, notes: &[&str]) -> Verdict {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    let elapsed = Duration::from_millis(1500);
    Verdict { case, outcome, failure: None, notes, expansions: 0, elapsed }
}

fn run() -> Run {
    let failure = Failure {
        sql: "select s from t where s = ?".into(),
        params: vec!["'<a & b>'".into()],
        expected: "(1)".into(),
        got: "no rows".into(),
        history: vec!["1: connect".into(), "1: commit".into()],
        ..Failure::default()
    };
    let commit = case(Group::Transactions, "a_commit_is_kept", &[Capability::Transactions]);
    let nested = case(Group::Transactions, "savepoints_nest", &[Capability::Savepoints]);
    Run {
        dialect: "third".into(),
        version: "1.2".into(),
        url: "third://me:***@host/db".into(),
        quirks: "generic".into(),
        declared: vec!["transactions"],
        verdicts: vec![
            verdict(case(Group::Execute, "a_query_is_answered", &[]), Outcome::Pass, &[]),
            verdict(case(Group::Types, "floats_come_back", &[]), Outcome::Partial, &["no NaN"]),
            Verdict { failure: Some(failure), ..verdict(commit, Outcome::Fail, &[]) },
            verdict(nested, Outcome::Underclaim, &["not declared: savepoints"]),
            verdict(
                case(Group::Cancel, "cancelling_works", &[Capability::Cancel]),
                Outcome::Unsupported,
                &["not declared: cancel"],
            ),
        ],
        seed: Some(7),
    }
}

#[test]
fn people_read_a_summary_and_every_failure_in_full() {
    let expected = "\
third 1.2 at third://me:***@host/db (generic quirks, shuffled with seed 7)

group                  pass      partial  unsupported   underclaim         fail    overclaim
execute                   1            ·            ·            ·            ·            ·
types                     ·            1            ·            ·            ·            ·
transactions              ·            ·            ·            1            1            ·
cancel                    ·            ·            1            ·            ·            ·
all                       1            1            1            1            1            ·

partial:
  types/floats_come_back
    no NaN

underclaim:
  transactions/savepoints_nest
    not declared: savepoints

unsupported:
  cancel/cancelling_works
    not declared: cancel

FAIL transactions/a_commit_is_kept
  SQL          select s from t where s = ?
  parameters   '<a & b>'
  expected     (1)
  got          no rows
  rule         What is < what was.
  source       PEP 249, \"commit\"
  before       1: connect
               1: commit
";
    assert_eq!(text(&run()), expected);
}

#[test]
fn programs_read_json() {
    let document: serde_json::Value = serde_json::from_str(&json(&run())).unwrap();
    assert_eq!(document["success"], false);
    assert_eq!(document["counts"]["underclaim"], 1);
    assert_eq!(document["seed"], 7);
    let failed = &document["cases"][2];
    assert_eq!(failed["name"], "transactions/a_commit_is_kept");
    assert_eq!(failed["outcome"], "fail");
    assert_eq!(failed["needs"][0], "transactions");
    assert_eq!(failed["milliseconds"], 1500.0);
    assert_eq!(failed["failure"]["parameters"][0], "'<a & b>'");
    assert_eq!(document["cases"][0]["failure"], serde_json::Value::Null);
    let features = document["features"].as_array().unwrap();
    assert_eq!(features.len(), Capability::ALL.len());
}

#[test]
fn continuous_integration_reads_junit() {
    let document = junit(&run());
    let lines: Vec<&str> = document.lines().map(str::trim).collect();
    assert_eq!(lines[0], "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    assert_eq!(
        lines[1],
        "<testsuites name=\"third 1.2\" tests=\"5\" failures=\"1\" errors=\"0\" skipped=\"1\" \
         time=\"7.500\">"
    );
    assert!(lines.contains(
        &"<testcase classname=\"third.execute\" name=\"a_query_is_answered\" time=\"1.500\"/>"
    ));
    assert!(lines.contains(&"<skipped message=\"not declared: cancel\"/>"));
    assert!(lines.contains(&"<system-out>underclaim: not declared: savepoints</system-out>"));
    let failure = lines.iter().find(|line| line.starts_with("<failure")).unwrap();
    assert!(failure.starts_with("<failure type=\"fail\" message=\"no rows\">"), "{failure}");
    assert!(failure.contains("parameters: &apos;&lt;a &amp; b&gt;&apos;"), "{failure}");
    assert!(failure.contains("rule: What is &lt; what was. (PEP 249, &quot;commit&quot;)"));
    let count = |tag: &str| document.matches(tag).count();
    for name in ["testsuites", "testsuite", "failure", "system-out"] {
        assert_eq!(count(&format!("<{name} ")) + count(&format!("<{name}>")), {
            count(&format!("</{name}>"))
        });
    }
}

#[test]
fn a_capability_is_as_good_as_its_worst_case() {
    let features = features(&run());
    let of = |name: &str| features.iter().find(|feature| feature.capability == name).unwrap();
    assert_eq!(of("transactions").outcome, Some(Outcome::Fail));
    assert!(of("transactions").is_declared && !of("savepoints").is_declared);
    assert_eq!(of("savepoints").outcome, Some(Outcome::Underclaim));
    assert_eq!(of("cancel").outcome, Some(Outcome::Unsupported));
    assert_eq!((of("bulk_in").outcome, of("bulk_in").cases), (None, 0));
    let mut more = run();
    let stopped = case(Group::Cancel, "cancelling_stops", &[Capability::Cancel]);
    more.verdicts.push(verdict(stopped, Outcome::Pass, &[]));
    let of_more = super::features(&more);
    let cancel = of_more.iter().find(|feature| feature.capability == "cancel").unwrap();
    assert_eq!((cancel.outcome, cancel.cases), (Some(Outcome::Pass), 2));
    let (success, without_failures) = (run().is_success(), {
        let mut run = run();
        run.verdicts.retain(|verdict| !verdict.outcome.is_failure());
        run.is_success()
    });
    assert!(!success && without_failures);
}
