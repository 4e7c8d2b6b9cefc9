//! How a connection tells of the steps of its transaction.

use std::fmt;
use std::time::Instant;

use super::tag::five;
use super::voice::Detail;
use crate::engine::Connection;

impl Connection {
    /// Tells of a step of the transaction that is about to be made.
    #[inline]
    pub(crate) fn tell_step(&self, step: fmt::Arguments<'_>) {
        if self.is_watched() {
            self.voice().tell(Detail::Statements, step);
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
