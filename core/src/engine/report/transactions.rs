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
use crate::pool::is_checkout_taken;

impl Source {
    /// True when somebody wants to know what is executed. Two relaxed loads when nobody does.
    #[inline]
    pub(in crate::engine) fn is_watched(&self) -> bool {
        // The benchmark `echo_overhead` sets ours beside a build that never looks.
        !cfg!(aludel_without_echo)
            && (self.reporting.is_on()
                || (LevelFilter::current() >= LevelFilter::DEBUG && is_subscribed()))
    }
}

impl Source {
    /// True when somebody wants to know what a checkout takes.
    #[inline]
    pub(in crate::engine) fn is_checkout_watched(&self) -> bool {
        !cfg!(aludel_without_echo)
            && (self.reporting.is_on()
                || (LevelFilter::current() >= LevelFilter::DEBUG
                    && (is_subscribed() || is_checkout_taken())))
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
        voice.tell(Detail::Statements, format_args!("{sql}"));
        if voice.prints(Detail::Statements) {
            voice.print(Detail::Statements, format_args!("[no key {}s] ()", five(took)));
        }
    }
}
