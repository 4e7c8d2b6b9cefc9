//! Executions of which somebody is told: listeners, who may change or refuse them, and the echo.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::bound::Bound;
use super::cursor::CursorResult;
use super::execute::{many, one, send};
use super::failed::copied_or_empty;
use super::given::{Given, How};
use super::params::{NamedParams, Shape};
use super::prepared::{Executed, Outcome, Prepared};
use super::streamed::Held;
use crate::abi::host::{BindRow, ExecuteOptions, ParamWriter};
use crate::engine::Connection;
use crate::engine::events::{
    AfterExecute, BeforeCursorExecute, BeforeExecute, Interest, LazyParameters,
};
use crate::engine::{Ended, Origin, Watch, Watched};
use crate::error::Result;
use crate::text::ExecutionOptions;
use crate::value::{ParameterSet, Parameters};

const STATEMENT: Interest = Interest::BEFORE_EXECUTE.and(Interest::AFTER_EXECUTE);
const CURSOR: Interest = Interest::BEFORE_CURSOR_EXECUTE.and(Interest::AFTER_CURSOR_EXECUTE);

/// Somebody listens to what the program executes.
#[inline]
pub(super) fn is_listened_to(connection: &Connection) -> bool {
    connection.listens(STATEMENT)
}

/// Somebody listens to what the driver executes.
#[inline]
pub(super) fn is_cursor_listened_to(connection: &Connection) -> bool {
    connection.listens(CURSOR)
}

/// Rows of values in the order of the placeholders.
#[derive(Clone, Copy)]
pub(super) enum Rows<'r> {
    One(&'r dyn BindRow),
    Many(&'r [&'r dyn BindRow]),
    Bound(&'r [Bound<'r>]),
}

impl Rows<'_> {
    fn copied(self) -> Parameters {
        match self {
            Rows::One(row) => Parameters::one(copied_or_empty(row)),
            Rows::Many(rows) => Parameters::many(rows.iter().map(|row| copied_or_empty(*row))),
            Rows::Bound(rows) => Parameters::many(rows.iter().map(copied_or_empty)),
        }
    }

    /// What is shown of them.
    pub(super) fn excerpt(self) -> Parameters {
        match self {
            Rows::One(row) => Parameters::one(copied_or_empty(row)),
            Rows::Many(rows) => Parameters::excerpt(rows.len(), |row| copied_or_empty(rows[row])),
            Rows::Bound(rows) => Parameters::excerpt(rows.len(), |row| copied_or_empty(&rows[row])),
        }
    }
}

/// Executes what the program gives, with `before_execute` and `after_execute` around it.
#[cold]
pub(super) fn execute(
    connection: &mut Connection,
    given: Given<'_>,
    shape: &Shape<'_>,
    options: &ExecutionOptions,
    how: How,
) -> Result<Executed> {
    let copy = || given_parameters(shape);
    let (sql, changed) = connection.tell(Interest::BEFORE_EXECUTE, |dispatch, connection| {
        let mut context = BeforeExecute {
            connection,
            options,
            statement: Cow::Borrowed(given.sql),
            parameters: LazyParameters::new(&copy),
        };
        dispatch.before_execute(&mut context)?;
        Ok(context.changes())
    })?;
    let sql = sql.as_deref().unwrap_or(given.sql);
    let changed = changed.as_ref().map(Changed::new);
    let changed_shape = changed.as_ref().map(Changed::shape);
    let shape = changed_shape.as_ref().unwrap_or(shape);
    connection.ready()?;
    let started = Instant::now();
    let executed = send(connection, Given { sql, ..given }, shape, how)?;
    let elapsed = started.elapsed();
    let copy = || given_parameters(shape);
    let after = After { event: Interest::AFTER_EXECUTE, sql, elapsed };
    after.tell(connection, executed, &copy)
}

/// Executes what goes to the driver, with `before_cursor_execute` and `after_cursor_execute` around
/// it.
#[cold]
pub(super) fn execute_cursor(
    connection: &mut Connection,
    sent: &str,
    rows: Rows<'_>,
    how: How,
    origin: Origin<'_>,
) -> Result<Executed> {
    let copy = || rows.copied();
    let (sql, changed) = match is_cursor_listened_to(connection) {
        false => (None, None),
        true => connection.tell(Interest::BEFORE_CURSOR_EXECUTE, |dispatch, connection| {
            let mut context = BeforeCursorExecute {
                connection,
                executemany: !matches!(rows, Rows::One(_)),
                statement: Cow::Borrowed(sent),
                parameters: LazyParameters::new(&copy),
            };
            dispatch.before_cursor_execute(&mut context)?;
            Ok(context.changes())
        })?,
    };
    let sql = sql.as_deref().unwrap_or(sent);
    // The listener may have ended the transaction.
    connection.ready()?;
    connection.autobegin(sql, how.limits(connection))?;
    let changed: Option<Vec<Values<'_>>> =
        changed.as_ref().map(|changed| changed.sets().iter().map(Values).collect());
    let changed_rows: Option<Vec<&dyn BindRow>> =
        changed.as_ref().map(|sets| sets.iter().map(|set| set as &dyn BindRow).collect());
    let rows = match (&changed_rows, rows) {
        (None, rows) => rows,
        (Some(changed), Rows::One(_)) => Rows::One(changed.first().copied().unwrap_or(&())),
        (Some(changed), _) => Rows::Many(changed),
    };
    let copy = || rows.copied();
    let started = Instant::now();
    let executed = match how.is_watched {
        true => {
            let copy = || rows.excerpt();
            let watched = Watched { sql, origin, parameters: &copy, caller: how.caller };
            watched_call(connection, watched, rows, &how)?
        }
        false => call(connection, sql, rows, how.start, || {})?,
    };
    let elapsed = started.elapsed();
    let after = After { event: Interest::AFTER_CURSOR_EXECUTE, sql, elapsed };
    after.tell(connection, executed, &copy)
}

/// Has the driver execute a statement; `prepared` is called in between.
fn call(
    connection: &mut Connection,
    sql: &str,
    rows: Rows<'_>,
    start: ExecuteOptions,
    prepared: impl FnOnce(),
) -> Result<Executed> {
    let session = connection.session();
    let statement = Prepared::drivers_own(session, sql, start.limits)?;
    prepared();
    statement
        .execute(session, |driver, statement| match rows {
            Rows::One(row) => one(driver, statement, row, start),
            Rows::Many(rows) => many(driver, statement, rows, start.limits),
            Rows::Bound(rows) => many(driver, statement, rows, start.limits),
        })
        .map_err(|error| error.with_statement(sql))
}

/// The same, with the lines of the echo and the events around it.
fn watched_call(
    connection: &mut Connection,
    watched: Watched<'_>,
    rows: Rows<'_>,
    how: &How,
) -> Result<Executed> {
    let mut watch = Watch::begin(connection, watched);
    connection.note_told(watch.told_in);
    let start = how.start.limits(how.limits(connection));
    let entered = watch.span.clone().entered();
    let executed = call(connection, watched.sql, rows, start, || watch.prepared());
    drop(entered);
    watched_end(connection, watch, executed)
}

/// Tells what became of a statement.
pub(super) fn watched_end(
    connection: &mut Connection,
    watch: Watch<'_>,
    executed: Result<Executed>,
) -> Result<Executed> {
    let begun = Instant::now();
    let executed = match executed {
        Ok(mut executed) => {
            let (_, affected, returns_rows) = brought(&executed.outcome);
            executed.watch = watch.end(connection, &Ended::Done { affected, returns_rows });
            Ok(executed)
        }
        Err(error) => {
            watch.end(connection, &Ended::Failed(&error));
            Err(error)
        }
    };
    connection.note_told(begun.elapsed());
    executed
}

/// Has the recorder of metrics told of a statement that took this long.
pub(super) fn meter(
    connection: &Connection,
    sql: &str,
    took: Duration,
    executed: &mut Result<Executed>,
) {
    let executed = match executed {
        Ok(executed) => executed,
        Err(error) => return connection.meter_failure(sql, took, error),
    };
    let rows = match &executed.outcome {
        Outcome::Cursor(progress) if progress.returns_rows() => {
            executed.watch = Some(connection.meter_rows(sql, took, executed.watch.take()));
            return;
        }
        Outcome::Collected(rows) => Some(rows.len()),
        Outcome::Cursor(_) | Outcome::Many(_) => None,
    };
    connection.meter_done(sql, took, rows);
}

/// Whether it was an executemany, how many rows it changed, and whether there may be rows.
fn brought(outcome: &Outcome) -> (bool, Option<u64>, bool) {
    match outcome {
        Outcome::Cursor(progress) => (false, progress.affected(), progress.returns_rows()),
        Outcome::Many(affected) => (true, *affected, false),
        Outcome::Collected(rows) => (true, rows.affected(), true),
    }
}

/// What is told of a statement that was executed.
struct After<'a> {
    event: Interest,
    sql: &'a str,
    elapsed: Duration,
}

impl After<'_> {
    /// Tells of it. When a listener refuses, the result is closed.
    fn tell(
        self,
        connection: &mut Connection,
        executed: Executed,
        copy: &dyn Fn() -> Parameters,
    ) -> Result<Executed> {
        if !connection.listens(self.event) {
            return Ok(executed);
        }
        let (executemany, rowcount, returns_rows) = brought(&executed.outcome);
        let told = connection.tell(self.event, |dispatch, _| {
            let mut context = AfterExecute {
                executemany,
                rowcount,
                returns_rows,
                elapsed: self.elapsed,
                statement: self.sql,
                parameters: LazyParameters::new(copy),
            };
            match self.event {
                Interest::AFTER_EXECUTE => dispatch.after_execute(&mut context),
                _ => dispatch.after_cursor_execute(&mut context),
            }
        });
        match told {
            Ok(()) => Ok(executed),
            Err(error) => {
                drop(CursorResult::new(Held::of(connection), executed));
                Err(error)
            }
        }
    }
}

/// The values that a listener has left, by place.
struct Values<'v>(&'v ParameterSet);

impl BindRow for Values<'_> {
    fn bind<'p>(&'p self, to: &mut ParamWriter<'_, 'p>) {
        self.0.values().for_each(|value| to.push_value(value.as_ref()));
    }
}

/// The parameters of the program's statement as a listener has left them.
struct Changed<'p> {
    executemany: bool,
    by_place: Vec<Values<'p>>,
    by_name: Vec<NamedParams>,
}

impl<'p> Changed<'p> {
    fn new(parameters: &'p Parameters) -> Self {
        let mut changed = Changed {
            executemany: parameters.is_executemany(),
            by_place: Vec::new(),
            by_name: Vec::new(),
        };
        for set in parameters.sets() {
            match set {
                ParameterSet::Named(values) => {
                    changed.by_name.push(values.iter().cloned().collect());
                }
                ParameterSet::Positional(_) => changed.by_place.push(Values(set)),
            }
        }
        changed
    }

    fn shape(&self) -> Shape<'_> {
        match (self.by_name.as_slice(), self.by_place.as_slice()) {
            ([], rows) if self.executemany => {
                Shape::ManyPositional(rows.iter().map(|row| row as _).collect())
            }
            (rows, _) if self.executemany => Shape::ManyNamed(rows),
            ([], [row]) if !row.0.is_empty() => Shape::Positional(row),
            ([row], _) => Shape::Named(row),
            _ => Shape::None,
        }
    }
}

fn given_parameters(shape: &Shape<'_>) -> Parameters {
    match shape {
        Shape::None => Parameters::none(),
        Shape::Positional(row) => Parameters::one(copied_or_empty(*row)),
        Shape::Named(row) => Parameters::one(row.copied()),
        Shape::ManyPositional(rows) => {
            Parameters::many(rows.iter().map(|row| copied_or_empty(*row)))
        }
        Shape::ManyNamed(rows) => Parameters::many(rows.iter().map(NamedParams::copied)),
    }
}
