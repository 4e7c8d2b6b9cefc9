//! A statement of which somebody wants to know: what is told before and after it is executed.

use std::fmt;
use std::panic::Location;
use std::time::{Duration, Instant};

use tracing::{Level, Span, field};

use super::event::event;
use super::rows::{Slow, Spent};
use super::tag::{Origin, Tag};
use super::voice::{Detail, Voice};
use super::watcher::{self, Watcher};
use crate::engine::Connection;
use crate::error::Error;
use crate::pool::CheckoutTimes;
use crate::text::first_word;
use crate::value::Parameters;

/// The longest text of an insert of many rows that is shown whole, and the ends of longer ones.
const LONGEST: usize = 500;
const HEAD: usize = 250;
const TAIL: usize = 100;

/// A statement that is about to be sent.
#[derive(Clone, Copy)]
pub(crate) struct Watched<'w> {
    /// The text as it is sent.
    pub(crate) sql: &'w str,
    pub(crate) origin: Origin<'w>,
    pub(crate) parameters: &'w dyn Fn() -> Parameters,
    /// Who has executed it.
    pub(crate) caller: &'static Location<'static>,
}

/// What became of a statement.
pub(crate) enum Ended<'e> {
    /// It changed this many rows, where that is known, and may return some.
    Done {
        affected: Option<u64>,
        returns_rows: bool,
    },
    Failed(&'e Error),
}

/// A statement that is being executed.
pub(crate) struct Watch<'w> {
    statement: Watched<'w>,
    tag: Tag,
    parameters: String,
    /// How long telling of it took, which is not the database's time.
    pub(crate) told_in: Duration,
    /// What the statement does is done in it.
    pub(crate) span: Span,
    started: Instant,
    prepared: Option<Instant>,
    /// The connection's number in the pool.
    number: Option<u64>,
    checkout: Option<CheckoutTimes>,
}

impl<'w> Watch<'w> {
    /// Tells that the statement is about to be executed.
    pub(crate) fn begin(connection: &mut Connection, statement: Watched<'w>) -> Self {
        let begun = Instant::now();
        let (number, checkout) = connection.lease.checkout_to_tell();
        let voice = connection.voice();
        let source = voice.source();
        let tag = Tag::of(statement.origin, source.compiled.keeps());
        let parameters = match source.reporting.hide_parameters {
            true => "[SQL parameters hidden due to hide_parameters=True]".to_owned(),
            false => (statement.parameters)().to_string(),
        };
        if voice.prints(Detail::Statements) {
            match statement.origin {
                Origin::Page { .. } => {
                    voice.print(Detail::Statements, format_args!("{}", Cut(statement.sql)));
                }
                _ => voice.print(Detail::Statements, format_args!("{}", statement.sql)),
            }
            voice.print(Detail::Statements, format_args!("[{tag}] {parameters}"));
        }
        let span = span(voice, &statement, number);
        let started = Instant::now();
        let told_in = started.duration_since(begun);
        let prepared = None;
        Watch { statement, tag, parameters, told_in, span, started, prepared, number, checkout }
    }

    /// The statement was prepared before, which took this long.
    pub(crate) fn prepared_in(mut self, time: Duration) -> Self {
        self.prepared = Some(self.started);
        self.started = self.started.checked_sub(time).unwrap_or(self.started);
        self
    }

    /// The statement was prepared before, and its execution began then.
    pub(crate) fn since(mut self, started: Instant) -> Self {
        (self.started, self.prepared) = (started, Some(started));
        self
    }

    /// The statement is prepared.
    pub(crate) fn prepared(&mut self) {
        self.prepared = Some(Instant::now());
    }

    /// Tells what became of it. Gives what watches its rows, where somebody does.
    pub(crate) fn end(self, connection: &Connection, ended: &Ended<'_>) -> Option<Watcher> {
        let now = Instant::now();
        let prepared = self.prepared.unwrap_or(now);
        let spent = Spent {
            prepare: prepared.duration_since(self.started),
            execute: now.duration_since(prepared),
            fetch: Duration::ZERO,
            checkout: self.checkout,
        };
        let voice = connection.voice();
        let _entered = self.span.enter();
        self.tell(voice, &spent, ended);
        let Ended::Done { affected, returns_rows } = *ended else { return None };
        let slow = voice.source().reporting.slow_query_threshold().map(|threshold| {
            let Watched { sql, caller, .. } = self.statement;
            Slow { threshold, sql: sql.into(), parameters: self.parameters.as_str().into(), caller }
        });
        if slow.is_none()
            && !voice.prints(Detail::Rows)
            && !voice.is_taken(Detail::Rows)
            && !super::event::is_taken(Level::DEBUG)
        {
            return None;
        }
        watcher::of(connection.row_watch(affected, returns_rows, spent, slow))
    }

    fn tell(&self, voice: Voice<'_>, spent: &Spent, ended: &Ended<'_>) {
        let hides = voice.source().reporting.hide_parameters;
        let (affected, error) = match ended {
            Ended::Done { affected, .. } => (*affected, None),
            Ended::Failed(error) => (None, Some(*error)),
        };
        let message = error.map(|error| error.shown_message(hides));
        if let Some(error) = error {
            self.span.record("error.type", error.kind().name());
            self.span.record("db.response.status_code", error.sqlstate());
            self.span.record("otel.status_code", "ERROR");
            self.span.record("otel.status_description", message.as_deref());
        }
        let database = voice.database();
        let operation = first_word(self.statement.sql).to_ascii_uppercase();
        let (tag, parameters) = (&self.tag, &self.parameters);
        event!(
            voice.level(Detail::Statements),
            db.system.name = database.system,
            db.namespace = database.namespace,
            server.address = database.address,
            server.port = database.port,
            db.query.text = self.statement.sql,
            db.operation.name = operation.as_str(),
            db.response.status_code = error.and_then(Error::sqlstate),
            error.type = error.map(|error| error.kind().name()),
            error.message = message.as_deref(),
            code.file.path = self.statement.caller.file(),
            code.line.number = self.statement.caller.line(),
            engine = voice.name(),
            token = voice.token(),
            parameters = parameters.as_str(),
            cached = self.tag.is_cached(),
            connection = self.number,
            rows = affected,
            pool_wait = spent.checkout.map(|times| times.wait.as_secs_f64()),
            connect = spent.checkout.map(|times| times.connect.as_secs_f64()),
            prepare = spent.prepare.as_secs_f64(),
            execute = spent.execute.as_secs_f64(),
            elapsed = spent.total().as_secs_f64(),
            "[{tag}] {parameters}"
        );
    }
}

/// The span of a statement, where a subscriber takes it.
fn span(voice: Voice<'_>, statement: &Watched<'_>, connection: Option<u64>) -> Span {
    let level = voice.level(Detail::Statements);
    if !voice.is_taken(Detail::Statements) {
        return Span::none();
    }
    let database = voice.database();
    let operation = first_word(statement.sql).to_ascii_uppercase();
    macro_rules! span {
        ($level:expr) => {
            tracing::span!(
                target: "aludel::engine",
                $level,
                "execute",
                otel.name = operation.as_str(),
                otel.kind = "client",
                db.system.name = database.system,
                db.namespace = database.namespace,
                server.address = database.address,
                server.port = database.port,
                db.query.text = statement.sql,
                db.operation.name = operation.as_str(),
                db.response.status_code = field::Empty,
                error.type = field::Empty,
                otel.status_code = field::Empty,
                otel.status_description = field::Empty,
                connection,
            )
        };
    }
    if level == Level::INFO { span!(Level::INFO) } else { span!(Level::DEBUG) }
}

/// The text of an insert of many rows, of which the middle says nothing new.
struct Cut<'s>(&'s str);

impl fmt::Display for Cut<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = self.0.chars().count();
        if characters <= LONGEST {
            return f.write_str(self.0);
        }
        let at = |index| self.0.char_indices().nth(index).map_or(self.0.len(), |(at, _)| at);
        let (head, tail) = (&self.0[..at(HEAD)], &self.0[at(characters - TAIL)..]);
        let gone = characters - HEAD - TAIL;
        write!(f, "{head} ... {gone} characters truncated ... {tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_insert_shows_its_ends() {
        assert_eq!(Cut(&"x".repeat(500)).to_string(), "x".repeat(500));
        let shown = Cut(&"ü".repeat(501)).to_string();
        let (head, tail) =
            shown.split_once(" ... 151 characters truncated ... ").expect("the note");
        assert_eq!((head.chars().count(), tail.chars().count()), (250, 100));
    }
}
