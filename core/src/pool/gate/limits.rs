//! What a gate is told when it is made.

use std::time::Duration;

/// How many slots there are, and how callers wait for them.
#[derive(Clone, Debug)]
pub(crate) struct GateLimits {
    /// Idle seats that are kept; `None` keeps all.
    pub(crate) keep: Option<u32>,
    /// Slots in all; `None` sets no limit.
    pub(crate) max_open: Option<u32>,
    /// Idle seats are taken in the reverse order of their return.
    pub(crate) lifo: bool,
    /// For how long a waiter may be overtaken.
    pub(crate) bypass: Duration,
    /// Callers that may wait at the same time.
    pub(crate) max_waiters: Option<u32>,
    /// Slots that may be empty in the hands of somebody who fills them.
    pub(crate) max_connecting: Option<u32>,
    /// Callers are given seats only; slots are filled by others.
    pub(crate) background: bool,
}
