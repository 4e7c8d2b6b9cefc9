//! Executing statements: results, columns, and what changes between two executions.

use aludel::Value;
use aludel::abi::host::ExecuteOptions;

use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::session::{Session, done};
use crate::trial::{ROUNDS, Trial};
use crate::{show, sql};

pub(super) const CASES: &[Case] = &[
    case!(
        Execute,
        a_select_gives_values_and_names_in_the_order_of_its_list,
        [],
        "Columns come in the order of the select list, under the names that AS gives them.",
        "ISO/IEC 9075-2, 7.16 <query specification>; PEP 249, Cursor.description"
    ),
    case!(
        Execute,
        an_empty_result_has_columns_and_no_rows,
        [],
        "A query without rows is a result with columns all the same.",
        "PEP 249, Cursor.description; aludel: Statement::execute"
    ),
    case!(
        Execute,
        columns_of_the_same_name_are_all_there,
        [],
        "Names of columns may repeat; each column keeps its place and its value.",
        "ISO/IEC 9075-2, 7.16 <query specification>"
    ),
    case!(
        Execute,
        a_statement_without_a_result_has_no_columns,
        [],
        "DDL and INSERT return no rows, which is not the same as a result without rows.",
        "PEP 249, Cursor.description is None"
    ),
    case!(
        Execute,
        a_prepared_statement_is_executed_again_and_again,
        [],
        "Each execution of a prepared statement sees the data of its own time.",
        "aludel: Statement::execute"
    ),
    case!(
        Execute,
        a_prepared_statement_sees_that_its_table_has_changed,
        [],
        "After DDL a prepared statement gives the new columns, or an error; never stale ones.",
        "aludel: RowWriter::columns_epoch; ISO/IEC 9075-2, 20.7 <prepare statement>"
    ),
    case!(
        Execute,
        a_result_may_have_as_many_columns_as_the_database_allows,
        [],
        "A result as wide as the database allows arrives with every column in its place.",
        "aludel: RowWriter::columns; the database's manual, limits"
    ),
    case!(
        Execute,
        several_results_are_open_at_once,
        [MultipleActive],
        "Several results of a connection may be open at once, and none disturbs another.",
        "aludel: Capability::MultipleActive"
    )
    // The host makes do for who does not declare it.
    .only_declared(),
];

fn a_select_gives_values_and_names_in_the_order_of_its_list(trial: &mut Trial) -> Step<()> {
    let nothing = trial.quirks().from_nothing;
    let text = format!("select 1 as one, 'two' as two, 3 as three, 'four' as four{nothing}");
    let mut session = trial.connect()?;
    let expected = vec![vec![1.into(), "two".into(), 3.into(), "four".into()]];
    for _ in 0..ROUNDS {
        let answer = session.query(&text, &[])?;
        let names: Vec<String> = answer.names().iter().map(|name| name.to_lowercase()).collect();
        if names != ["one", "two", "three", "four"] {
            return Err(session.wrong(&text, &[], "one, two, three, four", &names.join(", ")));
        }
        session.expect_rows(&text, &[], &expected)?;
    }
    Ok(())
}

fn an_empty_result_has_columns_and_no_rows(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        // The control: the same query with a row.
        for (number, rows) in [(1, 1), (1000 + round, 0)] {
            let text = format!("select n, s from {table} where n = {number}");
            let answer = session.query(&text, &[])?;
            if answer.names().len() != 2 {
                return Err(session.wrong(&text, &[], "two columns", &format!("{answer:?}")));
            }
            if answer.rows.len() != rows {
                let (expected, got) = (format!("{rows} rows"), show::rows(&answer.rows));
                return Err(session.wrong(&text, &[], &expected, &got));
            }
        }
    }
    Ok(())
}

fn columns_of_the_same_name_are_all_there(trial: &mut Trial) -> Step<()> {
    let nothing = trial.quirks().from_nothing;
    let text = format!("select 1 as x, 2 as x, 3 as y, 4 as x{nothing}");
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let answer = session.query(&text, &[])?;
        let names: Vec<String> = answer.names().iter().map(|name| name.to_lowercase()).collect();
        if names != ["x", "x", "y", "x"] {
            return Err(session.wrong(&text, &[], "the names x, x, y, x", &names.join(", ")));
        }
        session.expect_rows(&text, &[], &vec![vec![1.into(), 2.into(), 3.into(), 4.into()]])?;
    }
    Ok(())
}

fn a_statement_without_a_result_has_no_columns(trial: &mut Trial) -> Step<()> {
    let table = trial.name();
    trial.will_drop(&table);
    let columns = trial.quirks().spell("n {integer}");
    let mut session = trial.connect()?;
    for text in [
        format!("create table {table} ({columns})"),
        format!("insert into {table} (n) values (1)"),
        format!("update {table} set n = 2"),
        format!("delete from {table} where n = 3"),
    ] {
        let answer = session.query(&text, &[])?;
        if answer.columns.is_some() {
            return Err(session.wrong(&text, &[], "no result", &format!("{:?}", answer.columns)));
        }
    }
    // The control: all of it has happened.
    session.expect(&format!("select n from {table}"), 2)
}

fn a_prepared_statement_is_executed_again_and_again(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let (mut reader, mut writer) = (trial.connect()?, trial.connect()?);
    let sum = reader.prepare(&format!("select count(*), max(n) from {table}"))?;
    for round in 1..=3 * ROUNDS {
        writer.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        let answer = reader.execute(&sum, &[])?;
        let expected = vec![vec![round.into(), round.into()]];
        if !crate::compare::rows_alike(&answer.rows, &expected) {
            let (expected, got) = (show::rows(&expected), show::rows(&answer.rows));
            return Err(reader.wrong(&sum.sql, &[], &expected, &got));
        }
    }
    Ok(())
}

fn a_prepared_statement_sees_that_its_table_has_changed(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let table = trial.filled_table(1)?;
        let all = session.prepare(&format!("select * from {table}"))?;
        let before = session.execute(&all, &[])?;
        let expected = vec![vec![1.into(), "row 1".into()]];
        expect_answer(&session, &all.sql, &before.rows, &expected)?;
        let column = quirks.spell(&format!("added{round} {{integer}}"));
        let add = sql::fill(quirks.add_column, &[("table", &table), ("column", &column)]);
        trial.at_home(&add)?;
        trial.at_home(&format!("update {table} set added{round} = {round}"))?;
        // A driver that cannot prepare again may say so once; stale columns are never right.
        let after = match session.execute(&all, &[]) {
            Ok(after) => after,
            Err(_) => session.execute(&all, &[])?,
        };
        let expected = vec![vec![1.into(), "row 1".into(), round.into()]];
        expect_answer(&session, &all.sql, &after.rows, &expected)?;
        let names = after.names().join(", ").to_lowercase();
        if names != format!("n, s, added{round}") {
            return Err(session.wrong(&all.sql, &[], "the new column", &names));
        }
        session.close_statement(all);
    }
    Ok(())
}

/// Fails unless these rows came.
pub(super) fn expect_answer(
    session: &Session,
    text: &str,
    rows: &[Vec<Value>],
    expected: &[Vec<Value>],
) -> Step<()> {
    match crate::compare::rows_alike(rows, expected) {
        true => Ok(()),
        false => Err(session.wrong(text, &[], &show::rows(expected), &show::rows(rows))),
    }
}

fn a_result_may_have_as_many_columns_as_the_database_allows(trial: &mut Trial) -> Step<()> {
    let quirks = trial.quirks();
    let most = if quirks.max_columns == 0 { 100 } else { i64::from(quirks.max_columns) };
    let mut session = trial.connect()?;
    for width in [1, 12, 255, 256, 257, most] {
        let width = width.min(most);
        trial.tried();
        let list: Vec<String> = (1..=width).map(|n| format!("{n} as c{n}")).collect();
        let text = format!("select {}{}", list.join(", "), quirks.from_nothing);
        let answer = session.query(&text, &[])?;
        let named = answer.names().last().map(|name| name.to_lowercase());
        let expected = vec![(1..=width).map(Value::from).collect::<Vec<_>>()];
        expect_answer(&session, &text, &answer.rows, &expected)?;
        if named != Some(format!("c{width}")) {
            return Err(session.wrong(&text, &[], &format!("c{width}"), &format!("{named:?}")));
        }
    }
    Ok(())
}

fn several_results_are_open_at_once(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let text = format!("select s from {table} where n >= ? order by n");
        let prepared = session.prepare(&text)?;
        let options = ExecuteOptions::default();
        let connection = session.raw();
        let executed = connection.execute(&prepared.statement, &[round], options);
        let mut cursor = done("execute", executed)?;
        let row = done("next", cursor.next())?;
        let first = match row {
            Some(row) => done("read", row.owned_value(0))?,
            None => Value::Null,
        };
        // A cursor that is forgotten is not abandoned: its result stays open.
        std::mem::forget(cursor);
        let expected = Value::from(format!("row {round}"));
        if first != expected {
            let (expected, got) = (show::value(&expected), show::value(&first));
            return Err(session.wrong(&text, &[round.into()], &expected, &got));
        }
        session.expect(&format!("select count(*) from {table}"), 600)?;
    }
    session.expect_alive()
}
