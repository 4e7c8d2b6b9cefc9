//! Savepoints.

use aludel::abi::host::Limits;
use aludel::dbapi::Savepoint;

use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::is_refusal;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Transactions,
        a_savepoint_undoes_what_came_after_it,
        [Savepoints],
        "ROLLBACK TO SAVEPOINT undoes what came after the savepoint, and nothing before.",
        "ISO/IEC 9075-2, 17.5 <savepoint statement>"
    ),
    case!(
        Transactions,
        a_released_savepoint_keeps_its_changes_and_is_gone,
        [Savepoints],
        "RELEASE SAVEPOINT keeps the changes; rolling back to it is an error afterwards.",
        "ISO/IEC 9075-2, 17.6 <release savepoint statement>"
    ),
    case!(
        Transactions,
        savepoints_nest_in_one_another,
        [Savepoints],
        "Rolling back to the outer of two savepoints undoes the inner one as well.",
        "ISO/IEC 9075-2, 4.41.2 Savepoints"
    ),
    case!(
        Transactions,
        a_name_of_a_savepoint_is_quoted,
        [Savepoints],
        "Names of savepoints are identifiers that the dialect quotes.",
        "aludel: Connection::savepoint"
    ),
];

fn a_savepoint_undoes_what_came_after_it(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.run(&insert, &[])?;
        session.run(&insert, &[])?;
        session.expect(&count, round + 3)?;
        session.savepoint(Savepoint::RollbackTo, "kit")?;
        session.expect(&count, round + 1)?;
        session.commit()?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_released_savepoint_keeps_its_changes_and_is_gone(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.begin()?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.run(&insert, &[])?;
        session.savepoint(Savepoint::Release, "kit")?;
        session.commit()?;
        session.expect(&count, round)?;
        session.begin()?;
        session.savepoint(Savepoint::Create, "kit")?;
        session.savepoint(Savepoint::Release, "kit")?;
        let again = session.raw().savepoint(Savepoint::RollbackTo, "kit", Limits::NONE);
        let refused = again.as_ref().err().is_some_and(is_refusal);
        let got = again.map_or_else(|error| show::error(&error), |()| "success".into());
        ensure(refused, "rollback to a released savepoint", "an error", got)?;
        session.rollback()?;
    }
    Ok(())
}

fn savepoints_nest_in_one_another(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let all = format!("select n from {table} order by n");
    let mut session = trial.connect()?;
    let insert = |n: i64| format!("insert into {table} (n) values ({n})");
    for _ in 0..ROUNDS {
        session.begin()?;
        session.run(&insert(1), &[])?;
        session.savepoint(Savepoint::Create, "outer_one")?;
        session.run(&insert(2), &[])?;
        session.savepoint(Savepoint::Create, "inner_one")?;
        session.run(&insert(3), &[])?;
        session.savepoint(Savepoint::RollbackTo, "inner_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()], vec![2.into()]])?;
        session.run(&insert(4), &[])?;
        session.savepoint(Savepoint::Release, "inner_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()], vec![2.into()], vec![4.into()]])?;
        session.savepoint(Savepoint::RollbackTo, "outer_one")?;
        session.expect_rows(&all, &[], &vec![vec![1.into()]])?;
        session.rollback()?;
        session.expect(&format!("select count(*) from {table}"), 0)?;
    }
    Ok(())
}

fn a_name_of_a_savepoint_is_quoted(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for name in ["select", "two words", "it's", "a\"b", "x; drop table y; --", "ůž", "Upper", "1"]
    {
        trial.tried();
        session.begin()?;
        session.savepoint(Savepoint::Create, name)?;
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
        session.expect(&count, 1)?;
        session.savepoint(Savepoint::RollbackTo, name)?;
        session.expect(&count, 0)?;
        session.savepoint(Savepoint::Release, name)?;
        session.rollback()?;
    }
    Ok(())
}
