//! What the engine tells of its work, and what it keeps to itself.

use super::EngineBuilder;
use crate::echo::Echo;

impl EngineBuilder {
    /// How much the engine prints of what it does; nothing unless set. Can be
    /// [changed](crate::Engine::set_echo) later.
    ///
    /// Accepted now; printing itself comes with the echo.
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

    /// The name of the engine in what it prints; none unless set.
    ///
    /// Accepted now; in force with the echo.
    #[must_use]
    pub fn logging_name(mut self, name: impl Into<String>) -> Self {
        self.reporting.logging_name = Some(name.into());
        self
    }
}
