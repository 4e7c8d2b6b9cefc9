//! What an engine learns of its server from its first connection, once.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::abi::host::{DriverConnection, Limits};
use crate::dbapi::{IsolationLevel, ServerInfo, TransactionState};
use crate::dialect::{Capability, DialectInfo, SqlRules, option_key};
use crate::error::{ErrorKind, Result};
use crate::value::Value;

/// Asks the first connection of an engine for what is to be known of the server.
///
/// Whoever connects meanwhile waits. When asking fails, the connection is closed, its user gets the
/// error, and the next connection is asked.
#[derive(Default)]
pub(super) struct FirstConnect {
    server: OnceLock<Server>,
    asking: Mutex<()>,
}

/// What is known of the server.
pub(super) struct Server {
    /// Product and version, where the dialect can tell.
    pub(super) info: Option<ServerInfo>,
    /// The isolation level of a session that sets none.
    pub(super) default_isolation_level: Option<IsolationLevel>,
    /// The schema of a session that sets none.
    pub(super) default_schema_name: Option<String>,
    /// The rules of its SQL.
    pub(super) rules: SqlRules,
    dialect: &'static DialectInfo,
}

impl FirstConnect {
    pub(super) fn server(&self) -> Option<&Server> {
        self.server.get()
    }

    /// Asks this connection, unless another has answered.
    pub(super) fn once(&self, driver: &mut DriverConnection, limits: Limits) -> Result<()> {
        if self.server.get().is_some() {
            return Ok(());
        }
        let _asking = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if self.server.get().is_none() {
            let server = Server::ask(driver, limits)?;
            // Nobody else sets it: they wait for the lock.
            self.server.get_or_init(|| server);
        }
        Ok(())
    }
}

impl Server {
    fn ask(driver: &mut DriverConnection, limits: Limits) -> Result<Self> {
        let dialect = driver.info();
        let info = if_supported(driver.server_info(limits))?;
        let level = text_option(driver, option_key::ISOLATION_LEVEL, limits)?;
        let default_schema_name = text_option(driver, option_key::SCHEMA, limits)?;
        // What asking has begun is not the program's.
        if matches!(
            driver.transaction_state(),
            TransactionState::Active | TransactionState::Aborted
        ) {
            driver.rollback(limits)?;
        }
        let mut rules = dialect.rules;
        for (name, value) in info.iter().flat_map(|info| &info.rules) {
            rules.overrule(name, value)?;
        }
        let default_isolation_level = level.and_then(|name| name.parse().ok());
        Ok(Server { info, default_isolation_level, default_schema_name, rules, dialect })
    }

    /// Whether this server can do this.
    pub(super) fn has(&self, capability: Capability) -> bool {
        match self.info.as_ref().and_then(|info| info.capabilities.as_ref()) {
            Some(names) => names.iter().any(|name| name == capability.name()),
            None => self.dialect.has(capability),
        }
    }
}

fn text_option(driver: &mut DriverConnection, key: &str, limits: Limits) -> Result<Option<String>> {
    let value = if_supported(driver.get_option(key, limits))?;
    Ok(match value {
        Some(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    })
}

/// What the dialect cannot tell is not known; any other error is one.
fn if_supported<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Err(error) if error.kind() == ErrorKind::NotSupported => Ok(None),
        answer => answer.map(Some),
    }
}
