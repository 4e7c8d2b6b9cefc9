//! What statements that change rows tell: row counts, keys, returned rows.

use aludel::Value;

use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::quirks::UpdateCount;
use crate::session::count;
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Execute,
        row_counts_tell_what_was_changed,
        [],
        "The row count of INSERT, UPDATE and DELETE is the number of rows that they affected.",
        "PEP 249, Cursor.rowcount"
    ),
    case!(
        Execute,
        an_update_counts_the_rows_that_it_matched,
        [],
        "An UPDATE counts rows that its WHERE clause matched, also when their values stay the same.",
        "ISO/IEC 9075-2, 14.14 <update statement: searched>; SQLAlchemy, CursorResult.rowcount"
    ),
    case!(
        Execute,
        a_change_that_meets_no_row_counts_zero,
        [],
        "An UPDATE or DELETE that no row matches counts 0, not `unknown`.",
        "PEP 249, Cursor.rowcount"
    ),
    case!(
        Execute,
        a_select_has_no_row_count_left_over,
        [],
        "A query changes nothing: it does not repeat the row count of the statement before.",
        "PEP 249, Cursor.rowcount; aludel: RowWriter::affected"
    ),
    case!(
        Execute,
        the_key_of_the_last_inserted_row_is_told,
        [LastInsertId],
        "After an INSERT the key that the database gave is told, and not after other statements.",
        "PEP 249, Cursor.lastrowid"
    ),
    case!(
        Execute,
        an_upsert_inserts_or_updates,
        [],
        "An upsert inserts the row whose key is new, and updates the one that is there.",
        "PostgreSQL manual, INSERT: ON CONFLICT; MySQL manual, ON DUPLICATE KEY UPDATE"
    ),
];

fn row_counts_tell_what_was_changed(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, x {integer}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS as u64 {
        let base = round * 10;
        for number in base..base + round + 1 {
            let insert = format!("insert into {table} (n, x) values (?, 0)");
            session.expect_changed(&insert, &[number.into()], 1)?;
        }
        let of_round = format!("n >= {base} and n < {}", base + 10);
        let update = format!("update {table} set x = {round} where {of_round}");
        session.expect_changed(&update, &[], round + 1)?;
        session.expect_changed(&format!("delete from {table} where n = {base}"), &[], 1)?;
        let left = format!("select count(*) from {table} where x = {round}");
        session.expect(&left, round)?;
        session.expect_changed(&format!("delete from {table} where {of_round}"), &[], round)?;
    }
    Ok(())
}

fn an_update_counts_the_rows_that_it_matched(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(5)?;
    let counted = trial.quirks().update_count;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let same = if counted == UpdateCount::Matched { 3 } else { 0 };
        session.expect_changed(&format!("update {table} set n = n where n <= 3"), &[], same)?;
        session.expect_changed(&format!("update {table} set n = n + 10 where n <= 3"), &[], 3)?;
        session.expect_changed(&format!("update {table} set n = n - 10 where n > 10"), &[], 3)?;
    }
    Ok(())
}

fn a_change_that_meets_no_row_counts_zero(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect_changed(&format!("update {table} set n = n where n = 2"), &[], 1)?;
        session.expect_changed(&format!("update {table} set n = 9 where n = 100"), &[], 0)?;
        session.expect_changed(&format!("delete from {table} where n = 100"), &[], 0)?;
    }
    session.expect(&format!("select count(*) from {table}"), 3)
}

fn a_select_has_no_row_count_left_over(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(4)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect_changed(&format!("update {table} set s = 'x'"), &[], 4)?;
        for (text, rows) in [
            (format!("select n from {table} where n = 1"), 1),
            (format!("select n from {table} where n = 100"), 0),
        ] {
            let answer = session.query(&text, &[])?;
            if answer.rows.len() != rows {
                return Err(session.wrong(&text, &[], "its rows", &show::rows(&answer.rows)));
            }
            // Databases that count the rows of a result say how many there were.
            if !matches!(answer.affected, None | Some(0)) && answer.affected != Some(rows as u64) {
                let got = count(answer.affected);
                return Err(session.wrong(&text, &[], "no row count of its own", &got));
            }
        }
    }
    Ok(())
}

fn the_key_of_the_last_inserted_row_is_told(trial: &mut Trial) -> Step<()> {
    let Some(key) = trial.quirks().words.key.clone() else {
        return Err(trial.unsupported("the quirks know no key that the database numbers"));
    };
    let table = trial.table(&format!("id {key}, n {{integer}}"))?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let text = format!("insert into {table} (n) values (?)");
        let answer = session.query(&text, &[round.into()])?;
        let stored = session.scalar(&format!("select id from {table} where n = {round}"), &[])?;
        let told = answer.last_insert_id.map_or(Value::Null, Value::from);
        if !crate::compare::alike(&told, &stored) {
            let (expected, got) = (show::value(&stored), show::value(&told));
            return Err(session.wrong(&text, &[round.into()], &expected, &got));
        }
        let update = format!("update {table} set n = n");
        if let Some(left) = session.query(&update, &[])?.last_insert_id {
            return Err(session.wrong(&update, &[], "no key", &left.to_string()));
        }
    }
    Ok(())
}

fn an_upsert_inserts_or_updates(trial: &mut Trial) -> Step<()> {
    let Some(template) = trial.quirks().upsert else {
        return Err(trial.unsupported("the quirks know no upsert"));
    };
    let table = trial.table("n {integer} not null primary key, s {text}")?;
    let text = fill(template, &[("table", &table)]);
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        for value in ["inserted", "updated"] {
            session.run(&text, &[round.into(), value.into()])?;
            session.expect(&format!("select s from {table} where n = {round}"), value)?;
            session.expect(&format!("select count(*) from {table}"), round)?;
        }
    }
    Ok(())
}
