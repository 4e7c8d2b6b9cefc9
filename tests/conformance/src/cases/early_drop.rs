//! Results that are not read to their end.

use aludel::abi::host::ExecuteOptions;

use super::streaming::{expect_counted, read};
use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::done;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Streaming,
        a_result_that_is_dropped_leaves_the_connection_free,
        [],
        "After a result was dropped at any row, other statements work and see nothing of it.",
        "aludel: Statement::reset"
    ),
    case!(
        Streaming,
        a_statement_begins_anew_after_its_result_was_dropped,
        [],
        "A statement that is executed again gives its first row first, whatever was read before.",
        "aludel: Statement::execute"
    ),
    case!(
        Streaming,
        a_dropped_result_holds_no_lock,
        [],
        "A dropped result keeps no other connection from changing or dropping its table.",
        "aludel: Statement::reset"
    ),
    case!(
        Streaming,
        a_dropped_result_leaves_its_transaction_open,
        [Transactions],
        "Dropping a result ends neither the transaction nor what was done in it.",
        "aludel: Statement::reset"
    ),
    case!(
        Streaming,
        a_connection_that_is_dropped_in_a_result_hurts_no_other,
        [],
        "A connection may be dropped while its result is open; others work on.",
        "PEP 249, Connection.close"
    ),
];

fn a_result_that_is_dropped_leaves_the_connection_free(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(700)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} order by n"))?;
    for (round, most) in [0, 1, 5, 255, 256, 257, 400, 699].into_iter().enumerate() {
        let rows = done("read", read(session.raw(), &prepared, ExecuteOptions::default(), most))?;
        expect_counted(&session, &prepared.sql, &rows, most as i64)?;
        session.note("drop the result");
        session.expect(&format!("select s from {table} where n = 3"), "row 3")?;
        let update = format!("update {table} set s = s where n = {round}");
        session.run(&update, &[])?;
        session.expect_alive()?;
    }
    Ok(())
}

fn a_statement_begins_anew_after_its_result_was_dropped(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} order by n"))?;
    for most in [1, 2, 10, 256, 300, 512, 599, 40] {
        let rows = done("read", read(session.raw(), &prepared, ExecuteOptions::default(), most))?;
        expect_counted(&session, &prepared.sql, &rows, most as i64)?;
    }
    let answer = session.execute(&prepared, &[])?;
    expect_counted(&session, &prepared.sql, &answer.rows, 600)
}

fn a_dropped_result_holds_no_lock(trial: &mut Trial) -> Step<()> {
    let drop_table = trial.quirks().drop_table;
    let (mut reader, mut other) = (trial.connect()?, trial.connect()?);
    for round in 1..=ROUNDS {
        let table = trial.filled_table(300)?;
        let prepared = reader.prepare(&format!("select n, s from {table} order by n"))?;
        let rows = read(reader.raw(), &prepared, ExecuteOptions::default(), 10);
        expect_counted(&reader, &prepared.sql, &done("read", rows)?, 10)?;
        reader.note("drop the result");
        other.expect_changed(&format!("delete from {table} where n > {round}"), &[], {
            300 - round as u64
        })?;
        reader.close_statement(prepared);
        other.run(&fill(drop_table, &[("table", &table)]), &[])?;
        reader.refusal(&format!("select n from {table}"), &[])?;
    }
    Ok(())
}

fn a_dropped_result_leaves_its_transaction_open(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(300)?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} order by n"))?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&format!("insert into {table} (n, s) values (1000, 'new')"), &[])?;
        let rows = done("read", read(session.raw(), &prepared, ExecuteOptions::default(), 20))?;
        expect_counted(&session, &prepared.sql, &rows, 20)?;
        session.expect(&count, 301 + round / 2)?;
        match round % 2 {
            0 => session.rollback()?,
            _ => session.commit()?,
        }
        session.expect(&count, 300 + (round + 1) / 2)?;
    }
    Ok(())
}

fn a_connection_that_is_dropped_in_a_result_hurts_no_other(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let mut stays = trial.connect()?;
    for round in 1..=ROUNDS {
        let mut goes = trial.connect()?;
        let prepared = goes.prepare(&format!("select n, s from {table} order by n"))?;
        let executed = goes.raw().execute(&prepared.statement, &(), ExecuteOptions::default());
        let mut cursor = done("execute", executed)?;
        let has_row = done("next", cursor.next())?.is_some();
        ensure(has_row, "next", "a row", "the end")?;
        // Forgotten, so that the connection goes while its result is open.
        std::mem::forget(cursor);
        goes.note("drop the connection in its result");
        drop(goes);
        stays.run(&format!("update {table} set s = 'x{round}' where n = 1"), &[])?;
        stays.expect(&format!("select s from {table} where n = 1"), format!("x{round}"))?;
    }
    Ok(())
}
