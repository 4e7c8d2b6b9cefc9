//! How the connections of an engine are opened and what each of them is set to.

use std::sync::Arc;

use super::connect_args::{ProgramOptions, connect_args};
use super::credentials::Provider;
use super::events::{Dispatch, DoConnect, Interest};
use super::first_connect::{FirstConnect, Server};
use super::source::Source;
use super::url_rules::UrlRules;
use crate::abi::host::{DriverConnection, DriverDialect, Limits};
use crate::dbapi::IsolationLevel;
use crate::dialect::{ConnectArgs, option_key};
use crate::error::{Error, Result};
use crate::value::ValueRef;

/// How connections are opened, and what each of them is set to.
pub(super) struct Connector {
    pub(super) rules: UrlRules,
    pub(super) options: ProgramOptions,
    pub(super) creator: Option<Creator>,
    pub(super) credentials: Option<Provider>,
    /// Set on each new connection.
    pub(super) isolation_level: Option<IsolationLevel>,
    pub(super) first_connect: FirstConnect,
}

/// Opens a connection in place of the engine.
pub(super) type Creator =
    Arc<dyn Fn(&ConnectRequest<'_>) -> Result<DriverConnection> + Send + Sync>;

/// A connection that is about to be opened: what a
/// [`creator`](super::EngineBuilder::creator) gets, to open it as it is or otherwise.
pub struct ConnectRequest<'r> {
    dialect: DriverDialect,
    args: ConnectArgs<'r>,
    limits: Limits,
}

impl<'r> ConnectRequest<'r> {
    /// The dialect of the engine.
    pub fn dialect(&self) -> DriverDialect {
        self.dialect
    }

    /// What the dialect gets of the URL, the program's options and the credentials.
    pub fn args(&self) -> &ConnectArgs<'r> {
        &self.args
    }

    /// Opens the connection as the engine would. Blocks.
    ///
    /// # Errors
    /// What the dialect reports: `Operational` when the database cannot be reached or refuses.
    pub fn connect(&self) -> Result<DriverConnection> {
        self.connect_with(&self.args)
    }

    /// Opens a connection with other arguments, for example changed ones. Blocks.
    ///
    /// # Errors
    /// As [`connect`](ConnectRequest::connect).
    pub fn connect_with(&self, args: &ConnectArgs<'_>) -> Result<DriverConnection> {
        self.dialect.connect(args, self.limits)
    }
}

impl std::fmt::Debug for ConnectRequest<'_> {
    /// Leaves password and option values out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConnectRequest").field("args", &self.args).finish_non_exhaustive()
    }
}

impl Connector {
    /// What is known of the server; `None` before the first connection.
    pub(super) fn server(&self) -> Option<&Server> {
        self.first_connect.server()
    }
}

impl Source {
    /// Opens a connection and sets it to what the engine wants. The first one is asked for what is
    /// to be known of the server. All of it ends with `pool_connect_timeout`.
    ///
    /// # Errors
    /// What the provider of credentials, a listener, the creator or the dialect reports.
    pub(super) fn open(&self, dispatch: &Dispatch) -> Result<DriverConnection> {
        let connector = &self.connector;
        let info = self.dialect.info();
        let limits = self.pool.connect_timeout.map_or(Limits::NONE, Limits::within);
        let credentials = connector.credentials.as_ref().map(|provider| provider()).transpose()?;
        let mut args = connect_args(&self.url, &connector.rules, &connector.options, info)?;
        if let Some(credentials) = &credentials {
            args.username = credentials.username().or(args.username);
            args.password = Some(credentials.secret());
        }
        let mut driver = if dispatch.listens(Interest::DO_CONNECT) {
            let mut context = DoConnect::new(self.dialect, args, limits);
            dispatch.do_connect(&mut context)?;
            match context.take_connection() {
                Some(driver) => driver,
                None => self.connect(context.arguments(), limits)?,
            }
        } else {
            self.connect(args, limits)?
        };
        if driver.info().name != info.name {
            return Err(foreign(driver.info().name, info.name));
        }
        // Before anything is set, so that the defaults are the server's own.
        connector.first_connect.once(&mut driver, limits)?;
        match connector.isolation_level {
            // Nothing that the driver must know: no transaction is begun.
            None | Some(IsolationLevel::Autocommit) => {}
            Some(level) => {
                let value = ValueRef::Text(level.name());
                driver.set_option(option_key::ISOLATION_LEVEL, value, limits)?;
            }
        }
        Ok(driver)
    }

    fn connect(&self, args: ConnectArgs<'_>, limits: Limits) -> Result<DriverConnection> {
        let request = ConnectRequest { dialect: self.dialect, args, limits };
        match &self.connector.creator {
            Some(creator) => creator(&request),
            None => request.connect(),
        }
    }
}

#[cold]
fn foreign(given: &str, wanted: &str) -> Error {
    Error::argument(format!(
        "the program gave a connection of dialect `{given}` to an engine of dialect `{wanted}`"
    ))
    .with_help("open the connection through the request that the creator gets")
}
