//! How the connections of an engine are opened and what each of them is set to.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::connect_args::{ProgramOptions, connect_args};
use super::credentials::{Credentials, Provider};
use super::events::{DoConnect, Interest};
use super::first_connect::{FirstConnect, Server};
use super::origin::Origin;
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

impl Origin {
    /// Opens a connection and sets it to what the engine wants. The first one is asked for what is
    /// to be known of the server. All of it keeps to the limits.
    ///
    /// # Errors
    /// What the provider of credentials, a listener, the creator or the dialect reports.
    pub(super) fn open(&self, limits: Limits) -> Result<DriverConnection> {
        let (connector, dispatch) = (&self.connector, &self.dispatch);
        let info = self.dialect.info();
        let credentials = connector.credentials.as_ref().map(|provider| provider()).transpose()?;
        let args = self.arguments(credentials.as_ref())?;
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
        if self.plan.keep_connected {
            self.keep_connected(credentials.as_ref(), limits)?;
        }
        Ok(driver)
    }

    /// What the dialect gets before listeners change it.
    fn arguments<'a>(&'a self, credentials: Option<&'a Credentials>) -> Result<ConnectArgs<'a>> {
        let Connector { rules, options, .. } = &self.connector;
        let info = self.dialect.info();
        let mut args = connect_args(&self.url, rules, options, info, self.number)?;
        if let Some(credentials) = credentials {
            args.username = credentials.username().or(args.username);
            args.password = Some(credentials.secret());
        }
        Ok(args)
    }

    /// Keeps a connection that neither listeners nor the creator see: none of them may use it up.
    fn keep_connected(&self, credentials: Option<&Credentials>, limits: Limits) -> Result<()> {
        let args = self.arguments(credentials)?;
        self.anchor.hold(|| self.dialect.connect(&args, limits))?;
        if self.is_closed.load(Ordering::Acquire) {
            // Closing may have looked for it before it was there.
            drop(self.anchor.let_go());
        }
        Ok(())
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
