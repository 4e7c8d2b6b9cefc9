//! Deadlines of what is waited for: locks, and a connection; and what stays after one.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::abi::host::Limits;

use super::slow::{SOON, expect_stopped, renew, run_within, slow};
use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::quirks::Nowhere;
use crate::session::{done, refused};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Deadlines,
        a_deadline_that_is_far_away_changes_nothing,
        [Deadlines],
        "A call that ends before its deadline does what it does without one.",
        "aludel: Call::remaining"
    )
    .only_declared(),
    case!(
        Deadlines,
        a_deadline_ends_the_wait_for_a_lock,
        [Deadlines, Transactions],
        "Who waits for a lock is told at the deadline, and gets it once it is free.",
        "aludel: Call::remaining; ISO/IEC 9075-2, 4.41 SQL-transactions"
    )
    .only_declared(),
    case!(
        Deadlines,
        a_transaction_rolls_back_after_a_deadline,
        [Deadlines, Transactions],
        "After a deadline within a transaction a rollback leaves nothing of it.",
        "ISO/IEC 9075-2, 4.41 SQL-transactions; aludel: Call"
    )
    .only_declared(),
    case!(
        Deadlines,
        connecting_ends_at_its_deadline,
        [Deadlines],
        "Connecting to a server that never answers fails at the deadline, as an OperationalError.",
        "PEP 249, OperationalError; libpq manual, connect_timeout"
    )
    .only_declared(),
];

/// Short, and yet long enough to be within the call.
const SHORT: Duration = Duration::from_millis(50);

fn a_deadline_that_is_far_away_changes_nothing(trial: &mut Trial) -> Step<()> {
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    for round in 1..=ROUNDS {
        done("insert", run_within(&mut session, &insert, Limits::within(SOON))?)?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn a_deadline_ends_the_wait_for_a_lock(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(1)?;
    let update = |n: i64| format!("update {table} set n = {n}");
    let (mut holder, mut waiter) = (trial.connect()?, trial.connect()?);
    for round in 1..=ROUNDS {
        holder.begin()?;
        holder.run(&update(round), &[])?;
        let begun = Instant::now();
        let waited = run_within(&mut waiter, &update(-round), Limits::within(SHORT))?;
        let elapsed = begun.elapsed();
        let error = refused("waiting for a lock", waited)?;
        renew(trial, &mut waiter, Some(&error))?;
        let told = error.kind() == ErrorKind::Operational && elapsed < SOON;
        let got = format!("{} after {elapsed:?}", show::error(&error));
        ensure(told, "waiting for a lock", "an OperationalError at the deadline", got)?;
        holder.commit()?;
        done("update", run_within(&mut waiter, &update(100 + round), Limits::within(SOON))?)?;
        holder.expect(&format!("select n from {table}"), 100 + round)?;
    }
    Ok(())
}

fn a_transaction_rolls_back_after_a_deadline(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let table = trial.table("n {integer}")?;
    let insert = format!("insert into {table} (n) values (1)");
    let count = format!("select count(*) from {table}");
    let mut session = trial.connect()?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        let begun = Instant::now();
        let result = run_within(&mut session, text, Limits::within(SHORT))?;
        expect_stopped(trial, &mut session, text, result, begun)?;
        session.rollback()?;
        session.expect(&count, round)?;
        session.begin()?;
        session.run(&insert, &[])?;
        session.expect(&count, round + 1)?;
        session.commit()?;
        session.expect(&count, round + 1)?;
    }
    Ok(())
}

fn connecting_ends_at_its_deadline(trial: &mut Trial) -> Step<()> {
    if !trial.quirks().nowhere.iter().any(|place| place.host.is_some()) {
        return Err(trial.unsupported("the database is not reached through a network"));
    }
    let here = |error: std::io::Error| Flaw::Unsupported(format!("no port: {error}"));
    // The kernel accepts, and nobody ever answers.
    let silent = TcpListener::bind(("127.0.0.1", 0)).map_err(here)?;
    let port = silent.local_addr().map_err(here)?.port();
    let place = Nowhere { host: Some(("127.0.0.1", port)), ..Nowhere::default() };
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let connected = trial.target().connect_nowhere(&place, SHORT);
        let elapsed = begun.elapsed();
        let error = refused("connecting to a server that is silent", connected)?;
        let told = error.kind() == ErrorKind::Operational && elapsed < SOON;
        let got = format!("{} after {elapsed:?}", show::error(&error));
        ensure(told, "connecting", "an OperationalError at the deadline", got)?;
    }
    // The control: the server that does answer.
    trial.connect()?.expect_alive()
}
