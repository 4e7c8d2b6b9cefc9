//! What listeners to transactions, options and the end of an engine get.

use crate::engine::{Connection, Engine};
use crate::text::ExecutionOptions;

/// A savepoint that is about to be made, released, or rolled back to.
#[derive(Debug)]
#[non_exhaustive]
pub struct SavepointEvent<'e> {
    /// The connection. Statements may be executed on it.
    pub connection: &'e mut Connection,
    /// The savepoint's name.
    pub name: &'e str,
}

impl<'e> SavepointEvent<'e> {
    pub(crate) fn new(connection: &'e mut Connection, name: &'e str) -> Self {
        SavepointEvent { connection, name }
    }
}

/// A two-phase transaction that has begun, or is about to be prepared, committed or rolled back.
#[derive(Debug)]
#[non_exhaustive]
pub struct TwoPhaseEvent<'e> {
    /// The connection. Statements may be executed on it while the transaction is not prepared.
    pub connection: &'e mut Connection,
    /// The transaction's identifier.
    pub xid: &'e str,
    /// True when the transaction has been prepared.
    pub is_prepared: bool,
}

impl<'e> TwoPhaseEvent<'e> {
    pub(crate) fn new(connection: &'e mut Connection, xid: &'e str, is_prepared: bool) -> Self {
        TwoPhaseEvent { connection, xid, is_prepared }
    }
}

/// Options that are about to be set on a connection.
#[derive(Debug)]
#[non_exhaustive]
pub struct ConnectionOptions<'e> {
    /// The connection, which does not have them yet.
    pub connection: &'e mut Connection,
    /// The options that are set, and no others. May be changed.
    pub options: &'e mut ExecutionOptions,
}

impl<'e> ConnectionOptions<'e> {
    pub(crate) fn new(connection: &'e mut Connection, options: &'e mut ExecutionOptions) -> Self {
        ConnectionOptions { connection, options }
    }
}

/// Options that are about to be set on an engine, or on a sub-engine that is being made.
#[derive(Debug)]
#[non_exhaustive]
pub struct EngineOptions<'e> {
    /// The engine, which does not have them yet; that of which the sub-engine is made.
    pub engine: &'e Engine,
    /// The options that are set, and no others. May be changed.
    pub options: &'e mut ExecutionOptions,
}

impl<'e> EngineOptions<'e> {
    pub(crate) fn new(engine: &'e Engine, options: &'e mut ExecutionOptions) -> Self {
        EngineOptions { engine, options }
    }
}

/// An engine whose idle connections have been closed.
#[derive(Debug)]
#[non_exhaustive]
pub struct EngineDisposed<'e> {
    /// The engine. It stays usable.
    pub engine: &'e Engine,
}

impl<'e> EngineDisposed<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        EngineDisposed { engine }
    }
}
