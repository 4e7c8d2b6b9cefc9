//! Deadlines and cancelling: a call ends when it must, and the next one is not hit.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{DriverCancel, DriverCursor, ExecuteOptions, Limits};
use aludel::dialect::option_key;
use aludel::{Error, ErrorKind, Value};

use crate::case::{Case, case};
use crate::flaw::{Step, ensure};
use crate::session::{Session, done};
use crate::show;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Limits,
        a_deadline_ends_a_statement,
        [Deadlines],
        "A statement ends soon after its deadline, with an OperationalError, HYT00 or 57014.",
        "aludel: Call::remaining; ODBC, SQLSTATE HYT00; PostgreSQL, 57014"
    )
    .only_declared(),
    case!(
        Limits,
        a_connection_is_usable_after_a_deadline,
        [Deadlines],
        "After a deadline the connection works, or says that it is gone.",
        "aludel: Call, Error::is_disconnect"
    )
    .only_declared(),
    case!(
        Limits,
        a_deadline_that_has_passed_executes_nothing,
        [Deadlines],
        "A call whose deadline has passed does nothing and says so.",
        "aludel: Call::check"
    )
    .only_declared(),
    case!(
        Limits,
        another_thread_cancels_a_statement,
        [Cancel],
        "A running statement that another thread cancels ends soon, with an OperationalError.",
        "aludel: Cancel::cancel; ODBC, SQLSTATE HY008; PostgreSQL, 57014"
    )
    .only_declared(),
    case!(
        Limits,
        a_late_cancel_does_not_hit_the_next_statement,
        [Cancel],
        "Cancelling a call that has ended does nothing, also to the call that runs by then.",
        "aludel: Cancel::cancel"
    )
    .only_declared(),
    case!(
        Limits,
        the_timeout_of_a_session_ends_a_statement,
        [SessionOptions, Deadlines],
        "The session option `timeout` bounds each statement; 0 takes the bound away.",
        "aludel: option_key::TIMEOUT"
    )
    .only_declared(),
];

/// Longest time that a stopped statement may take; far below that of the slow query.
const SOON: Duration = Duration::from_secs(10);

fn slow(trial: &Trial) -> Step<&'static str> {
    trial.quirks().slow_query.ok_or_else(|| trial.unsupported("the quirks know no slow query"))
}

/// Fails unless a slow statement was stopped in time.
fn expect_stopped(
    session: &Session,
    text: &str,
    result: Result<(), Error>,
    begun: Instant,
) -> Step<()> {
    let elapsed = begun.elapsed();
    match result {
        Err(error) if error.kind() == ErrorKind::Operational && elapsed < SOON => {
            let state = error.sqlstate().unwrap_or("");
            let holds = matches!(state, "HYT00" | "HY008" | "57014" | "70100");
            ensure(holds, "the SQLSTATE", "HYT00, HY008 or 57014", show::error(&error))
        }
        Err(error) => {
            let got = format!("{} after {elapsed:?}", show::error(&error));
            Err(session.wrong(text, &[], "an OperationalError soon", &got))
        }
        Ok(()) => Err(session.wrong(text, &[], "an OperationalError", "success")),
    }
}

fn run_within(session: &mut Session, text: &str, limits: Limits) -> Step<Result<(), Error>> {
    let prepared = session.prepare(text)?;
    let options = ExecuteOptions::default().limits(limits);
    let connection = session.raw();
    let result =
        connection.execute(&prepared.statement, &(), options).and_then(DriverCursor::finish);
    session.close_statement(prepared);
    Ok(result)
}

fn a_deadline_ends_a_statement(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let mut session = trial.connect()?;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let result = run_within(&mut session, text, Limits::within(Duration::from_millis(30)))?;
        expect_stopped(&session, text, result, begun)?;
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
        let is_gone = result.as_ref().err().is_some_and(Error::is_disconnect);
        expect_stopped(&session, text, result, begun)?;
        if is_gone {
            ensure(!session.raw().is_alive(), "is_alive", "false", "true")?;
            session = trial.connect()?;
        }
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
        expect_stopped(&session, &insert, result, begun)?;
        session.expect(&format!("select count(*) from {table}"), round - 1)?;
        let result = run_within(&mut session, &insert, Limits::within(SOON))?;
        done("insert", result)?;
        session.expect(&format!("select count(*) from {table}"), round)?;
    }
    Ok(())
}

fn another_thread_cancels_a_statement(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
        cancel_it(&mut session, text, &cancel)?;
        session.expect_alive()?;
    }
    session.expect(&query, 42)
}

/// Executes a slow statement, cancels it from another thread, and fails unless it was stopped.
fn cancel_it(session: &mut Session, text: &str, cancel: &DriverCancel) -> Step<()> {
    let begun = Instant::now();
    let (stop, stopped) = channel::<()>();
    let (cancelled, result) = thread::scope(|scope| {
        // Again and again, because the statement may not have begun at the first time.
        let cancelling = scope.spawn(move || {
            let mut result = Ok(());
            let pause = Duration::from_millis(10);
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                result = cancel.cancel();
            }
            result
        });
        let result = run_within(session, text, Limits::within(2 * SOON));
        drop(stop);
        let panicked = |_| Err(Error::new(ErrorKind::Panic, "the cancel handle panicked"));
        (cancelling.join().unwrap_or_else(panicked), result)
    });
    done("cancel", cancelled)?;
    expect_stopped(session, text, result?, begun)
}

fn a_late_cancel_does_not_hit_the_next_statement(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(300)?;
    let text = slow(trial)?;
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    // The control: it can cancel at all.
    cancel_it(&mut session, text, &cancel)?;
    for _ in 0..10 * ROUNDS {
        let ended = cancel.current_call();
        session.expect(&format!("select max(n) from {table}"), 300)?;
        done("cancel", cancel.cancel_call(ended))?;
        session.expect(&format!("select count(*) from {table}"), 300)?;
        done("cancel", cancel.cancel())?;
        session.expect(&format!("select min(n) from {table}"), 1)?;
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
        expect_stopped(&session, text, result, begun)?;
        session.set_option(option_key::TIMEOUT, &Value::I64(0))?;
        session.expect(&query, 42)?;
    }
    Ok(())
}
