//! The way of a connection back: reset, kept or closed, and handed to whoever waits.

use std::sync::Arc;
use std::time::Duration;

use super::core::{AT_RETURN, Core, ECHOED, LISTENED};
use super::detached;
use super::gate::Gate;
use super::manager::Manager;
use super::moment::Moment;
use super::record::{Record, SeatOf};
use super::settings::{PoolClass, ResetOnReturn};
use super::stats::Why;
use super::telling::Reason;
use super::workers;
use crate::error::{Error, Result};
use tracing::Level;

/// Takes a connection back from its user. Usually one step.
#[inline]
pub(super) fn check_in<M: Manager>(mut seat: Box<SeatOf<M>>) {
    let record = &mut seat.value;
    let core = &record.core;
    let careful = core.careful.load(std::sync::atomic::Ordering::Relaxed) & AT_RETURN;
    let forked = core.is_forked();
    if let Some(connection) = &mut record.connection
        && careful == 0
        && !forked
        && !record.of_task
        && !record.detached
        && !std::thread::panicking()
        && !core.manager.is_broken(connection)
    {
        let how = core.config.reset_on_return;
        let reset = if how != ResetOnReturn::None && core.manager.needs_reset(connection) {
            core.manager.reset(connection, how, core.config.reset_timeout)
        } else {
            Ok(())
        };
        match reset {
            Ok(()) => {
                record.card.clear();
                if let Err(seat) = seat.put() {
                    release(seat);
                }
            }
            Err(error) => reset_failed(seat, &error),
        }
        return;
    }
    check_in_otherwise(seat);
}

#[cold]
#[inline(never)]
fn check_in_otherwise<M: Manager>(seat: Box<SeatOf<M>>) {
    if seat.value.core.is_forked() {
        let core = Arc::clone(&seat.value.core);
        return core.abandon(seat);
    }
    if seat.value.detached {
        return detached::end(seat);
    }
    if seat.value.of_task {
        return check_in_of_task(seat);
    }
    check_in_with_care(seat, std::thread::panicking());
}

/// Takes a connection back from a task: what may wait is done by a worker.
#[cold]
fn check_in_of_task<M: Manager>(mut seat: Box<SeatOf<M>>) {
    let panicking = std::thread::panicking();
    let core = Arc::clone(&seat.value.core);
    let nothing_to_do = seat.value.connection.as_ref().is_some_and(|connection| {
        let resets = core.config.reset_on_return != ResetOnReturn::None;
        let careful = panicking || core.is(LISTENED | ECHOED);
        let closes = core.manager.is_broken(connection);
        let asks = resets && core.manager.needs_reset(connection);
        !careful && !closes && !asks
    });
    if !nothing_to_do {
        return core.give_back_by_worker(move |_| check_in_with_care(seat, panicking));
    }
    seat.value.of_task = false;
    core.report_return(&seat.value);
    seat.value.card.clear();
    if let Some(times) = &mut seat.value.times {
        times.last_used = Moment::now();
    }
    let Err(seat) = seat.put() else { return };
    if let Some(seat) = seat.release() {
        let why = core.why_refused(&seat);
        core.give_back_by_worker(move |core| core.close_seat(seat, why));
    }
}

#[cold]
#[inline(never)]
fn reset_failed<M: Manager>(mut seat: Box<SeatOf<M>>, error: &Error) {
    let core = Arc::clone(&seat.value.core);
    core.note_failed_reset(&mut seat.value, error);
    core.give_back(seat);
}

#[cold]
fn check_in_with_care<M: Manager>(mut seat: Box<SeatOf<M>>, panicking: bool) {
    let core = Arc::clone(&seat.value.core);
    core.clean(&mut seat.value, panicking);
    core.give_back(seat);
}

#[cold]
#[inline(never)]
fn release<M: Manager>(seat: Box<SeatOf<M>>) {
    let core = Arc::clone(&seat.value.core);
    core.settle_seat(seat);
}

impl<M: Manager> Core<M> {
    /// Resets a connection that comes back, or closes it when that is impossible.
    fn clean(&self, record: &mut Record<M>, panicking: bool) {
        let Some(connection) = &mut record.connection else { return };
        if panicking && !self.manager.is_clean(connection) {
            return self.invalidate(record, None, Why::Panic);
        }
        if self.manager.is_broken(connection) {
            return self.invalidate(record, None, Why::Broken);
        }
        let how = self.config.reset_on_return;
        self.say_returned(record.number);
        self.tell(|listener| listener.reset(connection, how));
        if let Err(error) = self.reset(connection, record.number) {
            self.note_failed_reset(record, &error);
        }
    }

    /// Undoes what is open on a connection that comes back.
    pub(super) fn reset(&self, connection: &mut M::Connection, number: u64) -> Result<()> {
        let how = self.config.reset_on_return;
        if how == ResetOnReturn::None {
            return Ok(());
        }
        let needs = self.manager.needs_reset(connection);
        self.say_reset(number, needs.then_some(how));
        match needs {
            true => self.manager.reset(connection, how, self.config.reset_timeout),
            false => Ok(()),
        }
    }

    fn note_failed_reset(&self, record: &mut Record<M>, error: &Error) {
        self.say_reset_failed(record.number, error);
        self.invalidate(record, Some(error), Why::Reset);
    }

    /// Notes how long a connection was out, and tells of a return that was long awaited.
    pub(super) fn report_return(&self, record: &Record<M>) {
        if let Some(timed) = &self.timed
            && let Some(since) = record.card.out_since()
        {
            let held = self.board.now().saturating_sub(since);
            timed.hold.record(Duration::from_nanos(held));
        }
        if record.card.is_no_longer_suspect() {
            self.stats.leaks_returned.add();
            let since = record.card.since().unwrap_or_default();
            let held = Duration::from_nanos(self.board.now().saturating_sub(since));
            self.tell(|listener| listener.leak_returned(held));
        }
    }

    /// Has a worker give a place back. Until it has, those who may not wait for others wait for it:
    /// the task that had the place thinks that it is free.
    pub(super) fn give_back_by_worker(
        self: Arc<Self>,
        work: impl FnOnce(&Arc<Self>) + Send + 'static,
    ) {
        let announced = Gate::announce_return(&self.gate);
        workers::run(Box::new(move || {
            work(&self);
            drop(announced);
        }));
    }

    /// Returns a place with a clean connection, or without one, and tells the listeners.
    pub(super) fn give_back(&self, mut seat: Box<SeatOf<M>>) {
        let record = &mut seat.value;
        self.report_return(record);
        self.tell(|listener| listener.checkin(record.connection.as_mut()));
        self.return_place(seat);
    }

    /// Returns a place without telling anybody.
    pub(super) fn return_place(&self, mut seat: Box<SeatOf<M>>) {
        let record = &mut seat.value;
        // The next user may be a thread.
        record.of_task = false;
        record.card.clear();
        if let Some(times) = &mut record.times {
            times.last_used = Moment::now();
        }
        if let Err(seat) = seat.put() {
            self.settle_seat(seat);
        }
    }

    /// Gives a place to whoever waits, or closes what is in it.
    pub(super) fn settle_seat(&self, seat: Box<SeatOf<M>>) {
        if self.config.class == PoolClass::SingletonThreadPool {
            return self.give_back_to_thread(seat);
        }
        if let Some(seat) = seat.release() {
            let why = self.why_refused(&seat);
            self.close_seat(seat, why);
        }
    }

    /// Why the gate does not keep a seat.
    fn why_refused(&self, seat: &SeatOf<M>) -> Why {
        if self.gate.welcomes(seat) { Why::Overflow } else { Why::Dispose }
    }

    /// Closes a connection in an orderly way; only then its slot is free.
    pub(super) fn close_seat(&self, seat: Box<SeatOf<M>>, why: Why) {
        self.close_seat_within(seat, why, self.config.close_timeout);
    }

    /// As [`close_seat`](Self::close_seat), where less time may be left.
    pub(super) fn close_seat_within(&self, mut seat: Box<SeatOf<M>>, why: Why, within: Duration) {
        if let Some(mut connection) = seat.value.connection.take() {
            self.stats.closed(why);
            self.tell(|listener| listener.close(&mut connection));
            let number = seat.value.number;
            self.say_closing(number);
            let _closing = self.closing.begin();
            self.close_quietly(connection, number, within.min(self.config.close_timeout));
        }
        drop(seat);
    }

    pub(super) fn close_quietly(&self, connection: M::Connection, number: u64, within: Duration) {
        if let Err(error) = self.manager.close(connection, within) {
            let text = format_args!("Exception closing connection {number}: {}", Reason(&error));
            self.say_of(Level::ERROR, number, text);
        }
    }

    /// Closes a connection because it is no good, and leaves its place empty.
    pub(super) fn invalidate(&self, record: &mut Record<M>, reason: Option<&Error>, why: Why) {
        if let Some(connection) = &mut record.connection {
            self.tell(|listener| listener.invalidate(connection, reason));
            self.say_invalidated(record.number, reason);
        }
        self.terminate(record, why);
    }

    /// As [`invalidate`](Self::invalidate) and giving back, without waiting here.
    pub(super) fn invalidate_by_worker(
        self: Arc<Self>,
        mut seat: Box<SeatOf<M>>,
        reason: Option<&Error>,
    ) {
        if let Some(connection) = &mut seat.value.connection {
            self.tell(|listener| listener.invalidate(connection, reason));
            self.say_invalidated(seat.value.number, reason);
        }
        self.give_back_by_worker(move |core| {
            core.terminate(&mut seat.value, Why::Invalid);
            core.give_back(seat);
        });
    }

    /// Closes a connection without asking the other end, and leaves its place empty.
    pub(super) fn terminate(&self, record: &mut Record<M>, why: Why) {
        record.generation = super::record::STALE;
        if let Some(mut connection) = record.connection.take() {
            self.stats.closed(why);
            self.tell(|listener| listener.close(&mut connection));
            self.hard_close(connection, record.number);
        }
    }
}
