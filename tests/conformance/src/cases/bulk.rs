//! Bulk loading: rows of values and bytes, kept or abandoned, whole or malformed.

use aludel::dbapi::{BulkDirection, BulkSpec};
use aludel::{Error, ErrorKind, Value};

use crate::case;
use crate::case::Case;
use crate::csv;
use crate::flaw::{Step, ensure};
use crate::loads::Piece;
use crate::quirks::Bulk;
use crate::session::{Rows, Session, done, refused};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Bulk,
        rows_of_values_go_in_as_they_are,
        [BulkIn],
        "Rows of values are stored as an INSERT would, NULLs and empty texts as such.",
        "aludel: BulkChunk::Rows; PostgreSQL manual, COPY FROM"
    ),
    case!(
        Bulk,
        bytes_go_in_wherever_their_pieces_end,
        [BulkIn],
        "Bytes may be cut anywhere, also within a character: what counts is their sequence.",
        "aludel: BulkChunk::Bytes; PostgreSQL manual, 55.2.6 COPY Operations"
    ),
    case!(
        Bulk,
        what_is_abandoned_is_not_kept,
        [BulkIn],
        "An operation that is abandoned leaves nothing, and the connection free.",
        "aludel: Connection::bulk_end; PostgreSQL manual, CopyFail"
    ),
    case!(
        Bulk,
        a_malformed_row_is_refused_and_nothing_is_kept,
        [BulkIn],
        "A malformed row is a DataError of class 22; nothing is kept, and the next load works.",
        "PEP 249, DataError; porsager/postgres issue 1173 (a failed COPY leaves a transaction)"
    ),
    case!(
        Bulk,
        a_row_that_a_constraint_refuses_is_told,
        [BulkIn],
        "A row that violates a constraint is an IntegrityError, and nothing is kept.",
        "PEP 249, IntegrityError; PostgreSQL manual, COPY FROM"
    ),
    case!(
        Bulk,
        columns_are_filled_in_the_order_that_was_asked_for,
        [BulkIn],
        "Columns are those that were named, in that order; others get their default.",
        "aludel: BulkSpec::columns; PostgreSQL manual, COPY FROM"
    ),
    case!(
        Bulk,
        a_load_belongs_to_its_transaction,
        [BulkIn, Transactions],
        "What is loaded in a transaction goes when it is rolled back, and stays when it commits.",
        "ISO/IEC 9075-2, 4.41 SQL-transactions"
    ),
    case!(
        Bulk,
        a_large_load_arrives_whole,
        [BulkIn],
        "Every row of a large load is stored once, and counted.",
        "aludel: Connection::bulk_end; PostgreSQL manual, COPY: command tag"
    ),
];

/// What the quirks know of bulk operations.
pub(super) fn words(trial: &Trial) -> Step<Bulk> {
    let words = trial.quirks().bulk;
    words.ok_or_else(|| trial.unsupported("the quirks know nothing of bulk operations"))
}

fn into<'a>(table: &'a str, columns: &[&'a str], format: Option<&'a str>) -> BulkSpec<'a> {
    BulkSpec {
        direction: BulkDirection::In,
        schema: "",
        table,
        query: "",
        columns: columns.to_vec(),
        format,
        options: Vec::new(),
    }
}

/// Loads CSV in one piece.
fn load(session: &mut Session, words: &Bulk, table: &str, text: &str) -> Step<Result<u64, Error>> {
    let spec = into(table, &["n", "s"], Some(words.csv));
    session.load(&spec, &[Piece::Bytes(text.as_bytes())])
}

fn moved(result: Result<u64, Error>, expected: u64) -> Step<()> {
    let moved = done("the bulk operation", result)?;
    ensure(moved == expected, "the rows that were moved", expected.to_string(), moved.to_string())
}

fn rows_of_values_go_in_as_they_are(trial: &mut Trial) -> Step<()> {
    if !words(trial)?.rows {
        return Err(trial.unsupported("only bytes go in"));
    }
    let table = trial.table("n {integer}, s {text}")?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let rows: Rows = (1..=9_i64)
            .map(|n| match n % 4 {
                0 => vec![n.into(), Value::Null],
                1 => vec![n.into(), "".into()],
                2 => vec![n.into(), format!("it's \"{round}\", ů\n").into()],
                _ => vec![n.into(), "back\\slash\t\\N".into()],
            })
            .collect();
        let (first, second) = rows.split_at(4);
        let pieces = [first.to_vec(), second.to_vec()];
        let result = session.load(
            &into(&table, &["n", "s"], None),
            &[Piece::Rows(&pieces[0]), Piece::Rows(&pieces[1])],
        )?;
        moved(result, 9)?;
        session.expect_rows(&format!("select n, s from {table} order by n"), &[], &rows)?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn bytes_go_in_wherever_their_pieces_end(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let texts = [Some("one, two"), None, Some(""), Some("it's \"q\"\nů 🐎"), Some("\\N")];
    let text: String = (1..)
        .zip(&texts)
        .map(|(n, text): (i64, _)| csv::line(&[Some(&n.to_string()), *text]))
        .collect();
    let expected: Rows = (1..)
        .zip(&texts)
        .map(|(n, text): (i64, _)| vec![n.into(), text.map_or(Value::Null, Value::from)])
        .collect();
    let mut session = trial.connect()?;
    for size in [1, 2, 3, 5, 7, 11, 16, 1000] {
        trial.tried();
        let pieces: Vec<Piece<'_>> = text.as_bytes().chunks(size).map(Piece::Bytes).collect();
        let spec = into(&table, &["n", "s"], Some(words.csv));
        moved(session.load(&spec, &pieces)?, texts.len() as u64)?;
        session.expect_rows(&format!("select n, s from {table} order by n"), &[], &expected)?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}

fn what_is_abandoned_is_not_kept(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.bulk_begin(&into(&table, &["n", "s"], Some(words.csv)))?;
        done("bulk_write", session.bulk_write(Piece::Bytes(b"1,a\n2,b\n3,")))?;
        // That nothing was kept may be said as an error.
        let _ = session.bulk_end(false);
        session.expect(&count, round)?;
        // The control: the same, kept.
        moved(load(&mut session, &words, &table, "1,a\n")?, 1)?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_malformed_row_is_refused_and_nothing_is_kept(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    let mut rows = 0;
    for malformed in ["1,a\n2\n", "1,a\n2,b,c\n", "1,a\nno number,b\n"].repeat(3) {
        trial.tried();
        let error = refused("a malformed row", load(&mut session, &words, &table, malformed)?)?;
        let class = error.sqlstate().is_some_and(|state| state.starts_with("22"));
        let told = error.kind() == ErrorKind::Data && class && !error.is_disconnect();
        ensure(told, "a malformed row", "a DataError of class 22", show::error(&error))?;
        session.expect_alive()?;
        session.expect(&count, rows)?;
        moved(load(&mut session, &words, &table, "1,a\n2,b\n")?, 2)?;
        rows += 2;
        session.expect(&count, rows)?;
    }
    Ok(())
}

fn a_row_that_a_constraint_refuses_is_told(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer} not null, s {text}")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let error = refused("NULL", load(&mut session, &words, &table, "1,a\n,b\n3,c\n")?)?;
        let told = error.kind() == ErrorKind::Integrity;
        ensure(told, "NULL where none may be", "an IntegrityError", show::error(&error))?;
        session.expect(&count, round)?;
        moved(load(&mut session, &words, &table, "1,a\n")?, 1)?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn columns_are_filled_in_the_order_that_was_asked_for(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}, d {integer} default 7")?;
    let query = format!("select n, s, d from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let spec = into(&table, &["s", "n"], Some(words.csv));
        let text = format!("text {round},{round}\n");
        moved(session.load(&spec, &[Piece::Bytes(text.as_bytes())])?, 1)?;
        let row = vec![round.into(), format!("text {round}").into(), 7.into()];
        session.expect_rows(&query, &[], &vec![row])?;
        session.run(&format!("delete from {table}"), &[])?;
        session.expect(&format!("select count(*) from {table}"), 0)?;
    }
    Ok(())
}

fn a_load_belongs_to_its_transaction(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let count = format!("select count(*) from {table}");
    let (mut session, mut reader) = (trial.connect()?, trial.connect()?);
    for round in 0..ROUNDS {
        session.begin()?;
        moved(load(&mut session, &words, &table, "1,a\n2,b\n")?, 2)?;
        session.expect(&count, round + 2)?;
        reader.expect(&count, round)?;
        session.rollback()?;
        session.expect(&count, round)?;
        session.begin()?;
        moved(load(&mut session, &words, &table, "3,c\n")?, 1)?;
        session.expect(&count, round + 1)?;
        session.commit()?;
        reader.expect(&count, round + 1)?;
    }
    Ok(())
}

fn a_large_load_arrives_whole(trial: &mut Trial) -> Step<()> {
    let words = words(trial)?;
    let table = trial.table("n {integer}, s {text}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let size = 700 * round;
        let text: String = (1..=size).map(|n| format!("{n},row {n}\n")).collect();
        let pieces: Vec<Piece<'_>> = text.as_bytes().chunks(4096).map(Piece::Bytes).collect();
        let spec = into(&table, &["n", "s"], Some(words.csv));
        moved(session.load(&spec, &pieces)?, size as u64)?;
        let query = format!("select count(*), count(distinct n), max(n) from {table}");
        session.expect_rows(&query, &[], &vec![vec![size.into(); 3]])?;
        session.run(&format!("delete from {table}"), &[])?;
    }
    Ok(())
}
