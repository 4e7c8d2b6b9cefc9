//! Several results of one statement.

use aludel::Value;
use aludel::abi::host::ExecuteOptions;

use crate::case;
use crate::case::Case;
use crate::compare::rows_alike;
use crate::flaw::{Step, ensure};
use crate::quirks::Results;
use crate::session::{Answer, Rows, Session, done};
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Results,
        every_result_comes_in_its_order,
        [MultipleResults],
        "All results of a statement come, in their order, each with its rows.",
        "PEP 249, Cursor.nextset; ODBC, SQLMoreResults"
    ),
    case!(
        Results,
        each_result_has_columns_of_its_own,
        [MultipleResults],
        "Each result has its own columns, however many the one before had.",
        "PEP 249, Cursor.nextset, Cursor.description"
    ),
    case!(
        Results,
        a_result_without_rows_hides_none_that_follow,
        [MultipleResults],
        "A result without rows is a result, and those after it come.",
        "PEP 249, Cursor.nextset"
    ),
    case!(
        Results,
        results_that_are_not_read_leave_the_connection_free,
        [MultipleResults],
        "Who drops the first result drops the rest, and the next statement is answered.",
        "aludel: Statement::reset; MySQL manual, Commands out of sync"
    ),
    case!(
        Results,
        going_on_abandons_the_rest_of_a_result,
        [MultipleResults],
        "Going on to the next result abandons the rows of this one that were not read.",
        "PEP 249, Cursor.nextset: discarding any remaining rows"
    ),
];

/// The statement that gives these three results.
fn statement(trial: &mut Trial, queries: [&str; 3]) -> Step<String> {
    let words: Option<Results> = trial.quirks().results;
    let Some(words) = words else {
        return Err(trial.unsupported("the quirks know no statement of several results"));
    };
    let name = trial.name();
    let values = [
        ("name", name.as_str()),
        ("first", queries[0]),
        ("second", queries[1]),
        ("third", queries[2]),
    ];
    if let Some(create) = words.create {
        if let Some(drop) = words.drop {
            trial.will_run(fill(drop, &values));
        }
        trial.at_home(&fill(create, &values))?;
    }
    Ok(fill(words.execute, &values))
}

fn all(session: &mut Session, text: &str) -> Step<Vec<Answer>> {
    let prepared = session.prepare(text)?;
    let mut answers = session.results(&prepared, &[])?;
    session.close_statement(prepared);
    // What a procedure ends with has no columns.
    answers.retain(|answer| answer.columns.is_some());
    Ok(answers)
}

fn expect(answers: &[Answer], expected: &[Rows]) -> Step<()> {
    let (count, wanted) = (answers.len(), expected.len());
    ensure(count == wanted, "the results", format!("{wanted} of them"), format!("{count}"))?;
    for (number, (answer, rows)) in answers.iter().zip(expected).enumerate() {
        let what = format!("result {}", number + 1);
        let same = rows_alike(&answer.rows, rows);
        ensure(same, what, show::rows(rows), show::rows(&answer.rows))?;
    }
    Ok(())
}

fn row(values: &[i64]) -> Vec<Value> {
    values.iter().map(|value| Value::I64(*value)).collect()
}

fn every_result_comes_in_its_order(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3)?;
    let all_rows = format!("select n from {table} order by n");
    let text = statement(trial, ["select 10 as x", &all_rows, "select 20 as x"])?;
    let mut session = trial.connect()?;
    let expected = [vec![row(&[10])], vec![row(&[1]), row(&[2]), row(&[3])], vec![row(&[20])]];
    for _ in 0..ROUNDS {
        let answers = all(&mut session, &text)?;
        expect(&answers, &expected)?;
    }
    Ok(())
}

fn each_result_has_columns_of_its_own(trial: &mut Trial) -> Step<()> {
    let queries = ["select 1 as a", "select 2 as b, 3 as c, 4 as d", "select 5 as e, 6 as f"];
    let text = statement(trial, queries)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let answers = all(&mut session, &text)?;
        expect(&answers, &[vec![row(&[1])], vec![row(&[2, 3, 4])], vec![row(&[5, 6])]])?;
        let names: Vec<String> =
            answers.iter().map(|answer| answer.names().join(" ").to_lowercase()).collect();
        let what = "the names of the columns";
        ensure(names == ["a", "b c d", "e f"], what, "a; b c d; e f", names.join("; "))?;
    }
    Ok(())
}

fn a_result_without_rows_hides_none_that_follow(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let none = format!("select n from {table} where n > 3");
    let text = statement(trial, [&none, "select 7 as x", &none])?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let answers = all(&mut session, &text)?;
        expect(&answers, &[vec![], vec![row(&[7])], vec![]])?;
        session.expect(&format!("select count(*) from {table}"), round)?;
        // Rows that no result gives.
        session.run(&format!("insert into {table} (n) values (1)"), &[])?;
    }
    Ok(())
}

fn results_that_are_not_read_leave_the_connection_free(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let query = format!("select n from {table} order by n");
    let text = statement(trial, [&query, &query, "select 20 as x"])?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&text)?;
    for round in 0..ROUNDS as usize {
        // Dropped within the first result, and within the second.
        let value = {
            let options = ExecuteOptions::default();
            let executed = session.raw().execute(&prepared.statement, &(), options);
            let mut cursor = done("execute", executed)?;
            if round % 2 == 1 {
                let more = done("next_result", cursor.next_result())?;
                ensure(more, "next_result", "another one", "no more")?;
            }
            done("next", cursor.next())?.map(|row| row.owned_value(0)).transpose()
        };
        let value = done("read", value)?.unwrap_or(Value::Null);
        let is_first = crate::compare::alike(&value, &Value::I64(1));
        ensure(is_first, "the first row", "1", show::value(&value))?;
        session.expect(&format!("select count(*) from {table}"), 600)?;
        session.expect(&format!("select max(n) from {table}"), 600)?;
    }
    session.expect_alive()
}

fn going_on_abandons_the_rest_of_a_result(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(600)?;
    let query = format!("select n from {table} order by n");
    let text = statement(trial, [&query, "select 7 as x", "select 8 as x"])?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&text)?;
    for _ in 0..ROUNDS {
        let options = ExecuteOptions::default();
        let mut seen = Vec::new();
        {
            let executed = session.raw().execute(&prepared.statement, &(), options);
            let mut cursor = done("execute", executed)?;
            for goes_on in [true, true, false] {
                let row = done("next", cursor.next())?;
                let value = row.map(|row| row.owned_value(0)).transpose();
                seen.push(done("read", value)?.unwrap_or(Value::Null));
                if goes_on {
                    let more = done("next_result", cursor.next_result())?;
                    ensure(more, "next_result", "another one", "no more")?;
                }
            }
        }
        let same = crate::compare::row_alike(&seen, &row(&[1, 7, 8]));
        ensure(same, "the first row of each", "(1, 7, 8)", show::row(&seen))?;
    }
    session.expect(&format!("select count(*) from {table}"), 600)
}
