//! How connections are opened, and what each of them is set to.

use std::sync::Arc;

use super::EngineBuilder;
use crate::abi::host::DriverConnection;
use crate::dbapi::IsolationLevel;
use crate::engine::connector::ConnectRequest;
use crate::engine::credentials::Credentials;
use crate::error::Result;

impl EngineBuilder {
    /// Gives the driver an option, beside those of the URL: one of
    /// [`connect_args`](EngineBuilder::connect_args).
    #[must_use]
    pub fn connect_arg(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options.push((name.into(), value.to_string()));
        self
    }

    /// Gives the driver options, beside those of the URL; for an option that both give, these win.
    /// Options that a URL may not give are accepted here: the program vouches for them. May be
    /// called more than once.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::Engine::builder("sqlite://?foreign_keys=false")
    ///     .connect_args([("foreign_keys", true)])
    ///     .build()?;
    /// let are_checked: i64 = engine.execute("pragma foreign_keys", ())?.scalar()?;
    /// assert_eq!(are_checked, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn connect_args<N: Into<String>, V: ToString>(
        mut self,
        options: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let options = options.into_iter();
        self.options.extend(options.map(|(name, value)| (name.into(), value.to_string())));
        self
    }

    /// Asks for user name and password at each connect, in place of those of the URL: for tokens
    /// that expire, and secrets that are kept elsewhere. None unless set.
    ///
    /// Called on the thread that connects, from several at once; an error of it is the error of
    /// connecting. What it gives is never printed, and wiped when the connection is open.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use aludel::engine::Credentials;
    ///
    /// let engine = aludel::Engine::builder("sqlite://")
    ///     .credentials(|| Ok(Credentials::password("token-of-this-hour").with_username("app")))
    ///     .build()?;
    /// let error = engine.connect().unwrap_err(); // SQLite knows no users
    /// assert!(!error.to_string().contains("token-of-this-hour"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn credentials(
        mut self,
        provider: impl Fn() -> Result<Credentials> + Send + Sync + 'static,
    ) -> Self {
        self.credentials = Some(Arc::new(provider));
        self
    }

    /// Opens connections in place of the engine. It gets what the engine would connect with, and
    /// may connect so, otherwise, or not at all. None unless set.
    ///
    /// Called on the thread that connects, from several at once. What is set on each new
    /// connection is set on its connections too.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::Engine::builder("sqlite:///of_the_url.db")
    ///     .creator(|request| {
    ///         let mut args = request.args().clone();
    ///         args.database = Some(":memory:");
    ///         request.connect_with(&args)
    ///     })
    ///     .build()?;
    /// let file: String = engine.execute("pragma database_list", ())?.one::<(i64, String, String)>()?.2;
    /// assert_eq!(file, "");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn creator(
        mut self,
        creator: impl Fn(&ConnectRequest<'_>) -> Result<DriverConnection> + Send + Sync + 'static,
    ) -> Self {
        self.creator = Some(Arc::new(creator));
        self
    }

    /// Sets the isolation level on each new connection; the server's default unless set.
    /// [`build`](EngineBuilder::build) refuses a level that the dialect does not have.
    ///
    /// With [`Autocommit`](IsolationLevel::Autocommit), which every dialect has, no transaction is
    /// begun: each statement commits itself.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// use aludel::dbapi::IsolationLevel;
    ///
    /// let builder = aludel::Engine::builder("sqlite://");
    /// let error = builder.isolation_level(IsolationLevel::RepeatableRead).build().unwrap_err();
    /// assert_eq!(error.message(), "dialect `sqlite` has no isolation_level REPEATABLE READ");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn isolation_level(mut self, level: IsolationLevel) -> Self {
        self.isolation_level = Some(level);
        self
    }
}
