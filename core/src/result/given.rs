//! A statement as the program gives it, and how it is to be executed.

use std::num::NonZeroUsize;
use std::panic::Location;
use std::time::Duration;

use super::executable::Executable;
use crate::abi::host::{ExecuteOptions, Limits};
use crate::engine::Connection;
use crate::text::BindParam;

/// How a statement is executed.
#[derive(Clone, Copy)]
pub(super) struct How {
    pub(super) start: ExecuteOptions,
    /// Rows of an insert of many rows at most.
    pub(super) page_size: Option<NonZeroUsize>,
    /// Rows that come back stand in the order of the parameters.
    pub(super) sorts: bool,
    /// Somebody wants to know what is executed.
    pub(super) is_watched: bool,
    /// It is, or somebody listens to what the driver executes.
    pub(super) is_told: bool,
    /// Who executes it.
    pub(super) caller: &'static Location<'static>,
    /// How long the connection had told of its work in all when the limits were made.
    pub(super) told_in: Duration,
}

impl How {
    /// The limits without the time that telling of this execution has taken so far.
    pub(super) fn limits(&self, connection: &Connection) -> Limits {
        connection.limits_since(self.start.limits, self.told_in)
    }
}

/// A statement as the program gives it.
#[derive(Clone, Copy)]
pub(super) struct Given<'s> {
    pub(super) sql: &'s str,
    /// What a `text()` declares of its binds.
    pub(super) declared: Option<&'s [BindParam]>,
    pub(super) is_drivers_own: bool,
}

impl<'s> Given<'s> {
    pub(super) fn of<S: Executable>(statement: &'s S) -> Self {
        match statement.clause() {
            Some(clause) => {
                let declared = Some(clause.declared());
                Given { sql: clause.as_str(), declared, is_drivers_own: false }
            }
            None => {
                let is_drivers_own = statement.is_drivers_own();
                Given { sql: statement.sql(), declared: None, is_drivers_own }
            }
        }
    }
}
