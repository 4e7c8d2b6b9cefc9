//! How a connection tells of its transaction, and whether anybody wants to know.

use std::fmt;
use std::time::{Duration, Instant};

use tracing::Level;
use tracing::level_filters::LevelFilter;

use super::event::{event, is_taken};
use super::tag::five;
use super::voice::{Detail, Voice};
use crate::engine::Connection;
use crate::engine::source::Source;
use crate::error::Error;
use crate::pool::is_checkout_taken;
use crate::value::{Shown, ValueRef};

impl Source {
    /// True when somebody wants to know what is executed. Two relaxed loads when nobody does.
    #[inline]
    pub(in crate::engine) fn is_watched(&self) -> bool {
        self.reporting.is_on() || (LevelFilter::current() >= LevelFilter::DEBUG && is_subscribed())
    }
}

impl Source {
    /// True when somebody wants to know what a checkout takes.
    #[inline]
    pub(in crate::engine) fn is_checkout_watched(&self) -> bool {
        self.reporting.is_on()
            || (LevelFilter::current() >= LevelFilter::DEBUG
                && (is_subscribed() || is_checkout_taken()))
    }

    /// Tells that a connection was opened, and how long that took. SQLAlchemy's echo has no line for
    /// it.
    #[cold]
    pub(in crate::engine) fn tell_connected(&self, elapsed: Duration) {
        let voice = Voice::new(self, None);
        let database = voice.database();
        event!(
            Level::DEBUG,
            db.system.name = database.system,
            db.namespace = database.namespace,
            server.address = database.address,
            server.port = database.port,
            engine = voice.name(),
            elapsed = elapsed.as_secs_f64(),
            "connected"
        );
    }
}

#[cold]
fn is_subscribed() -> bool {
    is_taken(Level::DEBUG)
}

impl Connection {
    /// True when somebody wants to know what is executed.
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        self.source().is_watched()
    }

    pub(crate) fn voice(&self) -> Voice<'_> {
        Voice::new(self.source(), self.options.logging_token.as_deref())
    }

    /// Tells of a step of the transaction that is about to be made. Gives how long that took.
    #[inline]
    pub(crate) fn tell_step(&self, step: fmt::Arguments<'_>) -> Duration {
        if !self.is_watched() {
            return Duration::ZERO;
        }
        let started = Instant::now();
        self.voice().tell(Detail::Statements, step);
        started.elapsed()
    }

    /// Tells of the end of the transaction that is about to come, in one phase or in two. Gives what
    /// it is called.
    pub(in crate::engine) fn tell_end(
        &self,
        alone: &'static str,
        of_two: &'static str,
    ) -> &'static str {
        match &self.transaction.xid {
            Some(xid) => {
                self.tell_phase(of_two, xid);
                of_two
            }
            None => {
                self.tell_step(format_args!("{alone}"));
                alone
            }
        }
    }

    /// Tells of a phase of a two-phase transaction that is about to come.
    pub(in crate::engine) fn tell_phase(&self, phase: &str, xid: &str) {
        let is_plain = xid.chars().all(|c| c.is_ascii_graphic() && c != '\'');
        match is_plain {
            true => self.tell_step(format_args!("{phase} {xid}")),
            false => self.tell_step(format_args!("{phase} {}", Shown(ValueRef::Text(xid)))),
        };
    }

    /// What the program gets for the error of a step of the transaction, which is told of.
    #[cold]
    pub(in crate::engine) fn failed_step(&mut self, step: &str, error: Error) -> Error {
        let error = self.failed(error);
        self.tell_failed(step, &error);
        error
    }

    /// Tells that a step of the transaction has failed. SQLAlchemy's echo has no line for it.
    #[cold]
    pub(crate) fn tell_failed(&self, step: &str, error: &Error) {
        let voice = self.voice();
        let hides = voice.source().reporting.hide_parameters;
        let database = voice.database();
        event!(
            voice.level(Detail::Statements),
            db.system.name = database.system,
            db.namespace = database.namespace,
            server.address = database.address,
            server.port = database.port,
            db.response.status_code = error.sqlstate(),
            error.type = error.kind().name(),
            error.message = &*error.shown_message(hides),
            engine = voice.name(),
            token = voice.token(),
            "{step} failed"
        );
    }

    /// Tells of a statement about a savepoint that is about to be executed.
    pub(in crate::engine) fn tell_savepoint_step(&self, verb: &str, name: &str) {
        if !self.is_watched() {
            return;
        }
        let started = Instant::now();
        let sql = format!("{verb} {name}");
        let took = started.elapsed();
        let voice = self.voice();
        voice.tell(Detail::Statements, format_args!("{sql}"));
        if voice.prints(Detail::Statements) {
            voice.print(Detail::Statements, format_args!("[no key {}s] ()", five(took)));
        }
    }
}
