//! Results that come in batches.

use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};

use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::session::{Prepared, Rows, Session, done};
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Streaming,
        every_row_arrives_once_at_every_size_of_result,
        [],
        "Results of any size arrive whole and in order, also where one batch ends and another begins.",
        "PEP 249, Cursor.fetchall; aludel: RowWriter::wants_row"
    ),
    case!(
        Streaming,
        rows_of_many_sizes_arrive_whole,
        [],
        "Short and long values mix in a result; no value is cut where a batch has no room for it.",
        "aludel: RowBuilder::commit"
    ),
    case!(
        Streaming,
        no_more_rows_arrive_than_are_wanted,
        [],
        "A limit of rows is kept, and the connection is free afterwards.",
        "PEP 249, Cursor.fetchmany; aludel: Call::max_rows"
    ),
    case!(
        Streaming,
        a_single_row_is_the_first_one,
        [],
        "Where one row is wanted, the first one comes, each time.",
        "PEP 249, Cursor.fetchone; aludel: RowWriter::wants_one"
    ),
    case!(
        Streaming,
        rows_before_an_error_are_delivered_before_it,
        [],
        "Rows that came before an error are delivered, then the error, then nothing.",
        "aludel: Statement::execute, contract of dbapi"
    ),
    case!(
        Streaming,
        a_large_result_begins_before_it_is_complete,
        [Streaming],
        "A result of a million rows gives its first rows long before it is complete.",
        "aludel: Capability::Streaming"
    ),
];

fn every_row_arrives_once_at_every_size_of_result(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1025)?;
    let mut session = trial.connect()?;
    let text = format!("select n, s from {table} where n <= ? order by n");
    let prepared = session.prepare(&text)?;
    for size in [0, 1, 2, 7, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025] {
        trial.tried();
        let answer = session.execute(&prepared, &[size.into()])?;
        expect_counted(&session, &text, &answer.rows, size)?;
    }
    for _ in 0..ROUNDS {
        let answer = session.execute(&prepared, &[257.into()])?;
        expect_counted(&session, &text, &answer.rows, 257)?;
    }
    Ok(())
}

/// Fails unless these are the rows `(1, 'row 1')` to `(size, 'row <size>')`.
pub(super) fn expect_counted(session: &Session, text: &str, rows: &Rows, size: i64) -> Step<()> {
    let row = |n: i64| vec![Value::from(n), format!("row {n}").into()];
    for n in 1..=size {
        let got = rows.get(n as usize - 1);
        if !got.is_some_and(|got| crate::compare::row_alike(got, &row(n))) {
            let got = got.map_or("the end".into(), |got| show::row(got));
            let expected = format!("{} as row {n} of {size}", show::row(&row(n)));
            return Err(session.wrong(text, &[size.into()], &expected, &got));
        }
    }
    match rows.get(size as usize) {
        None => Ok(()),
        Some(more) => {
            let expected = format!("the end after {size} rows");
            Err(session.wrong(text, &[size.into()], &expected, &show::row(more)))
        }
    }
}

fn rows_of_many_sizes_arrive_whole(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}, s {text}, b {blob}")?;
    let mut session = trial.connect()?;
    let sizes = [0, 1, 127, 128, 129, 4_000, 31_000, 32_768, 33_000, 70_000, 5, 1_000_000, 3];
    let mut expected = Rows::new();
    for (n, size) in sizes.into_iter().cycle().take(40).enumerate() {
        let text: String = "aů".chars().cycle().skip(n % 2).take(size).collect();
        let bytes = vec![n as u8; size / 2];
        let row = vec![(n as i64).into(), text.into(), Value::Bytes(bytes)];
        session.run(&format!("insert into {table} (n, s, b) values (?, ?, ?)"), &row)?;
        expected.push(row);
    }
    let text = format!("select n, s, b from {table} order by n");
    session.expect_rows(&text, &[], &expected)?;
    expected.reverse();
    session.expect_rows(&format!("{text} desc"), &[], &expected)
}

fn no_more_rows_arrive_than_are_wanted(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} order by n"))?;
    for size in [1, 2, 255, 256, 257, 599, 600, 300] {
        let options = ExecuteOptions::default().limits(Limits::NONE.max_rows(size));
        let rows = done("read", read(session.raw(), &prepared, options, usize::MAX))?;
        expect_counted(&session, &prepared.sql, &rows, size as i64)?;
        session.expect(&format!("select count(*) from {table}"), 600)?;
    }
    Ok(())
}

/// Executes, reads so many rows at most, and drops the result.
pub(super) fn read(
    connection: &mut DriverConnection,
    prepared: &Prepared,
    options: ExecuteOptions,
    most: usize,
) -> aludel::Result<Rows> {
    let mut cursor = connection.execute(&prepared.statement, &(), options)?;
    let mut rows = Rows::new();
    while rows.len() < most {
        let Some(row) = cursor.next()? else { break };
        rows.push((0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}

fn a_single_row_is_the_first_one(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(300)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} order by n"))?;
    for _ in 0..ROUNDS {
        let rows = done("read", read(session.raw(), &prepared, ExecuteOptions::ONE_ROW, 1))?;
        expect_counted(&session, &prepared.sql, &rows, 1)?;
        session.expect(&format!("select max(n) from {table}"), 300)?;
    }
    Ok(())
}

fn rows_before_an_error_are_delivered_before_it(trial: &mut Trial) -> Step<()> {
    let Some(template) = trial.quirks().rows_then_error else {
        return Err(trial.unsupported("the quirks know no query that fails after some rows"));
    };
    let mut session = trial.connect()?;
    let sizes = [1_i64, 10, 255, 256, 257, 300, 512, 700];
    for before in sizes.into_iter().chain([3; ROUNDS as usize]) {
        trial.tried();
        let text = fill(template, &[("rows", &before.to_string())]);
        let prepared = session.prepare(&text)?;
        let mut cursor = {
            let executed =
                session.raw().execute(&prepared.statement, &(), ExecuteOptions::default());
            done("execute", executed)?
        };
        let mut rows = 0;
        let failed = loop {
            match cursor.next() {
                Ok(Some(row)) if row.get_at::<i64>(0).is_ok_and(|n| n == rows + 1) => rows += 1,
                Ok(Some(_)) | Ok(None) => break false,
                Err(error) => break crate::session::is_refusal(&error),
            }
        };
        drop(cursor);
        session.close_statement(prepared);
        if !failed || rows != before {
            let got = format!("{rows} rows, then {}", if failed { "an error" } else { "the end" });
            return Err(session.wrong(&text, &[], &format!("{before} rows, then an error"), &got));
        }
        session.expect_alive()?;
    }
    Ok(())
}

/// Rows of a result that takes its time.
const MANY: i64 = 1_000_000;

fn a_large_result_begins_before_it_is_complete(trial: &mut Trial) -> Step<()> {
    let Some(template) = trial.quirks().count_up else {
        return Err(trial.unsupported("the quirks know no query that counts"));
    };
    let text = fill(template, &[("rows", &MANY.to_string())]);
    let mut session = trial.connect()?;
    let prepared = session.prepare(&text)?;
    let mut seen = Vec::new();
    // One quick round is enough, because a result that is read whole at once is never quick; more
    // are tried because the machine may be busy with something else.
    for round in 0..ROUNDS / 2 {
        // The round before read its result to the end, so that nothing of it is timed here.
        let begun = done("read", begin(session.raw(), &prepared, 300 + round as usize))?;
        expect_numbers(&session, &text, &begun)?;
        if begun.first < begun.whole / 10 {
            return session.expect_alive();
        }
        seen.push(format!("{:?} of {:?}", begun.first, begun.whole));
    }
    let expected = "the first rows in a tenth of the time of all rows, at least once";
    Err(Flaw::absent("a large result", expected, seen.join(", ")))
}

/// A result that was read to its end.
struct Begun {
    /// The rows that came first.
    rows: Rows,
    /// From executing to the last of these.
    first: Duration,
    count: i64,
    /// From executing to the end.
    whole: Duration,
}

/// Executes, and reads the whole result, of which `most` rows are kept.
fn begin(
    connection: &mut DriverConnection,
    prepared: &Prepared,
    most: usize,
) -> aludel::Result<Begun> {
    let begun = Instant::now();
    let mut cursor = connection.execute(&prepared.statement, &(), ExecuteOptions::default())?;
    let mut rows = Rows::new();
    while rows.len() < most {
        let Some(row) = cursor.next()? else { break };
        rows.push((0..row.len()).map(|index| row.owned_value(index)).collect::<Result<_, _>>()?);
    }
    let first = begun.elapsed();
    let mut count = rows.len() as i64;
    while cursor.next()?.is_some() {
        count += 1;
    }
    Ok(Begun { rows, first, count, whole: begun.elapsed() })
}

/// Fails unless the numbers from 1 on came, and as many as there are.
fn expect_numbers(session: &Session, text: &str, begun: &Begun) -> Step<()> {
    let most = begun.rows.len();
    let expected: Rows = (1..=most as i64).map(|n| vec![n.into()]).collect();
    if !crate::compare::rows_alike(&begun.rows, &expected) {
        let expected = format!("the numbers 1 to {most}");
        return Err(session.wrong(text, &[], &expected, &show::rows(&begun.rows)));
    }
    let count = begun.count;
    ensure(count == MANY, "a large result", format!("{MANY} rows"), format!("{count} rows"))
}
