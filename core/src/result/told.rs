//! Executions of which listeners are told, who may change or refuse them.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use super::cursor::CursorResult;
use super::execute::send;
use super::failed::copied_or_empty;
use super::given::{Given, How};
use super::params::{NamedParams, Shape};
use super::prepared::{Executed, Outcome};
use super::sending::{self, Rows};
use super::streamed::Held;
use crate::abi::host::{BindRow, ParamWriter};
use crate::engine::events::{
    AfterExecute, BeforeCursorExecute, BeforeExecute, Interest, LazyParameters,
};
use crate::engine::{Brought, Connection, TextOrigin};
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
    // The listener may have brought others.
    let is_told = how.is_watched || is_cursor_listened_to(connection);
    let how = How { is_told, ..how };
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
    origin: TextOrigin<'_>,
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
    let executed = sending::send(connection, sql, rows, how, origin)?;
    let elapsed = started.elapsed();
    let after = After { event: Interest::AFTER_CURSOR_EXECUTE, sql, elapsed };
    after.tell(connection, executed, &copy)
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
        let executemany = matches!(executed.outcome, Outcome::Many(_));
        let Brought { affected: rowcount, returns_rows, .. } = executed.outcome.brought();
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
