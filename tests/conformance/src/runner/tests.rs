//! What the runner makes of cases that pass, fail, panic, hang, or need what is not there.

use std::thread;
use std::time::{Duration, Instant};

use aludel::Url;
use aludel::dialect::Capability;

use super::{Runner, Selection};
use crate::case::{Case, Group, Rule};
use crate::flaw::{Failure, Flaw, Step};
use crate::outcome::{Outcome, Verdict};
use crate::target::Target;
use crate::trial::Trial;

const RULE: Rule = Rule { text: "A rule.", source: "this test" };

fn case(
    title: &'static str,
    needs: &'static [Capability],
    check: fn(&mut Trial) -> Step<()>,
) -> Case {
    Case { group: Group::Execute, title, needs, rule: RULE, tried_undeclared: true, check }
}

fn target(directory: &tempfile::TempDir) -> Target {
    let file = directory.path().join("kit.db");
    let url = Url::parse(&format!("sqlite:///{}", file.display())).unwrap();
    Target::new(aludel_dialect_sqlite::dialect().into(), url)
}

fn verdicts(cases: &[Case], deadline: Duration) -> Vec<Verdict> {
    let directory = tempfile::tempdir().unwrap();
    let runner = Runner::new(target(&directory)).deadline(deadline);
    runner.run_cases(cases.iter()).verdicts
}

fn outcome_of(case: Case) -> (Outcome, Option<Failure>) {
    let mut verdicts = verdicts(&[case], Duration::from_secs(30));
    let verdict = verdicts.remove(0);
    (verdict.outcome, verdict.failure)
}

fn absent(_: &mut Trial) -> Step<()> {
    Err(Flaw::error("it", "success", &aludel::Error::not_supported("not here")))
}

fn good(_: &mut Trial) -> Step<()> {
    Ok(())
}

fn bad(_: &mut Trial) -> Step<()> {
    Err(Flaw::mismatch("it", "one", "two"))
}

#[test]
fn the_outcome_depends_on_what_is_declared() {
    const DECLARED: &[Capability] = &[Capability::Savepoints];
    const UNDECLARED: &[Capability] = &[Capability::TwoPhase];
    for (needs, check, expected) in [
        (&[] as &[Capability], good as fn(&mut Trial) -> Step<()>, Outcome::Pass),
        (&[], bad, Outcome::Fail),
        (&[], absent, Outcome::Fail),
        (DECLARED, good, Outcome::Pass),
        (DECLARED, bad, Outcome::Fail),
        (DECLARED, absent, Outcome::Overclaim),
        (UNDECLARED, good, Outcome::Underclaim),
        (UNDECLARED, bad, Outcome::Unsupported),
        (UNDECLARED, absent, Outcome::Unsupported),
    ] {
        assert_eq!(outcome_of(case("a_case", needs, check)).0, expected, "{needs:?}");
    }
    let careful = case("a_case", UNDECLARED, good).only_declared();
    assert_eq!(outcome_of(careful).0, Outcome::Unsupported);
}

#[test]
fn what_cannot_be_represented_makes_a_case_partial() {
    fn check(trial: &mut Trial) -> Step<()> {
        trial.cannot_represent("all of it");
        Ok(())
    }
    assert_eq!(outcome_of(case("a_case", &[], check)).0, Outcome::Partial);
}

#[test]
fn a_panic_of_a_case_is_a_failure_and_the_next_case_runs() {
    fn check(_: &mut Trial) -> Step<()> {
        std::panic::resume_unwind(Box::new("out of hand"));
    }
    let cases = [case("a_panics", &[], check), case("b_does_not", &[], good)];
    let verdicts = verdicts(&cases, Duration::from_secs(30));
    assert_eq!(verdicts[0].outcome, Outcome::Fail);
    assert_eq!(verdicts[0].failure.as_ref().unwrap().got, "a panic: out of hand");
    assert_eq!(verdicts[1].outcome, Outcome::Pass);
}

#[test]
fn a_case_that_does_not_end_in_time_is_left_behind() {
    fn check(_: &mut Trial) -> Step<()> {
        thread::sleep(Duration::from_secs(20));
        Ok(())
    }
    let begun = Instant::now();
    let cases = [case("a_hangs", &[], check), case("b_does_not", &[], good)];
    let verdicts = verdicts(&cases, Duration::from_millis(1500));
    assert!(begun.elapsed() < Duration::from_secs(15));
    assert_eq!(verdicts[0].outcome, Outcome::Fail);
    assert_eq!(verdicts[0].failure.as_ref().unwrap().got, "it still runs after 1.5 s");
    assert_eq!(verdicts[1].outcome, Outcome::Pass);
}

#[test]
fn a_failure_tells_what_came_before_it() {
    fn check(trial: &mut Trial) -> Step<()> {
        let mut session = trial.connect()?;
        session.expect("select 1", 1)?;
        session.expect("select 2", 3)
    }
    let (_, failure) = outcome_of(case("a_case", &[], check));
    let failure = failure.unwrap();
    assert_eq!(failure.sql, "select 2");
    assert_eq!((failure.expected.as_str(), failure.got.as_str()), ("(3)", "(2)"));
    assert_eq!(failure.history, ["1: connect", "1: select 1", "1: select 2"]);
}

#[test]
fn tables_are_dropped_also_when_the_case_fails() {
    fn check(trial: &mut Trial) -> Step<()> {
        trial.filled_table(2)?;
        Err(Flaw::mismatch("it", "one", "two"))
    }
    fn is_clean(trial: &mut Trial) -> Step<()> {
        trial.connect()?.expect("select count(*) from sqlite_schema", 0)
    }
    let cases = [case("a_fails", &[], check), case("b_looks", &[], is_clean)];
    let verdicts = verdicts(&cases, Duration::from_secs(30));
    let outcomes: Vec<Outcome> = verdicts.iter().map(|verdict| verdict.outcome).collect();
    assert_eq!(outcomes, [Outcome::Fail, Outcome::Pass]);
}

#[test]
fn the_order_does_not_matter() {
    let directory = tempfile::tempdir().unwrap();
    let outcomes = |runner: &Runner| -> Vec<(String, Outcome)> {
        let run = runner.run(&Selection::matching("transactions"));
        run.verdicts.iter().map(|verdict| (verdict.case.name(), verdict.outcome)).collect()
    };
    let runner = Runner::new(target(&directory));
    let in_order = outcomes(&runner);
    assert!(in_order.len() > 10);
    for seed in [1, 2] {
        assert_eq!(outcomes(&runner.clone().shuffled(seed)), in_order);
    }
}
