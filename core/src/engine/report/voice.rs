//! Who tells something: an engine, and the token of one of its connections.

use std::fmt;

use tracing::Level;

use super::event::{TARGET, event, is_taken};
use crate::echo::{Echo, Heading};
use crate::engine::source::Source;

/// What a line is about: it decides which echo prints it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// Statements and transactions.
    Statements,
    /// Columns and rows.
    Rows,
}

/// Who tells something: an engine, and the token of one of its connections.
#[derive(Clone, Copy)]
pub(crate) struct Voice<'v> {
    source: &'v Source,
    token: Option<&'v str>,
}

/// What is known of the database, under OpenTelemetry's names.
pub(super) struct Database<'v> {
    pub(super) system: &'v str,
    pub(super) namespace: Option<&'v str>,
    pub(super) address: Option<&'v str>,
    pub(super) port: Option<u16>,
}

impl<'v> Voice<'v> {
    pub(in crate::engine) fn new(source: &'v Source, token: Option<&'v str>) -> Self {
        Voice { source, token }
    }

    pub(super) fn source(self) -> &'v Source {
        self.source
    }

    pub(super) fn token(self) -> Option<&'v str> {
        self.token
    }

    pub(super) fn name(self) -> Option<&'v str> {
        self.source.reporting.logging_name.as_deref()
    }

    pub(super) fn database(self) -> Database<'v> {
        let origin = &self.source.origin;
        let url = &origin.url;
        Database {
            system: origin.dialect.info().name,
            namespace: url.database(),
            address: url.host(),
            port: url.port(),
        }
    }

    fn echoes(self, detail: Detail) -> bool {
        match detail {
            Detail::Statements => self.source.reporting.echo() != Echo::Off,
            Detail::Rows => self.source.reporting.echo() == Echo::Debug,
        }
    }

    /// The level of events. What the program wants to see has the level that it has in SQLAlchemy,
    /// and what it did not ask for is one lower.
    pub(super) fn level(self, detail: Detail) -> Level {
        match (detail, self.echoes(detail)) {
            (Detail::Statements, true) => Level::INFO,
            (Detail::Statements, false) | (Detail::Rows, true) => Level::DEBUG,
            (Detail::Rows, false) => Level::TRACE,
        }
    }

    /// True when a subscriber of the program takes it.
    pub(super) fn is_taken(self, detail: Detail) -> bool {
        is_taken(self.level(detail))
    }

    /// True when the line is printed here: nobody else does, or this place is the program's choice.
    pub(super) fn prints(self, detail: Detail) -> bool {
        self.echoes(detail) && (self.source.reporting.sink.is_chosen() || !self.is_taken(detail))
    }

    /// Prints a line of the echo.
    pub(super) fn print(self, detail: Detail, text: fmt::Arguments<'_>) {
        let level = if detail == Detail::Statements { "INFO" } else { "DEBUG" };
        self.source.reporting.sink.write(&self.heading(level).line(text));
    }

    /// Prints a warning.
    pub(super) fn warn(self, text: fmt::Arguments<'_>) {
        self.source.reporting.sink.warn(&self.heading("WARNING").line(text));
    }

    fn heading(self, level: &'static str) -> Heading<'v> {
        Heading { level, target: TARGET, name: self.name(), token: self.token }
    }

    /// Tells of something that is no statement of the program.
    #[cold]
    pub(super) fn tell(self, detail: Detail, text: fmt::Arguments<'_>) {
        if self.prints(detail) {
            self.print(detail, text);
        }
        let database = self.database();
        event!(
            self.level(detail),
            db.system.name = database.system,
            db.namespace = database.namespace,
            server.address = database.address,
            server.port = database.port,
            engine = self.name(),
            token = self.token,
            "{text}"
        );
    }
}
