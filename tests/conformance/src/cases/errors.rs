//! Errors: their class, their SQLSTATE, what they tell, and what works afterwards.

use aludel::abi::host::Limits;
use aludel::dbapi::TransactionState;
use aludel::{Error, ErrorKind};

use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::session::{Session, done};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Errors,
        a_syntax_error_is_a_programming_error,
        [],
        "SQL that cannot be parsed is a ProgrammingError with an SQLSTATE of class 42.",
        "PEP 249, ProgrammingError; ISO/IEC 9075-2, 24.1 SQLSTATE"
    ),
    case!(
        Errors,
        a_table_that_is_not_there_is_a_programming_error,
        [],
        "An unknown table is a ProgrammingError with an SQLSTATE of class 42.",
        "PEP 249, ProgrammingError: table not found or already exists"
    ),
    case!(
        Errors,
        a_column_that_is_not_there_is_a_programming_error,
        [],
        "An unknown column is a ProgrammingError with an SQLSTATE of class 42.",
        "PEP 249, ProgrammingError; ISO/IEC 9075-2, 24.1 SQLSTATE"
    ),
    case!(
        Errors,
        a_table_that_is_there_already_is_refused,
        [],
        "CREATE TABLE for a name that is taken is a ProgrammingError, and the table stays.",
        "PEP 249, ProgrammingError: table not found or already exists"
    ),
    case!(
        Errors,
        a_value_out_of_range_is_a_data_error,
        [],
        "A computed value that is out of range is a DataError with an SQLSTATE of class 22.",
        "PEP 249, DataError; ISO/IEC 9075-2, 24.1 SQLSTATE 22003"
    ),
    case!(
        Errors,
        a_division_by_zero_is_a_data_error,
        [],
        "A division by zero is a DataError with SQLSTATE 22012, where it is an error.",
        "PEP 249, DataError: division by zero; ISO/IEC 9075-2, 24.1 SQLSTATE 22012"
    ),
    case!(
        Errors,
        an_error_tells_its_statement_and_its_dialect,
        [],
        "An error carries a message, the name of the dialect, and no SQL text but its own.",
        "aludel: Error::statement, Error::dialect"
    ),
    case!(
        Errors,
        a_connection_is_usable_after_an_error,
        [],
        "An error of a statement leaves the connection usable and is no disconnect.",
        "PEP 249, Exceptions; aludel: Error::is_disconnect"
    ),
    case!(
        Errors,
        a_statement_is_usable_after_an_error,
        [],
        "A prepared statement whose execution failed works with other parameters.",
        "aludel: Statement::execute"
    ),
    case!(
        Errors,
        a_transaction_goes_on_or_is_known_to_be_aborted_after_an_error,
        [Transactions],
        "After an error the transaction either goes on whole, or is aborted until it is rolled back.",
        "aludel: TransactionState::Aborted; PostgreSQL manual, SQLSTATE 25P02"
    ),
];

fn a_syntax_error_is_a_programming_error(trial: &mut Trial) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for text in ["selec 42", "select 42 from", "select (42", "insert into", "no statement"] {
        trial.tried();
        for _ in 0..ROUNDS {
            session.expect(&query, 42)?;
            let error = session.refusal(text, &[])?;
            expect_class(&session, text, &error, ErrorKind::Programming, "42")?;
        }
    }
    Ok(())
}

/// Fails unless the error is of this class and its SQLSTATE begins so.
pub(super) fn expect_class(
    session: &Session,
    text: &str,
    error: &Error,
    kind: ErrorKind,
    state: &str,
) -> Step<()> {
    let has_state = error.sqlstate().is_some_and(|given| given.starts_with(state));
    match error.kind() == kind && has_state {
        true => Ok(()),
        false => {
            let expected = format!("{kind} with SQLSTATE {state}…");
            Err(session.wrong(text, &[], &expected, &show::error(error)))
        }
    }
}

fn a_table_that_is_not_there_is_a_programming_error(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        for (there, missing) in [
            (format!("select n from {table}"), format!("select n from {table}_missing")),
            (format!("update {table} set n = 1"), format!("update {table}_missing set n = 1")),
        ] {
            session.run(&there, &[])?;
            let error = session.refusal(&missing, &[])?;
            expect_class(&session, &missing, &error, ErrorKind::Programming, "42")?;
        }
        session.expect(&format!("select n from {table}"), 1)?;
    }
    Ok(())
}

fn a_column_that_is_not_there_is_a_programming_error(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect(&format!("select n from {table}"), 1)?;
        let text = format!("select missing from {table}");
        let error = session.refusal(&text, &[])?;
        expect_class(&session, &text, &error, ErrorKind::Programming, "42")?;
    }
    Ok(())
}

fn a_table_that_is_there_already_is_refused(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(2)?;
    let columns = trial.quirks().spell("x {integer}");
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let text = format!("create table {table} ({columns})");
        let error = session.refusal(&text, &[])?;
        expect_class(&session, &text, &error, ErrorKind::Programming, "42")?;
        session.expect(&format!("select count(n) from {table}"), 2)?;
    }
    Ok(())
}

fn a_value_out_of_range_is_a_data_error(trial: &mut Trial) -> Step<()> {
    let Some(text) = trial.quirks().out_of_range else {
        return Err(trial.unsupported("the quirks know no value that is out of range"));
    };
    is_a_data_error(trial, text, "22")
}

fn a_division_by_zero_is_a_data_error(trial: &mut Trial) -> Step<()> {
    let Some(text) = trial.quirks().division_by_zero else {
        return Err(trial.unsupported("the quirks know no division by zero that is an error"));
    };
    is_a_data_error(trial, text, "22012")
}

fn is_a_data_error(trial: &mut Trial, text: &str, state: &str) -> Step<()> {
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
        let error = session.refusal(text, &[])?;
        expect_class(&session, text, &error, ErrorKind::Data, state)?;
    }
    Ok(())
}

fn an_error_tells_its_statement_and_its_dialect(trial: &mut Trial) -> Step<()> {
    let name = trial.target().info().name;
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let table = trial.name();
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.expect(&query, 42)?;
        let text = format!("select n{round} from {table}");
        let error = session.refusal(&text, &[])?;
        // A driver may put off asking the server; the text is added above it then.
        let tells = error.statement().is_none_or(|statement| statement == text)
            && error.dialect() == Some(name)
            && !error.message().trim().is_empty();
        let got = format!("{:?} of {:?}: {}", error.dialect(), error.statement(), error.message());
        ensure(tells, "the error", format!("{name}, its statement or none, a message"), got)?;
    }
    Ok(())
}

fn a_connection_is_usable_after_an_error(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null")?;
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        for wrong in [
            "no statement".to_owned(),
            format!("insert into {table} (n) values (null)"),
            format!("select missing from {table}"),
        ] {
            let error = session.refusal(&wrong, &[])?;
            let usable = !error.is_disconnect();
            ensure(usable, "the error", "no disconnect", show::error(&error))?;
            session.expect_alive()?;
            session.expect(&count, round - 1)?;
        }
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
    }
    session.expect(&count, ROUNDS)
}

fn a_statement_is_usable_after_an_error(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null")?;
    let mut session = trial.connect()?;
    let insert = session.prepare(&format!("insert into {table} (n) values (?)"))?;
    for round in 1..=ROUNDS {
        session.refusal_of(&insert, &[aludel::Value::Null])?;
        session.execute(&insert, &[round.into()])?;
        session.expect(&format!("select count(*) from {table}"), round)?;
        session.expect(&format!("select max(n) from {table}"), round)?;
    }
    Ok(())
}

fn a_transaction_goes_on_or_is_known_to_be_aborted_after_an_error(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer} not null")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let aborts = trial.quirks().errors_abort_transactions;
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        let error = session.refusal(&format!("insert into {table} (n) values (null)"), &[])?;
        let state = session.raw().transaction_state();
        let expected = if aborts { TransactionState::Aborted } else { TransactionState::Active };
        let known = state == expected || state == TransactionState::Unknown;
        ensure(known, "transaction_state", format!("{expected:?}"), format!("{state:?}"))?;
        let told = error.is_transaction_aborted() == aborts;
        let what = if aborts { "an aborted transaction" } else { "a transaction that goes on" };
        ensure(told, "the error", what, show::error(&error))?;
        if aborts {
            session.refusal(&insert, &[])?;
            let committed = session.raw().commit(Limits::NONE);
            let _ = committed; // PostgreSQL answers with a rollback; what counts is what is there
            done("rollback", session.raw().rollback(Limits::NONE))?;
            session.expect(&count, round)?;
            session.begin()?;
            session.run(&insert, &[])?;
        }
        session.commit()?;
        session.expect(&count, round + 1)?;
    }
    let idle = session.raw().transaction_state() != TransactionState::Active;
    if idle { Ok(()) } else { Err(Flaw::mismatch("transaction_state", "Idle", "Active")) }
}
