//! Whether anybody wants to know what an engine does, and how its connections are opened.

use std::time::Duration;

use tracing::Level;
use tracing::level_filters::LevelFilter;

use super::event::event;
use super::voice::Voice;
use crate::engine::Connection;
use crate::engine::source::Source;

impl Source {
    /// True when somebody may want to know what is executed, and what a checkout takes. Two relaxed
    /// loads when nobody does.
    ///
    /// A subscriber may look at other things at this level: then what is told costs its checks, and
    /// nothing is written down for it.
    #[inline]
    pub(in crate::engine) fn is_watched(&self) -> bool {
        // The benchmark `echo_overhead` sets ours beside a build that never looks.
        !cfg!(aludel_without_echo)
            && (self.reporting.is_on() || LevelFilter::current() >= LevelFilter::DEBUG)
    }

    /// Tells that a connection was opened, and how long that took. SQLAlchemy's echo has no line for
    /// it.
    #[cold]
    pub(in crate::engine) fn tell_connected(&self, elapsed: Duration) {
        let voice = Voice::new(self, None);
        event!(Level::DEBUG, voice, "connected", elapsed = elapsed.as_secs_f64());
    }
}

impl Connection {
    /// True when somebody may want to know what is executed.
    #[inline]
    pub(crate) fn is_watched(&self) -> bool {
        self.source().is_watched()
    }

    pub(super) fn voice(&self) -> Voice<'_> {
        Voice::new(self.source(), self.options.logging_token.as_deref())
    }

    /// Tells that sets of parameters are executed one by one, and why.
    #[cold]
    pub(crate) fn tell_row_by_row(&self, why: &str, sets: usize) {
        event!(Level::DEBUG, self.voice(), "insertmanyvalues: row by row", why, sets);
    }
}
