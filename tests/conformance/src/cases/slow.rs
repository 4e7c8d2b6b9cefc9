//! Statements that run for minutes unless they are stopped.

use std::time::{Duration, Instant};

use aludel::abi::host::{DriverCursor, ExecuteOptions, Limits};
use aludel::{Error, ErrorKind};

use crate::flaw::{Step, ensure};
use crate::session::Session;
use crate::show;
use crate::trial::Trial;

/// Longest time that a stopped statement may take; far below that of the slow query.
pub(super) const SOON: Duration = Duration::from_secs(10);

pub(super) fn slow(trial: &Trial) -> Step<&'static str> {
    trial.quirks().slow_query.ok_or_else(|| trial.unsupported("the quirks know no slow query"))
}

/// Fails unless a slow statement was stopped in time.
pub(super) fn expect_stopped(
    trial: &mut Trial,
    session: &mut Session,
    text: &str,
    result: Result<(), Error>,
    begun: Instant,
) -> Step<()> {
    let elapsed = begun.elapsed();
    renew(trial, session, result.as_ref().err())?;
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

/// Executes a statement within limits and reads its result to the end.
pub(super) fn run_within(
    session: &mut Session,
    text: &str,
    limits: Limits,
) -> Step<Result<(), Error>> {
    let prepared = session.prepare(text)?;
    let options = ExecuteOptions::default().limits(limits);
    let connection = session.raw();
    let result =
        connection.execute(&prepared.statement, &(), options).and_then(DriverCursor::finish);
    session.close_statement(prepared);
    Ok(result)
}

/// Connects anew after an error that says that the connection is gone, which a deadline may cost.
pub(super) fn renew(trial: &mut Trial, session: &mut Session, error: Option<&Error>) -> Step<()> {
    if error.is_some_and(Error::is_disconnect) {
        ensure(!session.raw().is_alive(), "is_alive", "false", "true")?;
        *session = trial.connect()?;
    }
    Ok(())
}
