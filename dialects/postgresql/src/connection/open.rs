//! The result that an execution leaves open: taking in its messages, and delivering its rows.

use std::sync::Arc;

use aludel::dbapi::RowWriter;
use aludel::error::{Error, Result};

use super::link::{Link, fail, unexpected};
use super::parts::{Asker, Parts};
use super::prepared::{Described, PlannedColumn, Prepared};
use super::statement::PostgresqlStatement;
use super::talk::{Talk, late};
use crate::split::StatementKind;
use crate::types;
use crate::wire::{Body, ErrorFields, Message, WireError};

/// A result that is being read, or has been read to its end.
#[derive(Debug)]
pub(super) struct Open {
    /// The statement that it belongs to.
    pub(super) statement: u64,
    pub(super) prepared: Arc<Prepared>,
    /// All of it comes as text, because nothing was known when it was asked for.
    pub(super) all_text: bool,
    /// Its rows come in parts.
    pub(super) parts: Option<Parts>,
    /// It only reads.
    pub(super) is_query: bool,
    /// The server has said how it ended.
    pub(super) complete: bool,
    pub(super) affected: Option<u64>,
    /// The rows of parameters, when it is that of an executemany.
    pub(super) many: Option<ManyExecuted>,
    /// It was DEALLOCATE ALL or DISCARD ALL: the server has dropped all prepared statements.
    pub(super) has_dropped_statements: bool,
    /// The columns are not those that were known when they were asked for.
    pub(super) changed: Option<Described>,
    /// The server was told of it by an earlier call.
    pub(super) was_known: bool,
    /// The server has taken the parameters.
    pub(super) is_bound: bool,
    /// It has ended by an error, which was reported.
    pub(super) has_failed: bool,
    /// It is a COPY from or to the client, which goes another way.
    pub(super) copy: Option<&'static str>,
}

impl Open {
    pub(super) fn new(statement: &PostgresqlStatement, prepared: Arc<Prepared>) -> Self {
        Open {
            statement: statement.id,
            prepared,
            all_text: false,
            parts: None,
            is_query: statement.kind == StatementKind::Query,
            complete: false,
            affected: None,
            many: None,
            has_dropped_statements: false,
            changed: None,
            was_known: false,
            is_bound: false,
            has_failed: false,
            copy: None,
        }
    }

    /// Takes in a message that is no row.
    ///
    /// # Errors
    /// For a message that has no place in a result.
    fn take(&mut self, message: Message<'_>) -> Result<(), WireError> {
        match message.tag {
            b'C' => {
                self.complete = true;
                let affected = affected(message.body, self.prepared.returns_rows);
                self.affected = match &mut self.many {
                    None => affected,
                    Some(many) => many.add(self.affected, affected),
                };
                self.has_dropped_statements =
                    matches!(message.body, b"DEALLOCATE ALL\0" | b"DISCARD ALL\0");
            }
            b'I' | b's' => self.complete = true,
            // Only an execution of the unnamed statement asks for it: the statement was parsed anew.
            b'T' => {
                let mut described = Described::default();
                described.take(message.tag, message.body)?;
                self.changed = (!self.prepared.has_columns(&described)).then_some(described);
            }
            b'2' => self.is_bound = true,
            b'1' | b'n' | b't' | b'Z' | b'G' | b'H' => {}
            b'd' | b'c' if self.copy.is_some() => {}
            tag => return Err(unexpected(tag)),
        }
        Ok(())
    }

    /// Says which row of parameters has failed, in an executemany.
    #[cold]
    pub(super) fn locate(&self, error: Error) -> Error {
        match &self.many {
            Some(many) if many.completed < many.rows => {
                error.with_failing_row(many.first_row + many.completed)
            }
            _ => error,
        }
    }

    /// True when no execution of an executemany has been answered.
    pub(super) fn is_at_first(&self) -> bool {
        self.many.as_ref().is_some_and(|many| many.completed == 0)
    }

    /// Says what the execution has done, at its end.
    fn finish(&self, rows: &mut RowWriter<'_, '_>) {
        if let Some(affected) = self.affected {
            rows.affected(affected);
        }
        rows.done();
    }

    /// Says what columns there are, in every delivery.
    fn describe(&self, rows: &mut RowWriter<'_, '_>) {
        if self.prepared.returns_rows {
            rows.describe(self.prepared.id, || self.prepared.describe_columns());
        }
    }
}

/// Executions of one statement, one for each row of parameters.
#[derive(Debug)]
pub(super) struct ManyExecuted {
    /// Index of the first row of parameters.
    pub(super) first_row: u64,
    /// Number of rows of parameters.
    pub(super) rows: u64,
    /// How many of them have been executed.
    pub(super) completed: u64,
}

impl ManyExecuted {
    pub(super) fn new(first_row: u64, rows: usize) -> Self {
        ManyExecuted { first_row, rows: rows as u64, completed: 0 }
    }

    /// Counts one more, and gives the sum of changed rows when all executions tell theirs.
    pub(super) fn add(&mut self, sum: Option<u64>, affected: Option<u64>) -> Option<u64> {
        let sum = if self.completed == 0 { Some(0) } else { sum };
        self.completed += 1;
        sum.zip(affected).map(|(sum, affected)| sum.saturating_add(affected))
    }
}

/// What stands at the front of the conversation.
pub(super) enum Front {
    /// A row.
    Row,
    /// Nothing: the execution has ended.
    End,
    /// The server reports an error, and is ready again.
    Failed(Box<ErrorFields>),
}

/// Waits until a row or the end of the execution is at hand.
///
/// # Errors
/// When the connection breaks.
pub(super) fn advance(link: &mut Link, open: &mut Open) -> Result<Front> {
    loop {
        if link.is_ready() {
            return match open.copy {
                None => Ok(Front::End),
                Some(direction) => Err(not_by_statement(direction)),
            };
        }
        match link.front()? {
            b'D' => return Ok(Front::Row),
            b'G' => {
                open.copy = Some("FROM STDIN");
                link.refuse_copy()?;
            }
            b'H' => open.copy = Some("TO STDOUT"),
            _ => {}
        }
        let message = link.receive()?;
        if message.tag == b'E' {
            let fields = ErrorFields::parse(message.body);
            return Ok(Front::Failed(Box::new(fields)));
        }
        match (message.tag, &mut open.parts) {
            (b's', Some(parts)) => parts.suspended(&mut link.asker())?,
            _ => open.take(message).map_err(|error| link.fail(error))?,
        }
    }
}

/// Delivers the rows that have come, and the end when that has come too. Nothing more is read:
/// what is lent stays where it is.
///
/// # Errors
/// When the server reports an error after rows, or a value cannot be understood.
pub(super) fn deliver<'a>(
    link: &'a mut Link,
    open: &mut Open,
    rows: &mut RowWriter<'_, 'a>,
) -> Result<()> {
    open.describe(rows);
    let (mut lent, mut asker) = link.lend();
    let skip = rows.wants_none();
    while asker.talk.owed > 0 {
        let message = match lent.peek() {
            Ok(Some(message)) => message,
            Ok(None) => return look_ahead(open, &[], &mut asker),
            Err(error) => return Err(fail(asker.alive, error)),
        };
        if message.tag != b'D' {
            lent.take(&message);
            absorb(message, open, &mut asker)?;
            continue;
        }
        let taken = skip || (rows.wants_row() && row(open, message.body, rows, asker.alive)?);
        if !taken {
            return look_ahead(open, lent.unread(), &mut asker);
        }
        if let Some(parts) = &mut open.parts {
            parts.note(message.body.len());
        }
        lent.take(&message);
    }
    if open.many.as_ref().is_some_and(|many| many.completed < many.rows) {
        return Err(open.locate(unfinished(asker.talk, asker.alive)));
    }
    open.finish(rows);
    Ok(())
}

/// Asks for more of a query that runs in parts, when that is due.
fn look_ahead(open: &mut Open, unread: &[u8], asker: &mut Asker<'_>) -> Result<()> {
    match &mut open.parts {
        Some(parts) if !open.complete => parts.look_ahead(unread, asker),
        _ => Ok(()),
    }
}

/// Takes in a message between or after rows.
fn absorb(message: Message<'_>, open: &mut Open, asker: &mut Asker<'_>) -> Result<()> {
    let Asker { talk, alive, .. } = asker;
    if talk.is_aside(message.tag) {
        return talk.put_aside(message).map_err(|error| fail(alive, error));
    }
    talk.note(message).map_err(|error| fail(alive, error))?;
    match (message.tag, &mut open.parts) {
        (b'E', _) => {
            let error = talk.error(&ErrorFields::parse(message.body), Some(&open.prepared.sql));
            **alive &= !error.is_disconnect();
            open.has_failed = true;
            Err(open.locate(talk.with_transaction(error)))
        }
        (b's', Some(parts)) => parts.suspended(asker),
        _ => open.take(message).map_err(|error| fail(alive, error)),
    }
}

/// Executions were asked for and not answered.
#[cold]
pub(super) fn unfinished(talk: &Talk, alive: &mut bool) -> Error {
    if talk.is_late {
        return late();
    }
    fail(alive, WireError::protocol("fewer executions were answered than asked for"))
}

/// Delivers one row; false when there is no room for it.
#[inline]
fn row<'a>(
    open: &Open,
    body: &'a [u8],
    rows: &mut RowWriter<'_, 'a>,
    alive: &mut bool,
) -> Result<bool> {
    let columns = &open.prepared.columns;
    let mut body = Body::new(body);
    let mut row = rows.row();
    match body.u16() {
        Ok(count) if usize::from(count) == columns.len() => {}
        Ok(_) => return Err(fail(alive, WireError::protocol("a row of another width"))),
        Err(error) => return Err(fail(alive, error)),
    }
    for column in columns {
        let value = match body.value() {
            Ok(Some(value)) => value,
            Ok(None) => {
                row.null();
                continue;
            }
            Err(error) => return Err(fail(alive, error)),
        };
        let decoded = if column.binary && !open.all_text {
            types::decode_binary(&mut row, &column.ty, value)
        } else {
            types::decode_text(&mut row, &column.ty, value)
        };
        decoded.map_err(|error| in_column(error, column, &open.prepared.sql))?;
    }
    if !body.rest().is_empty() {
        return Err(fail(alive, WireError::protocol("a row goes on after its last value")));
    }
    Ok(row.commit())
}

#[cold]
fn in_column(error: Error, column: &PlannedColumn, sql: &str) -> Error {
    error.with_detail(format!("in column {:?}", column.name)).with_statement(sql)
}

/// The error of a COPY that was executed as a statement.
#[cold]
pub(super) fn not_by_statement(direction: &str) -> Error {
    Error::programming(format!("COPY … {direction} cannot be executed as a statement"))
        .with_sqlstate("0A000")
        .with_help("use the bulk operations of the connection, which move the rows")
}

/// Rows that a command tag says were changed.
pub(super) fn affected(tag: &[u8], returns_rows: bool) -> Option<u64> {
    let tag = std::str::from_utf8(tag).ok()?.trim_end_matches('\0');
    let (verb, count) = (tag.split(' ').next()?, tag.rsplit(' ').next()?);
    let counts = match verb {
        "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "COPY" => true,
        // CREATE TABLE … AS says how many rows it has selected.
        "SELECT" => !returns_rows,
        _ => false,
    };
    if counts { count.parse().ok() } else { None }
}
