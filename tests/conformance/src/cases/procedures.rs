//! Stored procedures: parameters in, in and out, and out.

use aludel::Value;
use aludel::dbapi::ParamDirection;

use crate::case;
use crate::case::Case;
use crate::compare::row_alike;
use crate::flaw::{Step, ensure};
use crate::session::{Answer, Session, refused};
use crate::show;
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Procedures,
        out_parameters_are_the_last_result,
        [CallProcedure],
        "The values of parameters that come out are the one row of the last result.",
        "PEP 249, Cursor.callproc; aludel: RowWriter::out_parameters"
    ),
    case!(
        Procedures,
        out_parameters_stand_in_the_order_of_their_declaration,
        [CallProcedure],
        "Of several parameters that come out each has its place and its name.",
        "PEP 249, Cursor.callproc; ISO/IEC 9075-2, 16.1 <call statement>"
    ),
    case!(
        Procedures,
        a_call_is_executed_again_with_other_parameters,
        [CallProcedure],
        "A prepared call takes the parameters of each execution.",
        "aludel: Connection::prepare_call, Statement::execute"
    ),
    case!(
        Procedures,
        null_goes_in_and_comes_out,
        [CallProcedure],
        "NULL is a value of parameters that go in and of those that come out.",
        "ISO/IEC 9075-2, 16.1 <call statement>"
    ),
    case!(
        Procedures,
        a_procedure_that_is_not_there_is_a_programming_error,
        [CallProcedure],
        "The call of an unknown procedure is a ProgrammingError with an SQLSTATE of class 42.",
        "PEP 249, ProgrammingError; ISO/IEC 9075-2, 24.1 SQLSTATE"
    ),
    case!(
        Procedures,
        results_of_a_procedure_come_before_its_out_parameters,
        [CallProcedure, MultipleResults],
        "What a procedure selects comes first, then the row of its out parameters.",
        "PEP 249, Cursor.callproc, Cursor.nextset"
    ),
];

const DIRECTIONS: [ParamDirection; 3] =
    [ParamDirection::In, ParamDirection::InOut, ParamDirection::Out];

/// A procedure of the parameters a, b and total, and whether it gives a result.
fn procedure(trial: &mut Trial) -> Step<(String, bool)> {
    let Some(words) = trial.quirks().procedures else {
        return Err(trial.unsupported("the quirks know no procedures"));
    };
    let name = trial.name();
    let values = [("name", name.as_str())];
    trial.will_run(fill(words.drop, &values));
    trial.at_home(&fill(words.create, &values))?;
    Ok((name, words.gives_result))
}

/// Calls a procedure; its results, with the out parameters at the end.
fn call(session: &mut Session, name: &str, params: &[Value; 3]) -> Step<Vec<Answer>> {
    let prepared = session.prepare_call(name, &DIRECTIONS)?;
    let answers = session.results(&prepared, params);
    session.close_statement(prepared);
    answers
}

fn numbers(a: i64, b: i64) -> [Value; 3] {
    [a.into(), b.into(), Value::Null]
}

/// Fails unless the last result is this row of out parameters, and no other is.
fn expect_out(answers: &[Answer], expected: &[Value]) -> Step<()> {
    let marked = answers.iter().filter(|answer| answer.is_out_parameters).count();
    let last = answers.last().filter(|answer| answer.is_out_parameters);
    let Some(last) = last.filter(|_| marked == 1) else {
        let got = format!("{marked} of {} results are", answers.len());
        return ensure(false, "out parameters", "the last result and no other", got);
    };
    let same = last.rows.len() == 1 && row_alike(&last.rows[0], expected);
    ensure(same, "the out parameters", show::row(expected), show::rows(&last.rows))
}

fn out_parameters_are_the_last_result(trial: &mut Trial) -> Step<()> {
    let (name, _) = procedure(trial)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let answers = call(&mut session, &name, &numbers(1, round))?;
        expect_out(&answers, &[(2 * round).into(), (1 + round).into()])?;
    }
    Ok(())
}

fn out_parameters_stand_in_the_order_of_their_declaration(trial: &mut Trial) -> Step<()> {
    let (name, _) = procedure(trial)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let answers = call(&mut session, &name, &numbers(100 + round, 5))?;
        expect_out(&answers, &[10.into(), (105 + round).into()])?;
        let names = answers.last().map(|answer| answer.names().join(", ").to_lowercase());
        let got = names.unwrap_or_default();
        ensure(got == "b, total", "the names of the out parameters", "b, total", got.clone())?;
    }
    Ok(())
}

fn a_call_is_executed_again_with_other_parameters(trial: &mut Trial) -> Step<()> {
    let (name, _) = procedure(trial)?;
    let mut session = trial.connect()?;
    let prepared = session.prepare_call(&name, &DIRECTIONS)?;
    for round in 0..2 * ROUNDS {
        let answers = session.results(&prepared, &numbers(round, 3 * round))?;
        expect_out(&answers, &[(6 * round).into(), (4 * round).into()])?;
    }
    session.close_statement(prepared);
    session.expect_alive()
}

fn null_goes_in_and_comes_out(trial: &mut Trial) -> Step<()> {
    let (name, _) = procedure(trial)?;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let answers = call(&mut session, &name, &[Value::Null, round.into(), Value::Null])?;
        expect_out(&answers, &[(2 * round).into(), Value::Null])?;
        let answers = call(&mut session, &name, &numbers(round, 1))?;
        expect_out(&answers, &[2.into(), (round + 1).into()])?;
    }
    Ok(())
}

fn a_procedure_that_is_not_there_is_a_programming_error(trial: &mut Trial) -> Step<()> {
    let (name, _) = procedure(trial)?;
    let missing = format!("{name}_missing");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        // The error may come when the call is prepared, or when it is executed.
        session.note(&format!("call of {missing}"));
        let limits = aludel::abi::host::Limits::NONE;
        let result = match session.raw().prepare_call(&missing, &DIRECTIONS, limits) {
            Err(error) => Err(error),
            Ok(statement) => {
                let prepared = crate::session::Prepared { statement, sql: missing.clone() };
                let answer = session.try_execute(&prepared, &numbers(1, round));
                session.close_statement(prepared);
                answer.map(drop)
            }
        };
        let error = refused(&format!("call of {missing}"), result)?;
        let kind = aludel::ErrorKind::Programming;
        super::errors::expect_class(&session, &missing, &error, kind, "42")?;
        let answers = call(&mut session, &name, &numbers(1, round))?;
        expect_out(&answers, &[(2 * round).into(), (1 + round).into()])?;
    }
    Ok(())
}

fn results_of_a_procedure_come_before_its_out_parameters(trial: &mut Trial) -> Step<()> {
    let (name, gives_result) = procedure(trial)?;
    if !gives_result {
        return Err(trial.unsupported("procedures give no results"));
    }
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        let answers = call(&mut session, &name, &numbers(4, round))?;
        expect_out(&answers, &[(2 * round).into(), (4 + round).into()])?;
        let rows: Vec<&Vec<Value>> = answers
            .iter()
            .filter(|answer| !answer.is_out_parameters)
            .flat_map(|answer| &answer.rows)
            .collect();
        let expected = [4.into(), round.into()];
        let same = rows.len() == 1 && row_alike(rows[0], &expected);
        ensure(same, "the result", show::row(&expected), format!("{rows:?}"))?;
    }
    Ok(())
}
