//! Reflection: what a schema looks like, in the same columns for every database.

use aludel::Value;
use aludel::dbapi::{ReflectFilter, ReflectKind};

use crate::case;
use crate::case::Case;
use crate::compare::whole;
use crate::flaw::{Step, ensure};
use crate::session::{Answer, Session};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Reflection,
        a_table_is_found_by_its_name,
        [Reflection],
        "A table is told with its kind; one that is not there is told by no row, not by an error.",
        "aludel: ReflectKind::Tables"
    ),
    case!(
        Reflection,
        columns_are_told_in_their_order_with_nullability,
        [Reflection],
        "Columns come in the order of the table, from 1, and tell whether they may be NULL.",
        "aludel: ReflectKind::Columns; ISO/IEC 9075-11, COLUMNS"
    ),
    case!(
        Reflection,
        a_primary_key_is_told_column_by_column,
        [Reflection],
        "A primary key has a row for each column, in the order of the key.",
        "aludel: ReflectKind::PrimaryKeys; ISO/IEC 9075-11, KEY_COLUMN_USAGE"
    ),
    case!(
        Reflection,
        a_foreign_key_is_told_with_what_it_refers_to,
        [Reflection],
        "A foreign key tells its columns and the table and columns that they refer to.",
        "aludel: ReflectKind::ForeignKeys; ISO/IEC 9075-11, REFERENTIAL_CONSTRAINTS"
    ),
    case!(
        Reflection,
        an_index_is_told_with_its_columns,
        [Reflection],
        "An index tells its name, whether it is unique, and its columns in order.",
        "aludel: ReflectKind::Indexes"
    ),
    case!(
        Reflection,
        what_was_changed_is_told_at_once,
        [Reflection],
        "Reflection tells the schema as it is now, also after DDL of another connection.",
        "aludel: Connection::reflect"
    ),
];

/// The answer to a question about a table.
pub(super) fn reflect(session: &mut Session, kind: ReflectKind, table: &str) -> Step<Answer> {
    session.reflect(kind, &ReflectFilter { table, ..ReflectFilter::default() })
}

/// Fails unless these columns hold these values, text without case and truth as numbers.
pub(super) fn expect(
    answer: &Answer,
    what: &str,
    columns: &[&str],
    expected: &[&[Value]],
) -> Step<()> {
    let names = answer.names();
    let place = |column: &&str| names.iter().position(|name| name == column);
    let places: Option<Vec<usize>> = columns.iter().map(place).collect();
    let Some(places) = places else {
        return ensure(false, what, format!("the columns {columns:?}"), names.join(", "));
    };
    let pick = |row: &Vec<Value>| -> Vec<Value> {
        places.iter().map(|place| plain(row.get(*place).unwrap_or(&Value::Null))).collect()
    };
    let got: Vec<Vec<Value>> = answer.rows.iter().map(pick).collect();
    let expected: Vec<Vec<Value>> =
        expected.iter().map(|row| row.iter().map(plain).collect()).collect();
    let same = crate::compare::rows_alike(&got, &expected);
    ensure(same, what, show::rows(&expected), show::rows(&got))
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.to_lowercase()),
        Value::Bool(truth) => Value::I64(i64::from(*truth)),
        other => other.clone(),
    }
}

fn a_table_is_found_by_its_name(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let found = reflect(&mut session, ReflectKind::Tables, &table)?;
        let expected: &[Value] = &[table.as_str().into(), "table".into()];
        expect(&found, "the table", &["name", "kind"], &[expected])?;
        let missing = reflect(&mut session, ReflectKind::Tables, &format!("{table}_{round}"))?;
        expect(&missing, "a table that is not there", &["name", "kind"], &[])?;
    }
    Ok(())
}

fn columns_are_told_in_their_order_with_nullability(trial: &mut Trial) -> Step<()> {
    let table = trial.table("z {integer} not null, a {text}, m {float} not null, b {blob}")?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::Columns, &table)?;
        let row = |name: &str, position: i64, nullable: bool| -> [Value; 3] {
            [name.into(), position.into(), nullable.into()]
        };
        let rows = [row("z", 1, false), row("a", 2, true), row("m", 3, false), row("b", 4, true)];
        let expected: Vec<&[Value]> = rows.iter().map(|row| row.as_slice()).collect();
        expect(&told, "the columns", &["name", "position", "nullable"], &expected)?;
        let types = told.names().iter().position(|name| *name == "type");
        let typed = types.is_some_and(|place| {
            told.rows.iter().all(|row| matches!(&row[place], Value::Text(name) if !name.is_empty()))
        });
        ensure(typed, "the types", "the name of each", show::rows(&told.rows))?;
    }
    Ok(())
}

fn a_primary_key_is_told_column_by_column(trial: &mut Trial) -> Step<()> {
    let columns = "a {integer} not null, b {integer} not null, c {integer}, primary key (b, a)";
    let table = trial.table(columns)?;
    let without = trial.table("a {integer}")?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::PrimaryKeys, &table)?;
        let expected: [&[Value]; 2] = [&["b".into(), 1.into()], &["a".into(), 2.into()]];
        expect(&told, "the primary key", &["column", "position"], &expected)?;
        let none = reflect(&mut session, ReflectKind::PrimaryKeys, &without)?;
        expect(&none, "no primary key", &["column", "position"], &[])?;
    }
    Ok(())
}

fn a_foreign_key_is_told_with_what_it_refers_to(trial: &mut Trial) -> Step<()> {
    let parent = trial.table("id {integer} not null primary key")?;
    let columns = format!("x {{integer}}, p {{integer}}, foreign key (p) references {parent} (id)");
    let child = trial.table(&columns)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::ForeignKeys, &child)?;
        let expected: &[Value] = &["p".into(), 1.into(), parent.as_str().into(), "id".into()];
        let columns = ["column", "position", "referred_table", "referred_column"];
        expect(&told, "the foreign key", &columns, &[expected])?;
        let none = reflect(&mut session, ReflectKind::ForeignKeys, &parent)?;
        expect(&none, "no foreign key", &columns, &[])?;
    }
    Ok(())
}

fn an_index_is_told_with_its_columns(trial: &mut Trial) -> Step<()> {
    let table = trial.table("a {integer}, b {integer}, c {integer}")?;
    let (one, other) = (format!("{table}_i"), format!("{table}_u"));
    trial.at_home(&format!("create index {one} on {table} (c, a)"))?;
    trial.at_home(&format!("create unique index {other} on {table} (b)"))?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let mut told = reflect(&mut session, ReflectKind::Indexes, &table)?;
        let columns = ["name", "unique", "column", "position"];
        // Indexes come in any order, the columns of one in the order of the index.
        let names = told.names();
        let name = names.iter().position(|column| *column == "name");
        let position = names.iter().position(|column| *column == "position");
        if let (Some(name), Some(position)) = (name, position) {
            told.rows.sort_by_key(|row| (show::value(&row[name]), whole(&row[position])));
        }
        let row = |name: &str, unique: bool, column: &str, position: i64| -> [Value; 4] {
            [name.into(), unique.into(), column.into(), position.into()]
        };
        let rows = [row(&one, false, "c", 1), row(&one, false, "a", 2), row(&other, true, "b", 1)];
        let expected: Vec<&[Value]> = rows.iter().map(|row| row.as_slice()).collect();
        expect(&told, "the indexes", &columns, &expected)?;
    }
    Ok(())
}

fn what_was_changed_is_told_at_once(trial: &mut Trial) -> Step<()> {
    let drop_table = trial.quirks().drop_table;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let table = trial.name();
        let none = reflect(&mut session, ReflectKind::Columns, &table)?;
        expect(&none, "before it was created", &["name"], &[])?;
        trial.table_named(&table, "a {integer}, b {integer}")?;
        let told = reflect(&mut session, ReflectKind::Columns, &table)?;
        let expected: [&[Value]; 2] = [&["a".into()], &["b".into()]];
        expect(&told, "after it was created", &["name"], &expected)?;
        trial.at_home(&crate::sql::fill(drop_table, &[("table", &table)]))?;
        let gone = reflect(&mut session, ReflectKind::Columns, &table)?;
        expect(&gone, "after it was dropped", &["name"], &[])?;
    }
    Ok(())
}
