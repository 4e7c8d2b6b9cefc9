//! Deadlines: a call ends when it must, and what follows works.

use std::time::{Duration, Instant};

use aludel::Value;
use aludel::abi::host::Limits;
use aludel::dialect::option_key;

use super::slow::{SOON, expect_stopped, run_within, slow};
use crate::case;
use crate::case::Case;
use crate::flaw::Step;
use crate::session::done;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Deadlines,
        a_deadline_ends_a_statement,
        [Deadlines],
        "A statement ends soon after its deadline, with an OperationalError, HYT00 or 57014.",
        "aludel: Call::remaining; ODBC, SQLSTATE HYT00; PostgreSQL, 57014"
    )
    .only_declared(),
    case!(
        Deadlines,
        a_connection_is_usable_after_a_deadline,
        [Deadlines],
        "After a deadline the connection works, or says that it is gone.",
        "aludel: Call, Error::is_disconnect"
    )
    .only_declared(),
    case!(
        Deadlines,
        a_deadline_that_has_passed_executes_nothing,
        [Deadlines],
        "A call whose deadline has passed does nothing and says so.",
        "aludel: Call::check"
    )
    .only_declared(),
    case!(
        Deadlines,
        the_timeout_of_a_session_ends_a_statement,
        [SessionOptions, Deadlines],
        "The session option `timeout` bounds each statement; 0 takes the bound away.",
        "aludel: option_key::TIMEOUT"
    )
    .only_declared(),
];

fn a_deadline_ends_a_statement(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let result = run_within(&mut session, text, Limits::within(Duration::from_millis(30)))?;
        expect_stopped(trial, &mut session, text, result, begun)?;
    }
    Ok(())
}

fn a_connection_is_usable_after_a_deadline(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let table = trial.table("n {integer}")?;
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let begun = Instant::now();
        let result = run_within(&mut session, text, Limits::within(Duration::from_millis(20)))?;
        expect_stopped(trial, &mut session, text, result, begun)?;
        session.run(&format!("insert into {table} (n) values ({round})"), &[])?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn a_deadline_that_has_passed_executes_nothing(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        let begun = Instant::now();
        let result = run_within(&mut session, &insert, Limits::within(Duration::ZERO))?;
        expect_stopped(trial, &mut session, &insert, result, begun)?;
        session.expect(&format!("select count(*) from {table}"), round - 1)?;
        let result = run_within(&mut session, &insert, Limits::within(SOON))?;
        done("insert", result)?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn the_timeout_of_a_session_ends_a_statement(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        session.set_option(option_key::TIMEOUT, &Value::I64(30))?;
        session.expect(&query, 42)?;
        let begun = Instant::now();
        let result = run_within(&mut session, text, Limits::within(2 * SOON))?;
        expect_stopped(trial, &mut session, text, result, begun)?;
        session.set_option(option_key::TIMEOUT, &Value::I64(0))?;
        session.expect(&query, 42)?;
    }
    Ok(())
}
