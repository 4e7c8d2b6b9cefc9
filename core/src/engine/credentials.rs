//! User name and password that are asked for at each connect.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::error::Result;

/// User name and password of one connection: what a provider of
/// [`credentials`](super::EngineBuilder::credentials) gives. Wiped from memory when dropped, and
/// never printed.
///
/// ```
/// use aludel::engine::Credentials;
///
/// let credentials = Credentials::password("token-of-this-hour").with_username("app");
/// assert_eq!(format!("{credentials:?}"), "Credentials { username: Some(\"app\"), password: *** }");
/// ```
#[derive(Clone)]
pub struct Credentials {
    username: Option<String>,
    password: Zeroizing<String>,
}

impl Credentials {
    /// This password, for the user that the URL names.
    pub fn password(password: impl Into<String>) -> Self {
        Credentials { username: None, password: Zeroizing::new(password.into()) }
    }

    /// The same password, for this user.
    #[must_use]
    pub fn with_username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    pub(super) fn username(&self) -> Option<&str> {
        self.username.as_deref()
    }

    pub(super) fn secret(&self) -> &str {
        &self.password
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username)
            .field("password", &format_args!("***"))
            .finish()
    }
}

/// Gives the credentials of a connection that is about to be opened.
pub(super) type Provider = Arc<dyn Fn() -> Result<Credentials> + Send + Sync>;
