//! Parameters: their places, their number, and what they may hold.

use aludel::Value;

use crate::case;
use crate::case::Case;
use crate::compare::rows_alike;
use crate::flaw::Step;
use crate::show;
use crate::sql::marks;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Parameters,
        each_parameter_goes_to_its_own_place,
        [],
        "Parameters are bound in the order of the placeholders.",
        "PEP 249, paramstyle and Cursor.execute"
    ),
    case!(
        Parameters,
        a_statement_takes_other_values_each_time,
        [],
        "Each execution uses its own parameters; none is left over from the one before.",
        "PEP 249, Cursor.execute"
    ),
    case!(
        Parameters,
        a_statement_takes_values_of_other_kinds_the_next_time,
        [],
        "The kinds of a prepared statement's parameters may differ from execution to execution.",
        "PEP 249, Cursor.execute; aludel: Statement::execute"
    ),
    case!(
        Parameters,
        null_replaces_the_value_of_the_time_before,
        [],
        "NULL as a parameter is NULL, whatever stood there before.",
        "PEP 249, Type Objects and Constructors: None"
    ),
    case!(
        Parameters,
        empty_text_is_not_null,
        [],
        "Empty text and NULL are two values (but not in Oracle, which the quirks say).",
        "ISO/IEC 9075-2, 4.2 Character strings"
    ),
    case!(
        Parameters,
        too_few_parameters_are_refused,
        [],
        "A statement with missing parameters is refused, and works with all of them afterwards.",
        "PEP 249, ProgrammingError: wrong number of parameters specified"
    ),
    case!(
        Parameters,
        too_many_parameters_are_refused,
        [],
        "A statement with extra parameters is refused, and works without them afterwards.",
        "PEP 249, ProgrammingError: wrong number of parameters specified"
    ),
    case!(
        Parameters,
        a_prepared_statement_knows_its_parameters,
        [DescribeParameters],
        "A prepared statement tells how many parameters it takes before it is executed.",
        "aludel: Statement::parameters"
    ),
];

fn each_parameter_goes_to_its_own_place(trial: &mut Trial) -> Step<()> {
    let columns: Vec<String> = (1..=12).map(|n| format!("c{n} {{integer}}")).collect();
    let table = trial.table(&columns.join(", "))?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let values: Vec<Value> = (0..12).map(|n| (round * 100 + n).into()).collect();
        session.run(&format!("insert into {table} values ({})", marks(12)), &values)?;
        let text = format!("select * from {table} where c3 = ? and c1 = ? and c12 = ?");
        let params = [values[2].clone(), values[0].clone(), values[11].clone()];
        session.expect_rows(&text, &params, &vec![values.clone()])?;
        // The same parameters in other places must not match.
        let swapped = [values[0].clone(), values[2].clone(), values[11].clone()];
        session.expect_rows(&text, &swapped, &Vec::new())?;
    }
    Ok(())
}

fn a_statement_takes_other_values_each_time(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(3 * ROUNDS)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare(&format!("select n, s from {table} where n = ? or s = ?"))?;
    for round in 1..=ROUNDS {
        for (n, s) in [(round, "none"), (-1, &*format!("row {}", round + ROUNDS))] {
            let params = [n.into(), s.into()];
            let answer = session.execute(&prepared, &params)?;
            let found = if n == -1 { round + ROUNDS } else { round };
            let expected = vec![vec![found.into(), format!("row {found}").into()]];
            if !rows_alike(&answer.rows, &expected) {
                let (expected, got) = (show::rows(&expected), show::rows(&answer.rows));
                return Err(session.wrong(&prepared.sql, &params, &expected, &got));
            }
        }
    }
    Ok(())
}

fn a_statement_takes_values_of_other_kinds_the_next_time(trial: &mut Trial) -> Step<()> {
    let table = trial.table("id {integer}, x {float}")?;
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} (id, x) values (?, ?)"))?;
    let read = session.prepare(&format!("select x from {table} where id = ?"))?;
    let kinds = [
        (Value::F64(2.5), Value::F64(2.5)),
        (Value::I64(3), Value::F64(3.0)),
        (Value::Null, Value::Null),
        (Value::F32(0.5), Value::F64(0.5)),
        (Value::U64(7), Value::F64(7.0)),
    ];
    for round in 0..2 * ROUNDS {
        let (value, back) = &kinds[round as usize % kinds.len()];
        session.execute(&insert, &[round.into(), value.clone()])?;
        let answer = session.execute(&read, &[round.into()])?;
        if !rows_alike(&answer.rows, &[vec![back.clone()]]) {
            let (expected, got) = (show::value(back), show::rows(&answer.rows));
            return Err(session.wrong(&insert.sql, std::slice::from_ref(value), &expected, &got));
        }
    }
    Ok(())
}

fn null_replaces_the_value_of_the_time_before(trial: &mut Trial) -> Step<()> {
    let table = trial.table("id {integer}, a {integer}, b {text}, c {blob}, d {float}")?;
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} values ({})", marks(5)))?;
    let values = [7.into(), "text".into(), Value::Bytes(vec![1, 2]), 0.25.into()];
    for round in 0..3 * ROUNDS {
        let mut params = vec![Value::from(round)];
        params.extend(values.iter().cloned());
        // Another place is NULL in each round, in every second one all of them are.
        for (place, param) in params.iter_mut().enumerate().skip(1) {
            if round % 2 == 1 || place as i64 == round / 2 % 4 + 1 {
                *param = Value::Null;
            }
        }
        session.execute(&insert, &params)?;
        let text = format!("select * from {table} where id = {round}");
        session.expect_rows(&text, &[], &vec![params])?;
    }
    Ok(())
}

fn empty_text_is_not_null(trial: &mut Trial) -> Step<()> {
    let table = trial.table("id {integer}, s {text}")?;
    let is_null = trial.quirks().empty_text_is_null;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let insert = format!("insert into {table} (id, s) values (?, ?)");
        session.run(&insert, &[(2 * round).into(), "".into()])?;
        session.run(&insert, &[(2 * round + 1).into(), Value::Null])?;
        let empty = if is_null { Value::Null } else { "".into() };
        let text = format!("select s from {table} where id >= {} order by id", 2 * round);
        session.expect_rows(&text, &[], &vec![vec![empty], vec![Value::Null]])?;
        let nulls = if is_null { 2 * round + 2 } else { round + 1 };
        session.expect(&format!("select count(*) from {table} where s is null"), nulls)?;
    }
    Ok(())
}

fn too_few_parameters_are_refused(trial: &mut Trial) -> Step<()> {
    refuses_other_numbers(trial, &[0, 1])
}

fn too_many_parameters_are_refused(trial: &mut Trial) -> Step<()> {
    refuses_other_numbers(trial, &[3, 12])
}

fn refuses_other_numbers(trial: &mut Trial, numbers: &[usize]) -> Step<()> {
    let table = trial.table("a {integer}, b {integer}")?;
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} (a, b) values (?, ?)"))?;
    for round in 1..=ROUNDS {
        session.execute(&insert, &[round.into(), 2.into()])?;
        for number in numbers {
            let params = vec![Value::from(9); *number];
            session.refusal_of(&insert, &params)?;
        }
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    session.expect(&format!("select count(*) from {table} where a = 9 and b = 9"), 0)
}

fn a_prepared_statement_knows_its_parameters(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for count in 1..=ROUNDS as usize {
        let text = format!("select n from {table} where n in ({})", marks(count));
        let prepared = session.prepare(&text)?;
        let known = session.raw().parameters(&prepared.statement);
        let known = crate::session::done("parameters", known)?.map(|known| known.len());
        if known != Some(count) {
            let (expected, got) = (format!("{count} parameters"), format!("{known:?}"));
            return Err(session.wrong(&text, &[], &expected, &got));
        }
        let params = vec![Value::from(1); count];
        let answer = session.execute(&prepared, &params)?;
        if answer.rows.len() != 1 {
            return Err(session.wrong(&text, &params, "one row", &show::rows(&answer.rows)));
        }
        session.close_statement(prepared);
    }
    Ok(())
}
