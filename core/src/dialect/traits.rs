//! The trait that a dialect implements.

use super::{ConnectArgs, ConnectPlan, DialectInfo};
use crate::dbapi::{Call, Connection};
use crate::error::Result;

/// A dialect: how to reach one kind of database and what its SQL is like.
///
/// Implement it on a type of your own, with [`Connection`] and
/// [`Statement`](crate::dbapi::Statement) beside it. The same crate then links statically
/// ([`StaticDialect`](crate::abi::StaticDialect)) or becomes a plugin through
/// [`export_dialect!`](crate::export_dialect).
pub trait Dialect: Sized + Send + Sync + 'static {
    /// Its connections.
    type Connection: Connection;

    /// Everything that can be known without connecting.
    const INFO: DialectInfo;

    /// Prepares what the driver shares in the whole process, such as a C library that has to be
    /// initialised. Called once before anything else: when the plugin is loaded, or when the linked
    /// dialect is registered; after a failure, again when it is next asked for. A plugin's has to
    /// return within the host's time, 10 seconds unless it is set otherwise. The default does
    /// nothing.
    ///
    /// # Errors
    /// Why the dialect cannot be used in this process. A panic is reported in the same way.
    fn init() -> Result<()> {
        Ok(())
    }

    /// Opens a connection. Blocks until the call's deadline at most. May be called from several
    /// threads at once.
    ///
    /// # Errors
    /// `Operational` when the database cannot be reached or refuses; `Argument` for a URL that
    /// makes no sense for this dialect.
    fn connect(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<Self::Connection>;

    /// Checks the URL without connecting, and tells what the driver would get and which pool
    /// suits. Called when an engine is made. The default accepts every URL.
    ///
    /// # Errors
    /// `Argument` for a URL that makes no sense for this dialect.
    fn create_connect_args(args: &ConnectArgs<'_>) -> Result<ConnectPlan> {
        let _ = args;
        Ok(ConnectPlan::default())
    }
}
