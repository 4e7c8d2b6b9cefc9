//! What the engine tells of its work, and what it keeps to itself.

use std::io::Write;
use std::time::Duration;

use super::EngineBuilder;
use crate::echo::{Echo, Sink};

impl EngineBuilder {
    /// How much the engine prints of what it does; nothing unless set. Can be
    /// [changed](crate::Engine::set_echo) later, also for connections that are open.
    ///
    /// Lines go to standard output, or where [`echo_to`](EngineBuilder::echo_to) says. Each is
    /// written as a whole before what it tells of happens; one that cannot be written is lost, and
    /// no statement fails for it. What a `tracing` subscriber of the program takes is not printed as
    /// well.
    #[must_use]
    pub fn echo(self, echo: impl Into<Echo>) -> Self {
        self.reporting.set_echo(echo.into());
        self
    }

    /// Leaves the values of parameters out of errors and of what is printed; they are shown unless
    /// set. What databases repeat of them goes too, as far as it can be told: the detail, the
    /// context, and what messages of data exceptions have in quotes
    /// ([`Error::hiding_parameters`](crate::Error::hiding_parameters)). Values that stand in the
    /// text of a statement, as [`literal_execute`](crate::text::BindParam::literal_execute) puts
    /// them there, are part of it.
    #[must_use]
    pub fn hide_parameters(mut self, hide: bool) -> Self {
        self.reporting.hide_parameters = hide;
        self
    }

    /// Writes the lines of `echo` and `echo_pool` there, and not to standard output. They are written there also
    /// when a subscriber takes them. A writer that blocks makes statements wait; the time does not
    /// count for their timeout.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::Engine::builder("sqlite://").echo(true).echo_to(std::io::stderr());
    /// engine.build()?.execute("select 1", ())?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn echo_to(mut self, writer: impl Write + Send + 'static) -> Self {
        self.reporting.sink = Sink::writer(writer);
        self
    }

    /// Warns of each statement that takes at least this long, with its text, its parameters, who
    /// executed it and where the time went; of none unless set. The time is that of the database:
    /// preparing, executing, and fetching rows.
    ///
    /// The warning is an event of `tracing` with the target `aludel::engine`. Without a subscriber
    /// that takes it, it is a line on standard error, or where
    /// [`echo_to`](EngineBuilder::echo_to) says.
    #[must_use]
    pub fn slow_query_threshold(mut self, time: Duration) -> Self {
        self.reporting.set_slow_query_threshold(Some(time));
        self
    }

    /// The name of the engine in what it prints; none unless set.
    #[must_use]
    pub fn logging_name(mut self, name: impl Into<String>) -> Self {
        self.reporting.logging_name = Some(name.into());
        self
    }
}
