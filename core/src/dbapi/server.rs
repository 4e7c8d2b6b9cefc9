//! What a connection knows of its server.

/// The server behind a connection.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ServerInfo {
    /// Product, for example `PostgreSQL`.
    pub name: String,
    /// Version as the server writes it.
    pub version: String,
    /// Names of the capabilities that this server has, where they differ from the dialect's.
    pub capabilities: Option<Vec<String>>,
    /// SQL rules that differ from the dialect's, under the names of the fields of
    /// [`SqlRules`](crate::dialect::SqlRules) (for example `backslash_escapes` = `false`).
    pub rules: Vec<(String, String)>,
}

impl ServerInfo {
    /// A server of this product and version that is as its dialect says.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        ServerInfo {
            name: name.into(),
            version: version.into(),
            capabilities: None,
            rules: Vec::new(),
        }
    }
}
