//! What listeners to `do_connect` get: the arguments of a connection that is about to be opened.

use std::borrow::Cow;

use zeroize::Zeroizing;

use crate::abi::host::{DriverConnection, DriverDialect, Limits};
use crate::dialect::ConnectArgs;
use crate::error::Result;

/// A connection that is about to be opened. The arguments may be changed, or the connection opened
/// here.
pub struct DoConnect<'e> {
    dialect: DriverDialect,
    /// What the dialect gets. User and password are changed with
    /// [`set_username`](Self::set_username) and [`set_password`](Self::set_password), which go
    /// before those that stand here.
    pub args: ConnectArgs<'e>,
    limits: Limits,
    username: Option<String>,
    password: Option<Zeroizing<String>>,
    connection: Option<DriverConnection>,
}

impl<'e> DoConnect<'e> {
    pub(crate) fn new(dialect: DriverDialect, args: ConnectArgs<'e>, limits: Limits) -> Self {
        DoConnect { dialect, args, limits, username: None, password: None, connection: None }
    }

    /// The dialect of the engine.
    pub fn dialect(&self) -> DriverDialect {
        self.dialect
    }

    /// Connects as this user.
    pub fn set_username(&mut self, username: impl Into<String>) {
        self.username = Some(username.into());
    }

    /// Connects with this password or token. It is wiped from memory afterwards.
    pub fn set_password(&mut self, password: impl Into<String>) {
        self.password = Some(Zeroizing::new(password.into()));
    }

    /// Sets an option of the dialect; it goes before one of the same name that the URL or the
    /// program gives. It is not checked: the dialect may refuse it.
    pub fn set_option(&mut self, name: impl Into<String>, value: impl ToString) {
        self.args.options.push((Cow::Owned(name.into()), Cow::Owned(value.to_string())));
    }

    /// Opens a connection with the arguments as they are now. It is used when it is given to
    /// [`set_connection`](Self::set_connection). Blocks, at most as long as the engine's
    /// `pool_connect_timeout` leaves.
    ///
    /// # Errors
    /// What the dialect reports: `Operational` when the database cannot be reached or refuses.
    pub fn connect(&self) -> Result<DriverConnection> {
        self.dialect.connect(&self.arguments(), self.limits)
    }

    /// Uses this connection; the engine opens none, and listeners after this one are not called.
    pub fn set_connection(&mut self, connection: DriverConnection) {
        self.connection = Some(connection);
    }

    pub(super) fn has_connection(&self) -> bool {
        self.connection.is_some()
    }

    /// The connection that a listener has opened.
    pub(crate) fn take_connection(&mut self) -> Option<DriverConnection> {
        self.connection.take()
    }

    /// The arguments with what was changed.
    pub(crate) fn arguments(&self) -> ConnectArgs<'_> {
        let args = &self.args;
        let options = args.options.iter();
        ConnectArgs {
            scheme: args.scheme,
            hosts: args.hosts.clone(),
            username: self.username.as_deref().or(args.username),
            password: self.password.as_ref().map(|password| password.as_str()).or(args.password),
            database: args.database,
            options: options
                .map(|(name, value)| (Cow::from(&**name), Cow::from(&**value)))
                .collect(),
            is_untrusted: args.is_untrusted,
            engine: args.engine,
        }
    }
}

impl std::fmt::Debug for DoConnect<'_> {
    /// Leaves password and option values out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DoConnect")
            .field("args", &self.args)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
