//! Opening connections, and what is done to a connection that has just been opened.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::call::Call;
use super::core::{Core, Trouble};
use super::gate::Gate;
use super::manager::Manager;
use super::record::{Record, STALE, SeatOf, SlotOf};
use super::refusal::closed;
use super::stats::Why;
use super::timed::took;
use crate::error::Result;
use tracing::Level;

/// Counts an attempt that ends by a panic.
struct Attempt<'a, M: Manager>(&'a Core<M>);

impl<M: Manager> Drop for Attempt<'_, M> {
    fn drop(&mut self) {
        self.0.stats.connects_panicked.add();
        let text = "the attempt panicked".to_owned();
        *self.0.trouble() = Some(Trouble { text, at: Instant::now() });
        self.0.connect_failed();
    }
}

impl<M: Manager> Core<M> {
    fn open(&self, call: &Call) -> Result<M::Connection> {
        let limit = self.config.connect_timeout;
        let left = call.deadline.map(|at| at.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(self.timed_out(call));
        }
        let within = left.into_iter().chain(limit).min();
        self.may_connect()?;
        let attempt = Attempt(self);
        let (opened, took) = took(self.timed.is_some(), || self.manager.connect(within));
        std::mem::forget(attempt);
        if let (Some(timed), Some(took)) = (&self.timed, took) {
            timed.connect.record(took);
        }
        if self.config.max_connecting.is_some() {
            Gate::pace(&self.gate, opened.is_ok());
        }
        match &opened {
            Ok(_) => {
                self.stats.connects.add();
                self.connect_succeeded();
            }
            Err(error) => {
                self.stats.connects_failed.add();
                let text = format!("{error:#}");
                *self.trouble() = Some(Trouble { text, at: Instant::now() });
                self.connect_failed();
            }
        }
        opened.inspect_err(|error| {
            self.say(Level::DEBUG, format_args!("Error on connect(): {}", error.message()));
        })
    }

    /// Fills an empty slot. On failure, also by a panic, the slot goes to the next who waits.
    pub(super) fn fill(self: &Arc<Self>, slot: SlotOf<M>, call: &Call) -> Result<Box<SeatOf<M>>> {
        let mut record = Record::new(self);
        self.connect(&mut record, call)?;
        Ok(slot.occupy(record))
    }

    /// Opens a connection in a record that has none.
    pub(super) fn connect(&self, record: &mut Record<M>, call: &Call) -> Result<()> {
        self.first.refuse_itself()?;
        self.refuse_when_closed()?;
        // Read first: what is invalidated while this connects is older than the invalidation.
        let generation = self.generation.load(Ordering::Acquire);
        let began = call.told.then(Instant::now);
        let opened = self.open(call);
        if let Some(began) = began {
            record.connecting += began.elapsed();
        }
        let connection = opened?;
        record.fill(connection, generation);
        // The pool may have been closed meanwhile.
        self.refuse_when_closed().inspect_err(|_| self.terminate(record, Why::Dispose))?;
        let number = record.number;
        self.say_of(Level::DEBUG, number, format_args!("Created new connection {number}"));
        self.greet(record).inspect_err(|_| {
            record.generation = STALE;
            // As in SQLAlchemy, no listener is told of the end of what another one refused.
            if let Some(connection) = record.connection.take() {
                self.stats.closed(Why::Invalid);
                self.hard_close(connection, record.number);
            }
        })
    }

    fn refuse_when_closed(&self) -> Result<()> {
        if self.gate.is_closed() { Err(closed()) } else { Ok(()) }
    }

    /// Tells the listeners of a new connection.
    fn greet(&self, record: &mut Record<M>) -> Result<()> {
        if !self.is(super::core::LISTENED) {
            return Ok(());
        }
        let listeners = self.audience.all();
        let Some(mut view) = record.view() else { return Ok(()) };
        self.first
            .meet(|| listeners.iter().try_for_each(|listener| listener.first_connect(&mut view)))?;
        listeners.iter().try_for_each(|listener| listener.connect(&mut view))
    }
}
