//! What an engine and its connections tell of the server.

use super::connection::Connection;
use super::first_connect::Server;
use super::handle::Engine;
use crate::dbapi::{IsolationLevel, ServerInfo};
use crate::dialect::Capability;

impl Engine {
    /// Product and version of the server, as the first connection of the engine found them; `None`
    /// before it, and where the dialect cannot tell. Never connects.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// let engine = aludel::create_engine("sqlite://")?;
    /// assert!(engine.server_info().is_none(), "nothing is connected yet");
    /// engine.connect()?;
    /// assert_eq!(engine.server_info().map(|server| server.name.as_str()), Some("SQLite"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn server_info(&self) -> Option<&ServerInfo> {
        self.source().origin.connector.server()?.info.as_ref()
    }

    /// The isolation level of a session that sets none, as the first connection found it; `None`
    /// before it, and where the dialect cannot tell.
    pub fn default_isolation_level(&self) -> Option<IsolationLevel> {
        self.source().origin.connector.server()?.default_isolation_level
    }

    /// The schema of a session that sets none, as the first connection found it; `None` before it,
    /// and where the database has no schemas.
    pub fn default_schema_name(&self) -> Option<&str> {
        self.source().origin.connector.server()?.default_schema_name.as_deref()
    }

    /// Whether this can be done: by the dialect, and by the server once one has been seen, which
    /// may be too old for it or set up without it.
    pub fn has(&self, capability: Capability) -> bool {
        self.source().has(capability)
    }
}

impl Connection {
    fn server(&self) -> Option<&Server> {
        self.source().origin.connector.server()
    }

    /// Product and version of the server, as the first connection of the engine found them; `None`
    /// where the dialect cannot tell.
    pub fn server_info(&self) -> Option<&ServerInfo> {
        self.server()?.info.as_ref()
    }

    /// The version of the server as it writes it; `None` where the dialect cannot tell.
    pub fn server_version(&self) -> Option<&str> {
        self.server_info().map(|server| server.version.as_str())
    }

    /// The isolation level of a session that sets none, as the first connection of the engine found
    /// it; `None` where the dialect cannot tell.
    pub fn default_isolation_level(&self) -> Option<IsolationLevel> {
        self.server()?.default_isolation_level
    }

    /// The schema of a session that sets none, as the first connection of the engine found it;
    /// `None` where the database has no schemas.
    pub fn default_schema_name(&self) -> Option<&str> {
        self.server()?.default_schema_name.as_deref()
    }
}
