//! A pool after a fork: the child begins anew, and does not touch what belongs to its parent.
//!
//! Parent and child share the sockets. Whatever the child said on them, or their closing, would reach
//! the parent's sessions; so the child's pool leaves its parent's connections as they are.

use std::sync::Arc;

use super::core::Core;
use super::gate::Gate;
use super::listener::Audience;
use super::manager::Manager;
use super::record::SeatOf;
use crate::abi::fork;

impl<M: Manager> Core<M> {
    /// True in a child of the process that made the pool.
    #[inline]
    pub(super) fn is_forked(&self) -> bool {
        self.forks != fork::forks()
    }

    /// This core, or the one that has taken its place in this process.
    pub(super) fn of_this_process(self: &Arc<Self>) -> &Arc<Self> {
        let mut core = self;
        while core.is_forked() {
            core = core.successor.get_or_init(|| core.succeed());
        }
        core
    }

    /// As [`of_this_process`](Self::of_this_process), if this process has used the pool.
    pub(super) fn used_by_this_process(self: &Arc<Self>) -> Option<&Arc<Self>> {
        let mut core = self;
        while core.is_forked() {
            core = core.successor.get()?;
        }
        Some(core)
    }

    fn succeed(&self) -> Arc<Self> {
        for seat in Gate::abandon(&self.gate) {
            self.abandon(seat);
        }
        let listeners = Vec::clone(&self.audience.all());
        let audience = Arc::new(Audience::new(listeners));
        let mut config = self.config.clone();
        config.echo = self.echo();
        Core::new(Arc::clone(&self.manager), config, audience, self.telling.sink.clone())
    }

    /// Leaves a connection to the parent. Nothing of the old core may be asked for: its locks may be
    /// held by threads that this process does not have.
    #[cold]
    pub(super) fn abandon(&self, mut seat: Box<SeatOf<M>>) {
        if let Some(connection) = seat.value.connection.take() {
            self.manager.abandon(connection);
        }
        std::mem::forget(seat);
    }
}
