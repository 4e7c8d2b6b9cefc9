//! One statement, many rows of parameters.

use aludel::Value;

use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::session::{Rows, Session, count};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Executemany,
        every_row_of_parameters_is_executed_once,
        [],
        "Each row of parameters is executed once, in order, however many there are.",
        "PEP 249, Cursor.executemany"
    ),
    case!(
        Executemany,
        the_counts_of_all_rows_are_added,
        [],
        "The row count is the sum over all rows of parameters.",
        "PEP 249, Cursor.rowcount; aludel: Statement::execute_many"
    ),
    case!(
        Executemany,
        kinds_and_nulls_may_differ_from_row_to_row,
        [],
        "Each row has its own values: NULL here, a number or text there.",
        "PEP 249, Cursor.executemany"
    ),
    case!(
        Executemany,
        no_rows_of_parameters_execute_nothing,
        [],
        "With no row of parameters nothing is executed, and that is no error.",
        "PEP 249, Cursor.executemany"
    ),
    case!(
        Executemany,
        the_row_that_failed_is_named,
        [],
        "An error tells the index of the row of parameters that failed, from 0, over all of them.",
        "aludel: Error::failing_row"
    ),
    case!(
        Executemany,
        a_failed_executemany_is_undone_by_its_transaction,
        [Transactions],
        "Rolling back after an error undoes the rows before the failing one.",
        "aludel: Statement::execute_many"
    ),
    case!(
        Executemany,
        rows_of_different_width_are_refused,
        [],
        "Rows with too few or too many parameters are refused, and nothing of them is stored.",
        "PEP 249, ProgrammingError: wrong number of parameters specified"
    ),
    case!(
        Executemany,
        updates_and_deletes_are_executed_for_each_row,
        [],
        "UPDATE and DELETE take many rows of parameters as INSERT does.",
        "PEP 249, Cursor.executemany"
    ),
];

fn numbered(first: i64, rows: i64) -> Rows {
    (first..first + rows).map(|n| vec![n.into(), format!("row {n}").into()]).collect()
}

fn expect_same(session: &mut Session, text: &str, expected: &Rows) -> Step<()> {
    let rows = session.query(text, &[])?.rows;
    if rows.len() != expected.len() {
        let (expected, got) = (expected.len().to_string(), rows.len().to_string());
        return Err(session.wrong(text, &[], &format!("{expected} rows"), &format!("{got} rows")));
    }
    for (row, expected) in rows.iter().zip(expected) {
        if !crate::compare::row_alike(row, expected) {
            return Err(session.wrong(text, &[], &show::row(expected), &show::row(row)));
        }
    }
    Ok(())
}

fn every_row_of_parameters_is_executed_once(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let mut session = trial.connect()?;
    for size in [1, 2, 7, 255, 256, 257, 512, 513, 1000] {
        trial.tried();
        let rows = numbered(1, size);
        session.run_many(&format!("insert into {table} (n, s) values (?, ?)"), &rows)?;
        expect_same(&mut session, &format!("select n, s from {table} order by n"), &rows)?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn the_counts_of_all_rows_are_added(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let insert = format!("insert into {table} (n, s) values (?, ?)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        for size in [3, 300] {
            let changed = session.run_many(&insert, &numbered(round * 1000, size))?;
            if changed != Some(size as u64) {
                let expected = count(Some(size as u64));
                return Err(session.wrong(&insert, &[], &expected, &count(changed)));
            }
            let text = format!("select count(*) from {table}");
            session.expect(&text, size)?;
            session.run(&format!("delete from {table}"), &[])?;
        }
    }
    Ok(())
}

fn kinds_and_nulls_may_differ_from_row_to_row(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, x {float}, s {text}, b {blob}")?;
    let mut session = trial.connect()?;
    let rows: Rows = (0..300_i64)
        .map(|n| {
            let pick = |place: i64, value: Value| match (n >> place) & 1 {
                0 => Value::Null,
                _ => value,
            };
            let text = format!("{n}").repeat((n % 7) as usize);
            let bytes = Value::Bytes(vec![n as u8; (n % 5) as usize]);
            vec![n.into(), pick(0, (n as f64 / 4.0).into()), pick(1, text.into()), pick(2, bytes)]
        })
        .collect();
    session.run_many(&format!("insert into {table} (n, x, s, b) values (?, ?, ?, ?)"), &rows)?;
    expect_same(&mut session, &format!("select n, x, s, b from {table} order by n"), &rows)
}

fn no_rows_of_parameters_execute_nothing(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let insert = format!("insert into {table} (n, s) values (?, ?)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.run_many(&insert, &[])?;
        session.expect(&format!("select count(*) from {table}"), round - 1)?;
        session.run_many(&insert, &numbered(round, 1))?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn the_row_that_failed_is_named(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null, s {text}")?;
    let insert = format!("insert into {table} (n, s) values (?, ?)");
    let mut session = trial.connect()?;
    for wrong in [0, 1, 7, 255, 256, 257, 299, 130] {
        trial.tried();
        let mut rows = numbered(1, 300);
        session.run_many(&insert, &rows)?;
        session.expect(&format!("select count(*) from {table}"), 300)?;
        session.run(&format!("delete from {table}"), &[])?;
        rows[wrong][0] = Value::Null;
        let error = session.refusal_of_many(&insert, &rows)?;
        if error.failing_row() != Some(wrong as u64) {
            let expected = format!("failing row {wrong}");
            return Err(session.wrong(&insert, &rows[wrong], &expected, &show::error(&error)));
        }
        session.expect_alive()?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn a_failed_executemany_is_undone_by_its_transaction(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null, s {text}")?;
    let insert = format!("insert into {table} (n, s) values (?, ?)");
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        session.begin()?;
        let mut rows = numbered(1, 20);
        rows[10][0] = Value::Null;
        session.refusal_of_many(&insert, &rows)?;
        session.rollback()?;
        session.expect(&count, 20 * (round - 1))?;
        session.begin()?;
        session.run_many(&insert, &numbered(1, 20))?;
        session.commit()?;
        session.expect(&count, 20 * round)?;
    }
    Ok(())
}

fn rows_of_different_width_are_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}")?;
    let insert = format!("insert into {table} (n, s) values (?, ?)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let narrow: Rows = vec![vec![1.into()], vec![2.into()]];
        let wide: Rows = vec![vec![1.into(), "x".into(), 3.into()]];
        let uneven: Rows = vec![vec![1.into(), "x".into()], vec![2.into()]];
        for rows in [narrow, wide, uneven] {
            session.refusal_of_many(&insert, &rows)?;
        }
        session.run_many(&insert, &numbered(round, 1))?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn updates_and_deletes_are_executed_for_each_row(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(300)?;
    let mut session = trial.connect()?;
    let update = format!("update {table} set s = ? where n = ?");
    let rows: Rows = (1..=300_i64).map(|n| vec![format!("new {n}").into(), n.into()]).collect();
    let changed = session.run_many(&update, &rows)?;
    if changed != Some(300) {
        return Err(session.wrong(&update, &[], &count(Some(300)), &count(changed)));
    }
    let expected: Rows = rows.iter().map(|row| vec![row[1].clone(), row[0].clone()]).collect();
    expect_same(&mut session, &format!("select n, s from {table} order by n"), &expected)?;
    let delete = format!("delete from {table} where n = ?");
    let odd: Rows = (1..=300).filter(|n| n % 2 == 1).map(|n: i64| vec![n.into()]).collect();
    session.run_many(&delete, &odd)?;
    session.expect(&format!("select count(*) from {table}"), 150)
}
