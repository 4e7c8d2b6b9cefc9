//! Reflection beside tables and columns: views, unique constraints, schemas, names with odd letters.

use aludel::Value;
use aludel::dbapi::{ReflectFilter, ReflectKind};

use super::reflection::{expect, reflect};
use crate::case;
use crate::case::Case;
use crate::flaw::{Step, ensure};
use crate::session::Answer;
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Reflection,
        a_view_is_told_with_its_definition,
        [Reflection],
        "A view is told as one, with the query that defines it.",
        "aludel: ReflectKind::Views, ReflectKind::Tables; ISO/IEC 9075-11, VIEWS"
    ),
    case!(
        Reflection,
        a_unique_constraint_is_told_column_by_column,
        [Reflection],
        "A unique constraint has a row for each column, in its order; the primary key is none.",
        "aludel: ReflectKind::UniqueConstraints; ISO/IEC 9075-11, KEY_COLUMN_USAGE"
    ),
    case!(
        Reflection,
        every_table_is_told_where_no_name_is_given,
        [Reflection],
        "Without a filter all tables are told, among them those that were just made.",
        "aludel: ReflectFilter: what is empty is not restricted"
    ),
    case!(
        Reflection,
        a_name_is_no_pattern,
        [Reflection],
        "`_` and `%` in the name of a table stand for themselves.",
        "aludel: ReflectFilter::table"
    ),
    case!(
        Reflection,
        a_name_may_hold_any_character,
        [Reflection],
        "Names are taken and told as they are: spaces, quotes, upper case, other alphabets.",
        "ISO/IEC 9075-2, 5.2: <delimited identifier>"
    ),
    case!(
        Reflection,
        the_schema_of_a_table_is_one_of_the_schemas,
        [Reflection],
        "The schema that a table is told with is among the schemas, and finds the table again.",
        "aludel: ReflectKind::Schemas, ReflectFilter::schema"
    ),
];

/// The texts of a column.
fn texts(answer: &Answer, column: &str) -> Vec<String> {
    let place = answer.names().iter().position(|name| *name == column);
    let text = |row: &Vec<Value>| match place.and_then(|place| row.get(place)) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    answer.rows.iter().filter_map(text).collect()
}

fn a_view_is_told_with_its_definition(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let view = trial.name();
    trial.will_run(format!("drop view {view}"));
    trial.at_home(&format!("create view {view} as select n from {table} where n = 4711"))?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::Tables, &view)?;
        expect(&told, "the view", &["name", "kind"], &[&[view.as_str().into(), "view".into()]])?;
        let told = reflect(&mut session, ReflectKind::Views, &view)?;
        expect(&told, "the view", &["name"], &[&[view.as_str().into()]])?;
        let definition = texts(&told, "definition").concat();
        let holds = definition.contains("4711") && definition.contains(&table);
        ensure(holds, "the definition", format!("4711 of {table}"), definition)?;
        let none = reflect(&mut session, ReflectKind::Views, &table)?;
        expect(&none, "a table among the views", &["name"], &[])?;
    }
    Ok(())
}

fn a_unique_constraint_is_told_column_by_column(trial: &mut Trial) -> Step<()> {
    let columns = "a {integer} not null primary key, b {integer} not null, c {integer} not null, \
                   unique (c, b)";
    let table = trial.table(columns)?;
    let without = trial.table("a {integer} not null primary key")?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::UniqueConstraints, &table)?;
        let expected: [&[Value]; 2] = [&["c".into(), 1.into()], &["b".into(), 2.into()]];
        expect(&told, "the unique constraint", &["column", "position"], &expected)?;
        let none = reflect(&mut session, ReflectKind::UniqueConstraints, &without)?;
        expect(&none, "no unique constraint", &["column"], &[])?;
    }
    Ok(())
}

fn every_table_is_told_where_no_name_is_given(trial: &mut Trial) -> Step<()> {
    let mut session = trial.connect()?;
    let mut tables = Vec::new();
    for _ in 0..ROUNDS {
        tables.push(trial.filled_table(1)?);
        let told = texts(&reflect(&mut session, ReflectKind::Tables, "")?, "name");
        for table in &tables {
            let found = told.iter().filter(|name| name.eq_ignore_ascii_case(table)).count();
            ensure(found == 1, "all tables", format!("{table} once"), found.to_string())?;
        }
    }
    Ok(())
}

fn a_name_is_no_pattern(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    // Another one that the name would match if it were a pattern.
    trial.table_named(&table.replace('_', "x"), "b {integer}")?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::Tables, &table)?;
        expect(&told, "the table", &["name"], &[&[table.as_str().into()]])?;
        let told = reflect(&mut session, ReflectKind::Columns, &table)?;
        expect(&told, "its columns", &["name"], &[&["n".into()], &["s".into()]])?;
        let told = reflect(&mut session, ReflectKind::Tables, &format!("{}%", &table[..4]))?;
        expect(&told, "a name with %", &["name"], &[])?;
    }
    Ok(())
}

fn a_name_may_hold_any_character(trial: &mut Trial) -> Step<()> {
    let rules = trial.target().info().rules;
    let mut session = trial.connect()?;
    for odd in ["two words", "it's", "a\"b", "Upper", "ůž", "semi;colon", "back\\slash", "x--y"] {
        trial.tried();
        let name = format!("{}{odd}", trial.name());
        let quoted = rules.quote_identifier(&name);
        let column = rules.quote_identifier(odd);
        trial.table_named(&quoted, &format!("{column} {{integer}}"))?;
        for _ in 0..ROUNDS {
            let told = reflect(&mut session, ReflectKind::Tables, &name)?;
            let got = texts(&told, "name");
            ensure(got == [name.clone()], "the table", name.clone(), format!("{got:?}"))?;
            let told = reflect(&mut session, ReflectKind::Columns, &name)?;
            let got = texts(&told, "name");
            ensure(got == [odd], "its column", odd, format!("{got:?}"))?;
        }
    }
    Ok(())
}

fn the_schema_of_a_table_is_one_of_the_schemas(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let told = reflect(&mut session, ReflectKind::Tables, &table)?;
        let schema = texts(&told, "schema").concat();
        let schemas = texts(&reflect(&mut session, ReflectKind::Schemas, "")?, "name");
        ensure(schemas.contains(&schema), "the schemas", &schema, format!("{schemas:?}"))?;
        for (schema, found) in [(schema.as_str(), 1), ("kit_no_such_schema", 0)] {
            let filter = ReflectFilter { schema, table: &table, ..ReflectFilter::default() };
            let told = session.reflect(ReflectKind::Tables, &filter)?;
            let what = format!("the table in {schema}");
            let got = show::rows(&told.rows);
            ensure(told.rows.len() == found, what, format!("{found} rows"), got)?;
        }
    }
    Ok(())
}
