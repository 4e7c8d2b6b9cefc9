//! Connecting in the background: for those who wait, and so that some are ready.

use std::panic::Location;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;

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

    /// Opens connections until `pool_min_idle` are ready: one, which shows whether the database is
    /// there, and then the others at the same time.
    pub(super) fn warm_up(self: &Arc<Self>) -> Result<()> {
        let missing = self.config.min_idle.saturating_sub(self.gate.counts().idle);
        if missing == 0 {
            return Ok(());
        }
        if let Some(Some(error)) = self.fill_one(self.config.min_idle) {
            return Err(error);
        }
        let (left, failed) = (AtomicU32::new(missing - 1), Mutex::new(None));
        let fill = || self.fill_some(&left, &failed);
        thread::scope(|scope| {
            for _ in 1..self.config.max_connecting.unwrap_or(MOST).min(missing - 1) {
                let worker = thread::Builder::new().name("aludel-pool".into());
                if worker.spawn_scoped(scope, fill).is_err() {
                    // Fewer open them all.
                    break;
                }
            }
            fill();
        });
        failed.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    /// Opens connections until none is left to be opened, or one fails.
    fn fill_some(self: &Arc<Self>, left: &AtomicU32, failed: &Mutex<Option<Error>>) {
        let failure = || failed.lock().unwrap_or_else(PoisonError::into_inner);
        let less = |left: u32| left.checked_sub(1);
        while failure().is_none()
            && left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
            && let Some(outcome) = self.fill_one(self.config.min_idle)
        {
            if let Some(error) = outcome {
                *failure() = Some(error);
            }
        }
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
