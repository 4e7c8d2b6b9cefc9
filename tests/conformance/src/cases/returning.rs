//! Rows that come back from changes: those of one statement, and those of an executemany.

use aludel::abi::host::ExecuteOptions;
use aludel::{ErrorKind, Value};

use crate::case;
use crate::case::Case;
use crate::compare::rows_alike;
use crate::flaw::{Step, ensure};
use crate::session::{Answer, Rows, Session, count, done, is_refusal};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Returning,
        an_insert_returns_the_rows_that_it_made,
        [InsertReturning],
        "INSERT … RETURNING gives a row for each inserted one, as it was stored.",
        "PostgreSQL manual, INSERT; aludel: Capability::InsertReturning"
    ),
    case!(
        Returning,
        an_update_returns_the_rows_that_it_changed,
        [UpdateReturning],
        "UPDATE … RETURNING gives the new values of each changed row.",
        "PostgreSQL manual, UPDATE; aludel: Capability::UpdateReturning"
    ),
    case!(
        Returning,
        a_delete_returns_the_rows_that_it_removed,
        [DeleteReturning],
        "DELETE … RETURNING gives the old values of each removed row.",
        "PostgreSQL manual, DELETE; aludel: Capability::DeleteReturning"
    ),
    case!(
        Returning,
        rows_that_come_back_stand_in_the_order_of_the_parameters,
        [InsertReturning],
        "INSERT … RETURNING with many rows gives the rows of all of them, or is refused.",
        "aludel: DriverConnection::execute_many_returning"
    ),
    case!(
        Returning,
        a_refused_executemany_that_returns_rows_leaves_nothing_behind,
        [InsertReturning],
        "When a row of an executemany fails, its error comes back, and a rollback leaves nothing.",
        "aludel: DriverConnection::execute_many_returning, Error::failing_row"
    ),
    case!(
        Returning,
        an_executemany_may_discard_the_rows_that_come_back,
        [InsertReturning],
        "An executemany whose rows nobody wants executes every row and counts it all the same.",
        "PEP 249, Cursor.executemany; aludel: DriverConnection::execute_many"
    ),
    case!(
        Returning,
        rows_that_come_back_may_be_left_unread,
        [InsertReturning],
        "Every row is inserted though only the first of those that come back is read.",
        "aludel: Statement::reset; PostgreSQL manual, INSERT"
    ),
];

fn an_insert_returns_the_rows_that_it_made(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let text = format!("insert into {table} (n, s) values (?, ?), (?, ?) returning n, s");
        let params = [round.into(), "a".into(), (round + 100).into(), "b".into()];
        let expected = vec![vec![round.into(), "a".into()], vec![(round + 100).into(), "b".into()]];
        session.expect_rows(&text, &params, &expected)?;
        session.expect(&format!("select count(*) from {table}"), 2 * round)?;
    }
    Ok(())
}

fn an_update_returns_the_rows_that_it_changed(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let text = format!("update {table} set s = ? where n = 2 returning n, s");
        let value = Value::from(format!("new {round}"));
        session.expect_rows(
            &text,
            std::slice::from_ref(&value),
            &vec![vec![2.into(), value.clone()]],
        )?;
        let stored = format!("select s from {table} where n = 2");
        session.expect(&stored, value)?;
    }
    Ok(())
}

fn a_delete_returns_the_rows_that_it_removed(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(ROUNDS)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let text = format!("delete from {table} where n = ? returning n, s");
        let expected = vec![vec![round.into(), format!("row {round}").into()]];
        session.expect_rows(&text, &[round.into()], &expected)?;
        session.expect(&format!("select count(*) from {table}"), ROUNDS - round)?;
    }
    Ok(())
}

fn numbered(rows: i64) -> Rows {
    (1..=rows).map(|n| vec![n.into(), format!("row {n}").into()]).collect()
}

/// The rows of an executemany; `None` from a dialect that says that it has none.
fn returned(
    trial: &mut Trial,
    session: &mut Session,
    text: &str,
    rows: &Rows,
) -> Step<Option<Answer>> {
    trial.tried();
    match session.run_many_returning(text, rows)? {
        Ok(answer) => Ok(Some(answer)),
        // Saying that it cannot is right; losing the rows is not.
        Err(error) if error.kind() == ErrorKind::NotSupported => Ok(None),
        Err(error) => Err(session.unexpected(text, &[], &error)),
    }
}

fn rows_that_come_back_stand_in_the_order_of_the_parameters(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let text = format!("insert into {table} (n, s) values (?, ?) returning n, s");
    let all = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for size in [1, 2, 3, 7, 8, 100, 257, 300] {
        let rows = numbered(size);
        let Some(answer) = returned(trial, &mut session, &text, &rows)? else {
            session.expect(&all, 0)?;
            return Err(trial.unsupported("the dialect refuses rows of an executemany"));
        };
        let same = rows_alike(&answer.rows, &rows);
        ensure(same, "the rows that came back", show::rows(&rows), show::rows(&answer.rows))?;
        let told = answer.affected.is_none_or(|changed| changed == size as u64);
        ensure(told, "the row count", count(Some(size as u64)), count(answer.affected))?;
        session.expect(&all, size)?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn a_refused_executemany_that_returns_rows_leaves_nothing_behind(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null, s {text}")?;
    let text = format!("insert into {table} (n, s) values (?, ?) returning n, s");
    let all = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS as usize {
        let mut rows = numbered(9);
        rows[round][0] = Value::Null;
        session.begin()?;
        let error = match session.run_many_returning(&text, &rows)? {
            Err(error) if error.kind() == ErrorKind::NotSupported => {
                session.rollback()?;
                session.expect(&all, 0)?;
                return Err(trial.unsupported("the dialect refuses rows of an executemany"));
            }
            Err(error) if is_refusal(&error) => error,
            Err(error) => return Err(session.unexpected(&text, &rows[round], &error)),
            Ok(answer) => {
                let got = show::rows(&answer.rows);
                return Err(session.wrong(&text, &rows[round], "the error of a row", &got));
            }
        };
        let named = error.failing_row() == Some(round as u64);
        ensure(named, "the error", format!("failing row {round}"), show::error(&error))?;
        session.rollback()?;
        session.expect(&all, 0)?;
        // The control: the same rows without the mistake.
        let good = numbered(9);
        let Some(answer) = returned(trial, &mut session, &text, &good)? else { continue };
        ensure(rows_alike(&answer.rows, &good), "the rows", show::rows(&good), {
            show::rows(&answer.rows)
        })?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn an_executemany_may_discard_the_rows_that_come_back(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let text = format!("insert into {table} (n, s) values (?, ?) returning n");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let size = 2 + round as u64;
        let changed = session.run_many(&text, &numbered(size as i64))?;
        // The control: what was not counted has not been lost.
        session.expect(&format!("select count(*) from {table}"), size as i64)?;
        if changed.is_some_and(|changed| changed != size) {
            return Err(session.wrong(&text, &[], &count(Some(size)), &count(changed)));
        }
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn rows_that_come_back_may_be_left_unread(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let values = ["(?, 'x')"; 5].join(", ");
    let text = format!("insert into {table} (n, s) values {values} returning n");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let prepared = session.prepare(&text)?;
        let params: Vec<Value> = (1..=5).map(|n| (10 * round + n).into()).collect();
        let first = {
            let options = ExecuteOptions::default();
            let executed = session.raw().execute(&prepared.statement, &params[..], options);
            let mut cursor = done("execute", executed)?;
            let row = done("next", cursor.next())?;
            row.map(|row| row.owned_value(0)).transpose()
        };
        session.close_statement(prepared);
        let got = done("read", first)?.unwrap_or(Value::Null);
        ensure(
            crate::compare::alike(&got, &params[0]),
            "the first row",
            show::value(&params[0]),
            show::value(&got),
        )?;
        session.expect(&format!("select count(*) from {table}"), 5 * round)?;
    }
    Ok(())
}
