//! Bulk unloading: tables and queries as bytes, to their end or not.

use aludel::abi::host::Limits;
use aludel::dbapi::{BulkDirection, BulkSpec};

use super::bulk::words;
use crate::case;
use crate::case::Case;
use crate::csv;
use crate::flaw::{Step, ensure};
use crate::loads::Piece;
use crate::session::{Session, done, refused};
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Bulk,
        a_query_goes_out_row_by_row,
        [BulkOut],
        "The rows of a query go out in its order, and are counted.",
        "PostgreSQL manual, COPY (query) TO; aludel: BulkSpec::query"
    ),
    case!(
        Bulk,
        a_table_goes_out_with_the_columns_that_were_asked_for,
        [BulkOut],
        "A table goes out with the columns that were named, in that order.",
        "PostgreSQL manual, COPY TO; aludel: BulkSpec::columns"
    ),
    case!(
        Bulk,
        null_goes_out_as_something_else_than_empty_text,
        [BulkOut],
        "NULL and empty text can be told apart in what goes out.",
        "PostgreSQL manual, COPY: CSV format"
    ),
    case!(
        Bulk,
        what_goes_out_goes_in_again,
        [BulkIn, BulkOut],
        "What was unloaded loads as what it was, quotes, commas and line breaks included.",
        "RFC 4180; PostgreSQL manual, COPY"
    ),
    case!(
        Bulk,
        an_unload_may_be_left_early,
        [BulkOut],
        "Who ends an unload before its end has a connection that is free.",
        "aludel: Connection::bulk_end; jackc/pgx: an aborted CopyTo"
    ),
    case!(
        Bulk,
        what_is_not_there_does_not_go_out,
        [BulkOut],
        "Unloading an unknown table is an error, and the connection is usable after it.",
        "PEP 249, ProgrammingError: table not found or already exists"
    ),
];

fn out<'a>(table: &'a str, query: &'a str, format: &'a str) -> BulkSpec<'a> {
    BulkSpec {
        direction: BulkDirection::Out,
        schema: "",
        table,
        query,
        columns: Vec::new(),
        format: Some(format),
        options: Vec::new(),
    }
}

type Fields = Vec<Vec<Option<String>>>;

/// Unloads CSV, and fails unless as many rows were counted as came.
fn unload(session: &mut Session, spec: &BulkSpec<'_>) -> Step<Fields> {
    let (bytes, moved) = session.unload(spec)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let rows = csv::rows(&text);
    let counted = moved == rows.len() as u64;
    ensure(counted, "the rows that were moved", rows.len().to_string(), moved.to_string())?;
    Ok(rows)
}

fn expect(got: &Fields, expected: &[Vec<Option<&str>>]) -> Step<()> {
    let expected: Fields = expected
        .iter()
        .map(|row| row.iter().map(|value| value.map(str::to_owned)).collect())
        .collect();
    ensure(*got == expected, "what went out", format!("{expected:?}"), format!("{got:?}"))
}

fn a_query_goes_out_row_by_row(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.filled_table(600)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let size = 70 * round;
        let query = format!("select n, s from {table} where n <= {size} order by n desc");
        let rows = unload(&mut session, &out("", &query, words.csv))?;
        let whole = rows
            .iter()
            .zip((1..=size).rev())
            .all(|(row, n)| *row == [Some(n.to_string()), Some(format!("row {n}"))]);
        let got = format!("{} rows, the first {:?}", rows.len(), rows.first());
        let expected = format!("{size} rows, the last one first");
        ensure(whole && rows.len() as i64 == size, "what went out", expected, got)?;
        session.expect(&format!("select count(*) from {table}"), 600)?;
    }
    Ok(())
}

fn a_table_goes_out_with_the_columns_that_were_asked_for(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("a {integer}, b {text}, c {integer}")?;
    trial.at_home(&format!("insert into {table} (a, b, c) values (1, 'two', 3)"))?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let rows = unload(&mut session, &out(&table, "", words.csv))?;
        expect(&rows, &[vec![Some("1"), Some("two"), Some("3")]])?;
        let spec = BulkSpec { columns: vec!["c", "b"], ..out(&table, "", words.csv) };
        let rows = unload(&mut session, &spec)?;
        expect(&rows, &[vec![Some("3"), Some("two")]])?;
    }
    Ok(())
}

fn null_goes_out_as_something_else_than_empty_text(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    if trial.quirks().empty_text_is_null {
        return Err(trial.unsupported("empty text is NULL"));
    }
    let table = trial.table("n {integer}, s {text}")?;
    trial.at_home(&format!("insert into {table} (n, s) values (1, ''), (2, null), (3, 'x')"))?;
    let query = format!("select s, n from {table} order by n");
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let rows = unload(&mut session, &out("", &query, words.csv))?;
        let expected =
            [vec![Some(""), Some("1")], vec![None, Some("2")], vec![Some("x"), Some("3")]];
        expect(&rows, &expected)?;
    }
    Ok(())
}

fn what_goes_out_goes_in_again(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let copy = trial.table("n {integer}, s {text}")?;
    let texts = ["it's \"q\"", "a, b", "line\nbreak", "", "ů 🐎", "\\N", " x ", "\"", "\\."];
    let mut session = trial.connect()?;
    for (n, text) in (1..).zip(texts) {
        let insert = format!("insert into {table} (n, s) values (?, ?)");
        session.run(&insert, &[aludel::Value::I64(n), text.into()])?;
    }
    session.run(&format!("insert into {table} (n, s) values (null, null)"), &[])?;
    let before = session.query(&format!("select n, s from {table} order by n"), &[])?.rows;
    for _ in 0..ROUNDS {
        let (bytes, moved) = session.unload(&out(&table, "", words.csv))?;
        let rows = (texts.len() + 1) as u64;
        ensure(moved == rows, "the rows that went out", rows.to_string(), moved.to_string())?;
        let spec = BulkSpec {
            direction: BulkDirection::In,
            columns: vec!["n", "s"],
            ..out(&copy, "", words.csv)
        };
        done("loading", session.load(&spec, &[Piece::Bytes(&bytes)])?)?;
        session.expect_rows(&format!("select n, s from {copy} order by n"), &[], &before)?;
        session.run(&format!("delete from {copy}"), &[])?;
    }
    Ok(())
}

fn an_unload_may_be_left_early(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.filled_table(3000)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.bulk_begin(&out(&table, "", words.csv))?;
        for _ in 0..round % 3 {
            let piece = done("bulk_read", session.raw().bulk_read(Limits::NONE))?;
            let has_bytes = piece.is_some_and(|piece| !piece.is_empty());
            ensure(has_bytes, "bulk_read", "bytes", "the end, or nothing")?;
        }
        // What was not read may be said to be missing.
        let _ = session.bulk_end(false);
        session.expect(&format!("select count(*) from {table}"), 3000)?;
        session.expect_alive()?;
    }
    Ok(())
}

fn what_is_not_there_does_not_go_out(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.filled_table(2)?;
    let missing = format!("{table}_missing");
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.note(&format!("bulk out of {missing}"));
        let spec = out(&missing, "", words.csv);
        let begun = session.raw().bulk_begin(&spec, Limits::NONE);
        let result = match begun {
            Ok(()) => {
                let read = session.raw().bulk_read(Limits::NONE).map(drop);
                let _ = session.bulk_end(false);
                read
            }
            Err(error) => Err(error),
        };
        let error = refused("unloading an unknown table", result)?;
        let kind = aludel::ErrorKind::Programming;
        super::errors::expect_class(&session, &missing, &error, kind, "42")?;
        let rows = unload(&mut session, &out(&table, "", words.csv))?;
        ensure(rows.len() == 2, "the table that is there", "2 rows", rows.len().to_string())?;
    }
    Ok(())
}
