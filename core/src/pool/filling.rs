//! Connecting in the background: for those who wait, and so that some are ready.

use std::panic::Location;
use std::sync::{Arc, Weak};

use super::call::Call;
use super::core::Core;
use super::gate::Gate;
use super::manager::Manager;
use super::moment::Moment;
use super::panicked;
use super::record::Record;
use super::settings::Prefill;
use super::telling::Reason;
use super::workers;
use crate::error::{Error, Result};
use tracing::Level;

/// Workers that connect for one pool at most, where the settings set no limit.
const MOST: u32 = 64;

/// Sends another worker when one ends by a panic.
struct Replaced<'a, M: Manager>(&'a Arc<Core<M>>);

impl<M: Manager> Drop for Replaced<'_, M> {
    fn drop(&mut self) {
        // Who came to wait just before found enough workers, and sent none.
        if std::thread::panicking() && self.0.gate.wants_filling() {
            Core::send_worker(&Arc::downgrade(self.0));
        }
    }
}

impl<M: Manager> Core<M> {
    /// Has workers connect whenever somebody waits.
    pub(super) fn fill_in_background(self: &Arc<Self>) {
        let core = Arc::downgrade(self);
        self.gate.fill_by(Box::new(move || Self::send_worker(&core)));
    }

    fn send_worker(core: &Weak<Self>) {
        let Some(strong) = core.upgrade() else { return };
        let limit = strong.config.max_connecting.unwrap_or(MOST);
        if strong.fillers.begin(limit) {
            workers::run(Box::new(move || strong.fill_for_waiters(limit)));
        }
    }

    fn fill_for_waiters(self: Arc<Self>, limit: u32) {
        let _replaced = Replaced(&self);
        let wanted = || self.gate.wants_filling();
        self.fillers.serve(limit, wanted, || self.fill_one(0).is_some());
    }

    /// Connects once, if somebody waits or fewer than `idle` are ready. `None` when it need not, and
    /// an error that nobody waited for.
    fn fill_one(self: &Arc<Self>, idle: u32) -> Option<Option<Error>> {
        let slot = Gate::slot_to_fill(&self.gate, idle)?;
        let call = Call::new(Location::caller(), self.config.timeout);
        let mut record = Record::new(self);
        match panicked::told(|| self.connect(&mut record, &call)) {
            Ok(()) => {
                record.fresh = Some(Moment::now());
                self.return_place(slot.occupy(record));
                Some(None)
            }
            Err(error) => {
                // After a panic of a listener there is a connection in it.
                drop(record);
                // Who waited is told before the slot is free for the next attempt.
                let left = Gate::fail(&self.gate, error);
                drop(slot);
                Some(left)
            }
        }
    }

    /// Opens connections until `pool_min_idle` are ready.
    pub(super) fn warm_up(self: &Arc<Self>) -> Result<()> {
        while let Some(failed) = self.fill_one(self.config.min_idle) {
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(())
    }

    /// What `pool_prefill` asks for when a pool is built.
    pub(super) fn prefill(self: &Arc<Self>) -> Result<()> {
        match self.config.prefill {
            Prefill::Off => Ok(()),
            Prefill::Fail => self.warm_up(),
            Prefill::Warn => {
                if let Err(error) = self.warm_up() {
                    let text = format_args!("The pool could not be filled: {}", Reason(&error));
                    self.say(Level::WARN, text);
                }
                Ok(())
            }
        }
    }
}
