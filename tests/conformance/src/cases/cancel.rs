//! Cancelling: the call that runs ends soon, and no other is hit.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{DriverCancel, Limits};
use aludel::{Error, ErrorKind};

use super::slow::{SOON, expect_stopped, run_within, slow};
use crate::case;
use crate::case::Case;
use crate::flaw::{Flaw, Step, ensure};
use crate::session::{Session, done};
use crate::sql::fill;
use crate::trial::{ROUNDS, Trial};

pub(super) const CASES: &[Case] = &[
    case!(
        Cancel,
        another_thread_cancels_a_statement,
        [Cancel],
        "A running statement that another thread cancels ends soon, with an OperationalError.",
        "aludel: Cancel::cancel; ODBC, SQLSTATE HY008; PostgreSQL, 57014"
    )
    .only_declared(),
    case!(
        Cancel,
        a_late_cancel_does_not_hit_the_next_statement,
        [Cancel],
        "Cancelling a call that has ended does nothing, also to the call that runs by then.",
        "aludel: Cancel::cancel"
    )
    .only_declared(),
    case!(
        Cancel,
        a_cancel_that_comes_with_the_end_hits_nothing_that_follows,
        [Cancel],
        "A cancel meant for one statement never hits the next one, however close they are.",
        "aludel: Cancel::cancel; lib/pq issue 1000 (a late cancel hits the next query)"
    )
    .only_declared(),
    case!(
        Cancel,
        a_cancelled_statement_leaves_its_transaction_to_be_rolled_back,
        [Cancel, Transactions],
        "After a cancel the transaction rolls back, and nothing of it stays.",
        "ISO/IEC 9075-2, 4.41 SQL-transactions; PostgreSQL manual, SQLSTATE 57014"
    )
    .only_declared(),
    case!(
        Cancel,
        a_cancel_hits_no_other_connection,
        [Cancel],
        "Cancelling on one connection leaves the statements of all others alone.",
        "aludel: Connection::cancel_handle; PostgreSQL manual, 55.2.8 Canceling Requests"
    )
    .only_declared(),
    case!(
        Cancel,
        a_cancel_handle_may_outlive_its_connection,
        [Cancel],
        "Cancelling what is closed does nothing, and harms no other connection.",
        "aludel: Connection::cancel_handle"
    )
    .only_declared(),
];

fn another_thread_cancels_a_statement(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let query = format!("select 42{}", trial.quirks().from_nothing);
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    for _ in 0..ROUNDS {
        session.expect(&query, 42)?;
        cancel_it(trial, &mut session, text, &cancel)?;
        session.expect_alive()?;
    }
    session.expect(&query, 42)
}

/// Executes a slow statement, cancels it from another thread, and fails unless it was stopped.
fn cancel_it(
    trial: &mut Trial,
    session: &mut Session,
    text: &str,
    cancel: &DriverCancel,
) -> Step<()> {
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
    let result = result?;
    let lives = !result.as_ref().is_err_and(Error::is_disconnect);
    ensure(lives, "a cancelled call", "a connection that lives", "a disconnect")?;
    expect_stopped(trial, session, text, result, begun)
}

fn a_late_cancel_does_not_hit_the_next_statement(trial: &mut Trial) -> Step<()> {
    let table = trial.filled_table(300)?;
    let text = slow(trial)?;
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    // The control: it can cancel at all.
    cancel_it(trial, &mut session, text, &cancel)?;
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

/// What the thread that is cancelled is at.
const READY: u8 = 1;
const VICTIM: u8 = 2;
const NEXT: u8 = 3;
const ENDED: u8 = 4;

fn a_cancel_that_comes_with_the_end_hits_nothing_that_follows(trial: &mut Trial) -> Step<()> {
    let Some(count_up) = trial.quirks().count_up else {
        return Err(trial.unsupported("the quirks know no query that counts up"));
    };
    let text = slow(trial)?;
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    // The control: it can cancel at all.
    cancel_it(trial, &mut session, text, &cancel)?;
    // Only rounds in which the cancel was still sent while the next statement ran show anything; on
    // a busy machine the other thread often comes too late for its victim.
    let (mut telling, mut round) = (0, 0);
    while telling < 5 * ROUNDS && round < 50 * ROUNDS {
        round += 1;
        let counted = |rows: i64| {
            let numbers = fill(count_up, &[("rows", &rows.to_string())]);
            format!("select count(*) from ({numbers}) as t")
        };
        let victim = counted([1, 300, 5_000, 60_000][round as usize % 4]);
        let at = AtomicU8::new(0);
        let reached_next = thread::scope(|scope| {
            let cancelling = scope.spawn(|| cancel_victim(&cancel, &at));
            while at.load(Ordering::SeqCst) != READY {
                thread::yield_now();
            }
            at.store(VICTIM, Ordering::SeqCst);
            let result = be_cancelled(&mut session, &victim);
            at.store(NEXT, Ordering::SeqCst);
            let next = session.expect(&counted(20_000), 20_000);
            at.store(ENDED, Ordering::SeqCst);
            let panicked = |_| Err(Error::new(ErrorKind::Panic, "the cancel handle panicked"));
            let cancelled = cancelling.join().unwrap_or_else(panicked);
            result.and(next).and_then(|()| done("cancel", cancelled))
        })?;
        telling += i64::from(reached_next);
    }
    session.expect_alive()
}

/// Cancels the call that runs while the victim does, again and again until the next one has ended.
/// True when that was also done while the next one ran.
fn cancel_victim(cancel: &DriverCancel, at: &AtomicU8) -> Result<bool, Error> {
    at.store(READY, Ordering::SeqCst);
    while at.load(Ordering::SeqCst) < VICTIM {
        thread::yield_now();
    }
    let call = cancel.current_call();
    if at.load(Ordering::SeqCst) != VICTIM {
        // It may be a call of the next statement, which nobody wants to cancel.
        return Ok(false);
    }
    let mut reached_next = false;
    loop {
        let before = at.load(Ordering::SeqCst);
        if before == ENDED {
            return Ok(reached_next);
        }
        cancel.cancel_call(call)?;
        reached_next |= before == NEXT;
    }
}

/// Executes what may be cancelled; every other error is a flaw.
fn be_cancelled(session: &mut Session, text: &str) -> Step<()> {
    match session.try_query(text, &[])? {
        Err(error) if error.kind() != ErrorKind::Operational || error.is_disconnect() => {
            Err(session.unexpected(text, &[], &error))
        }
        _ => Ok(()),
    }
}

fn a_cancelled_statement_leaves_its_transaction_to_be_rolled_back(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let table = trial.table("n {integer}")?;
    let count = format!("select count(*) from {table}");
    let insert = format!("insert into {table} (n) values (1)");
    let mut session = trial.connect()?;
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    for round in 0..ROUNDS {
        session.begin()?;
        session.run(&insert, &[])?;
        cancel_it(trial, &mut session, text, &cancel)?;
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

fn a_cancel_hits_no_other_connection(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let table = trial.filled_table(300)?;
    let query = format!("select count(*) from {table}");
    let (mut session, mut other) = (trial.connect()?, trial.connect()?);
    let cancel = done("cancel_handle", session.raw().cancel_handle())?;
    for _ in 0..ROUNDS {
        let ended = AtomicU8::new(0);
        let (cancelled, others) = thread::scope(|scope| {
            let working = scope.spawn(|| {
                while ended.load(Ordering::SeqCst) != ENDED {
                    other.expect(&query, 300)?;
                }
                other.expect(&query, 300)
            });
            let cancelled = cancel_it(trial, &mut session, text, &cancel);
            ended.store(ENDED, Ordering::SeqCst);
            let panicked = |_| Err(Flaw::mismatch("the other connection", "no panic", "a panic"));
            (cancelled, working.join().unwrap_or_else(panicked))
        });
        cancelled?;
        others?;
    }
    Ok(())
}

fn a_cancel_handle_may_outlive_its_connection(trial: &mut Trial) -> Step<()> {
    let text = slow(trial)?;
    let table = trial.filled_table(3)?;
    let query = format!("select count(*) from {table}");
    let mut other = trial.connect()?;
    for round in 0..ROUNDS {
        let mut session = trial.connect()?;
        let cancel = done("cancel_handle", session.raw().cancel_handle())?;
        cancel_it(trial, &mut session, text, &cancel)?;
        match round % 2 {
            0 => session.close()?,
            _ => drop(session),
        }
        done("cancel after the end", cancel.cancel())?;
        other.expect(&query, 3)?;
        done("cancel after the end", cancel.cancel())?;
        drop(cancel);
        other.expect(&query, 3)?;
    }
    Ok(())
}
