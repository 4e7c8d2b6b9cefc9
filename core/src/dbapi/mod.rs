//! What a driver implements: PEP 249's connection and cursor, as traits with working defaults.
//!
//! A dialect has three types: one that implements [`Dialect`](crate::dialect::Dialect), its
//! [`Connection`] and its [`Statement`]. Only connecting, preparing, executing and fetching must
//! be written; every other method has a default that says "not supported", and the host falls back
//! or tells its user so.
//!
//! # Contract
//! - The host never has two calls at once on a connection or on its statements, except [`Cancel`].
//! - Every call that may wait for a server gets a [`Call`] with its deadline.
//! - Lent memory lives until the next call on the connection or one of its statements;
//!   [`Statement::columns`] and [`Statement::parameters`] leave it alone.
//! - Panics are caught; the connection that one happened on is not used again.
//! - Errors that come after rows are delivered after them.

mod bulk;
mod call;
mod cancel;
mod column;
mod connection;
mod notice;
mod reflect;
mod server;
mod statement;
mod transaction;

pub use crate::abi::params::{ParamRows, Params};
pub use crate::abi::row_builder::RowBuilder;
pub use crate::abi::writer::RowWriter;
pub use bulk::{BulkChunk, BulkDirection, BulkSpec};
pub use call::Call;
pub use cancel::Cancel;
pub use column::{Column, Origin, Parameter, SqlType, TypeKind};
pub use connection::{Connection, ParamDirection, PrepareOptions, Prepared, ScriptOutcome};
pub use notice::{Notice, Notification};
pub use reflect::{ReflectFilter, ReflectKind};
pub use server::ServerInfo;
pub use statement::Statement;
pub use transaction::{
    AccessMode, IsolationLevel, Savepoint, TransactionOptions, TransactionState, TwoPhase,
};
