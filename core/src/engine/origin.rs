//! Where the connections of an engine come from: all that opening one needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::anchor::Anchor;
use super::connector::Connector;
use super::events::Dispatch;
use crate::abi::host::DriverDialect;
use crate::dialect::ConnectPlan;
use crate::url::Url;

/// What opening a connection needs; the pool's manager has it, and so has the engine.
pub(super) struct Origin {
    pub(super) url: Url,
    pub(super) dialect: DriverDialect,
    /// By which the dialect knows the engine; 0 when each connection is to be by itself.
    pub(super) number: u64,
    /// What the driver gets of the URL, and the pool that suits.
    pub(super) plan: ConnectPlan,
    pub(super) connector: Connector,
    /// Statements that each connection keeps prepared.
    pub(super) statement_cache_size: usize,
    /// The listeners of the engine, of which sub-engines' are children.
    pub(super) dispatch: Arc<Dispatch>,
    /// Empty unless the plan says to keep connected.
    pub(super) anchor: Anchor,
    /// No connection is opened any more.
    pub(super) is_closed: AtomicBool,
    /// How often connections were lost and took the others with them.
    losses: AtomicU64,
}

impl Origin {
    pub(super) fn new(
        (url, dialect, plan): (Url, DriverDialect, ConnectPlan),
        number: u64,
        connector: Connector,
        statement_cache_size: usize,
    ) -> Self {
        Origin {
            url,
            dialect,
            number,
            plan,
            connector,
            statement_cache_size,
            dispatch: Dispatch::new(),
            anchor: Anchor::default(),
            is_closed: AtomicBool::new(false),
            losses: AtomicU64::new(0),
        }
    }

    pub(super) fn losses(&self) -> u64 {
        self.losses.load(Ordering::Acquire)
    }

    /// A connection is lost that was opened after this many losses. True when that is news: then
    /// all that were opened before now are taken to be lost as well. Those of them that turn out to
    /// be lost later are no reason to doubt the connections that were opened since.
    pub(super) fn is_news(&self, opened_after: u64) -> bool {
        let next = opened_after + 1;
        let swapped =
            self.losses.compare_exchange(opened_after, next, Ordering::AcqRel, Ordering::Relaxed);
        swapped.is_ok()
    }
}
