//! Runs the statements one after the other.

use std::io::{self, Write};
use std::process::ExitCode;

use aludel::dbapi::IsolationLevel;
use aludel::plugin::{Policy, Resolved, Search, resolve, verify};
use aludel::{Connection, CursorResult, Engine};

use crate::arguments::Arguments;
use crate::console::Console;
use crate::echo::EchoWriter;
use crate::escape::escaped;
use crate::failure::Failure;
use crate::format::Output;
use crate::sql;
use crate::timing::Timing;

/// Runs the program and tells its exit code.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let console = Console::new(arguments.quiet);
    let mut open = false;
    let failure = try_run(arguments, &console, &mut open).err();
    if let Some(failure) = failure.as_ref().filter(|failure| !matches!(failure, Failure::Closed)) {
        console.say(failure);
    }
    if open {
        let help = "\n  help: end the SQL with COMMIT to keep what was changed";
        let help = if failure.is_none() { help } else { "" };
        console.say(format_args!(
            "warning: the transaction that the SQL began was still open and is rolled back{help}"
        ));
    }
    failure.map_or(ExitCode::SUCCESS, |failure| ExitCode::from(failure.exit_code()))
}

/// `open` tells whether a transaction was left open; closing the connection rolled it back.
fn try_run(arguments: &Arguments, console: &Console, open: &mut bool) -> Result<(), Failure> {
    let sql = sql::text(arguments.sql.as_deref())?;
    let engine = Engine::builder(arguments.url.as_str()).plugin_policy(arguments.policy.clone());
    let engine = engine.echo(arguments.echo).echo_to(EchoWriter::new());
    let engine = engine.build().map_err(Failure::Engine)?;
    warn_of_policy(arguments, console);
    let mut timing = Timing::begin(arguments.timing);
    let mut connection = engine.connect().map_err(Failure::Connect)?;
    connection.set_isolation_level(IsolationLevel::Autocommit).map_err(Failure::Connect)?;
    timing.say_connected(console);
    let mut output = Output::new(arguments, io::stdout().lock());
    let ran = statements(&mut connection, &sql, &mut output, &mut Told { console, timing });
    *open = connection.in_transaction();
    ran
}

/// Tells what a policy for development let pass; another policy lets nothing pass.
fn warn_of_policy(arguments: &Arguments, console: &Console) {
    if arguments.policy == Policy::new() {
        return;
    }
    let resolved = arguments.url.parse().and_then(|url| resolve(&url, &Search::new()));
    if let Ok(Resolved::File(plan)) = resolved
        && let Ok(verified) = verify(plan, &arguments.policy)
    {
        for warning in verified.warnings() {
            console.say(format_args!("warning: {}", escaped(warning)));
        }
    }
}

/// What is told of the run beside its rows.
struct Told<'c> {
    console: &'c Console,
    timing: Timing,
}

fn statements<W: Write>(
    connection: &mut Connection,
    sql: &str,
    output: &mut Output<W>,
    told: &mut Told<'_>,
) -> Result<(), Failure> {
    let mut script = connection.script(sql);
    loop {
        let from = sql.len() - script.remaining().len();
        let one = match script.next_statement() {
            Ok(None) => return Ok(()),
            Ok(Some(mut result)) => {
                let executed = told.timing.lap();
                let printed = statement(&mut result, output, told.console);
                drop(result);
                told.timing.say_done(executed, told.console);
                printed
            }
            Err(error) => Err(error.into()),
        };
        match one {
            Ok(()) => {}
            Err(Failure::Closed) if !script.remaining().trim().is_empty() => {
                return Err(Failure::ClosedBeforeEnd);
            }
            Err(failure) => return Err(failure.located(sql, from)),
        }
    }
}

/// Prints every result of a statement, and how many rows it has or has changed.
fn statement<W: Write>(
    result: &mut CursorResult<'_>,
    output: &mut Output<W>,
    console: &Console,
) -> Result<(), Failure> {
    loop {
        if result.returns_rows() {
            let columns = result.description()?;
            let written = output.write(&columns, result)?;
            console.count(written.rows, &written.remark());
        } else {
            result.finish()?;
            if let Some(changed) = result.rowcount() {
                console.count(changed, " changed");
            }
        }
        if !result.next_result()? {
            return Ok(());
        }
    }
}
