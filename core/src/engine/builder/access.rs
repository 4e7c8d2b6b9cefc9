//! Which URLs are accepted, and which dialects serve them.

use std::path::PathBuf;

use super::EngineBuilder;
use crate::abi::StaticDialect;
use crate::plugin::Policy;

impl EngineBuilder {
    /// Accepts URLs of these schemes only, and looks for nothing else: for programs that take URLs
    /// from strangers. A dialect stands for the drivers that are known to be its own (`postgresql`
    /// accepts `postgresql+psycopg`, and not `postgresql+pyodbc`, which means ODBC); other names and
    /// drivers are listed where they are wanted.
    ///
    /// ```
    /// let engine = aludel::Engine::builder("file:///etc/passwd").schemes(["postgresql"]).build();
    /// assert_eq!(engine.unwrap_err().code(), Some("P22"));
    /// ```
    #[must_use]
    pub fn schemes<S: Into<String>>(mut self, schemes: impl IntoIterator<Item = S>) -> Self {
        self.rules.schemes = Some(schemes.into_iter().map(Into::into).collect());
        self
    }

    /// The URL comes from somebody whom the program does not trust: options that name a file to
    /// read are refused as well, beside those that can run code, which no URL may give.
    #[must_use]
    pub fn untrusted_url(mut self) -> Self {
        self.rules.is_untrusted = true;
        self
    }

    /// Accepts an option from the URL although it names a file or can run code, as
    /// `dialect.option`: `.allow_option("sqlite.load_extension")`. May be called more than once;
    /// options of other dialects than the URL's are without effect.
    #[must_use]
    pub fn allow_option(mut self, name: impl Into<String>) -> Self {
        self.rules.allowed.push(name.into());
        self
    }

    /// Uses this dialect, linked into the program, whatever the URL's scheme would load. It is
    /// [registered](crate::register): from then on its own schemes mean it, in every engine.
    #[must_use]
    pub fn dialect(mut self, dialect: StaticDialect) -> Self {
        self.dialect = Some(dialect);
        self
    }

    /// Looks for plugins in this directory before all others. May be called more than once.
    #[must_use]
    pub fn plugin_path(mut self, directory: impl Into<PathBuf>) -> Self {
        self.search = self.search.path(directory);
        self
    }

    /// What plugin files have to fulfil; [`Policy::new`] unless set.
    #[must_use]
    pub fn plugin_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }
}
