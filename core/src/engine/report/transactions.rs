//! How a connection tells of the steps of its transaction.

use std::fmt;
use std::time::{Duration, Instant};

use tracing::Level;

use super::event::event;
use super::tag::five;
use super::voice::Detail;
use crate::engine::Connection;
use crate::error::Error;
use crate::value::{Shown, ValueRef};

impl Connection {
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
        let message = format_args!("{step} failed");
        macro_rules! tell {
            ($level:expr) => {
                event!(
                    $level,
                    voice,
                    message,
                    db.response.status_code = error.sqlstate(),
                    error.type = error.kind().name(),
                    error.message = &*error.shown_message(hides)
                )
            };
        }
        match voice.level(Detail::Statements) {
            Level::INFO => tell!(Level::INFO),
            _ => tell!(Level::DEBUG),
        }
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
        if voice.tell(Detail::Statements, format_args!("{sql}")) {
            voice.print(Detail::Statements, format_args!("[no key {}s] ()", five(took)));
        }
    }
}
