//! The way of a connection to its user: waiting, replacing, testing.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::call::Call;
use super::core::{Core, ECHOED, LISTENED, TESTED, WATCHED};
use super::gate::{Entry, Gate, Grant, Ticket, Turned, Wake};
use super::manager::Manager;
use super::moment::Moment;
use super::pinging::Tested;
use super::record::{GrantOf, Record, STALE, SeatOf};
use super::refusal::closed;
use super::settings::PoolClass;
use super::stats::Why;
use super::telling::CheckoutTimes;
use crate::error::{Error, Result};
use tracing::Level;

/// Connections that a checkout may find unusable before it gives up.
const ATTEMPTS: u32 = 2;

/// For how long a connection that nobody has used yet need not be tested: for its way to who waits.
const FRESH: Duration = Duration::from_millis(30);

/// A place in the queue, which is left also by a panic of a listener.
struct Queued<'a, M: Manager> {
    core: &'a Core<M>,
    ticket: Arc<Ticket<Record<M>, Error>>,
}

impl<M: Manager> Drop for Queued<'_, M> {
    fn drop(&mut self) {
        if std::thread::panicking()
            && let Some(Grant::Seat(seat)) = Gate::give_up(&self.core.gate, &self.ticket)
        {
            self.core.return_place(seat);
        }
    }
}

impl<M: Manager> Core<M> {
    /// A connection that cannot be had in one step. Blocks.
    #[cold]
    pub(super) fn checkout(self: &Arc<Self>, call: &Call) -> Result<Box<SeatOf<M>>> {
        if self.config.class == PoolClass::SingletonThreadPool {
            return self.checkout_of_thread(call);
        }
        self.first.refuse_itself()?;
        let wake = Wake::Thread(std::thread::current());
        let grant = match Gate::enter(&self.gate, call.may_wait(), wake) {
            Entry::Now(grant) => grant,
            Entry::Full => return Err(self.timed_out(call)),
            Entry::Wait(ticket) => self.wait(&Queued { core: self, ticket }, call)?,
        };
        self.admit(grant, call)
    }

    fn wait(&self, queued: &Queued<'_, M>, call: &Call) -> Result<GrantOf<M>> {
        if call.deadline.is_none()
            && let Some(error) = self.waits_for_itself()
        {
            return Gate::give_up(&self.gate, &queued.ticket).ok_or(error);
        }
        self.tell(|listener| listener.wait());
        let granted = Gate::wait(&self.gate, &queued.ticket, self.wait_limit(call));
        granted.ok_or_else(|| self.timed_out(call))
    }

    /// Until when a caller waits. Who may not wait for others waits for what is on its way back.
    pub(super) fn wait_limit(&self, call: &Call) -> Option<Instant> {
        if call.may_wait() && self.config.class != PoolClass::AssertionPool {
            return call.deadline;
        }
        let limit = self.config.reset_timeout.saturating_add(self.config.close_timeout);
        Instant::now().checked_add(limit).into_iter().chain(call.deadline).min()
    }

    /// Makes what was granted fit for use. Blocks.
    pub(super) fn admit(
        self: &Arc<Self>,
        grant: GrantOf<M>,
        call: &Call,
    ) -> Result<Box<SeatOf<M>>> {
        match grant {
            Grant::Seat(seat) => self.prepare(seat, call),
            Grant::Slot(slot) => {
                let seat = self.fill(slot, call)?;
                self.present(seat, call, true)
            }
            Grant::Failed(error) => Err(error),
            Grant::Closed => Err(closed()),
            Grant::Full => Err(self.timed_out(call)),
        }
    }

    /// Replaces the connection if it must not be used any longer, and hands it over.
    #[cold]
    pub(super) fn prepare(
        self: &Arc<Self>,
        seat: Box<SeatOf<M>>,
        call: &Call,
    ) -> Result<Box<SeatOf<M>>> {
        let mut seat = seat;
        seat.value.connecting = Duration::ZERO;
        let fresh = seat.value.fresh.take().is_some_and(|since| since.elapsed() < FRESH);
        let Some(why) = self.outdated(&seat.value) else {
            return self.present(seat, call, fresh);
        };
        if let Some(why) = why {
            self.say_replaced(seat.value.number, why);
            self.terminate(&mut seat.value, why);
        }
        let seat = self.reconnect(seat, call)?;
        self.present(seat, call, true)
    }

    /// Why the connection of a record is to be replaced; `Some(None)` when there is none.
    fn outdated(&self, record: &Record<M>) -> Option<Option<Why>> {
        if record.connection.is_none() {
            return Some(None);
        }
        if record.generation == STALE {
            return Some(Some(Why::SoftInvalid));
        }
        if record.generation != self.generation.load(Ordering::Acquire) {
            return Some(Some(Why::Generation));
        }
        let recycle_at = record.times?.recycle_at?;
        (Moment::now() >= recycle_at).then_some(Some(Why::Recycle))
    }

    /// Connects in a place that has no connection; on failure the place goes back empty.
    fn reconnect(
        self: &Arc<Self>,
        mut seat: Box<SeatOf<M>>,
        call: &Call,
    ) -> Result<Box<SeatOf<M>>> {
        // After an outage every place has to be filled again, and not all at the same time.
        let turn = match self.config.max_connecting {
            None => None,
            Some(_) => match Gate::turn(&self.gate, call.may_wait(), call.deadline) {
                Turned::Now(turn) => Some(turn),
                Turned::Late => {
                    self.give_back(seat);
                    return Err(self.timed_out(call));
                }
                Turned::Closed => {
                    self.give_back(seat);
                    return Err(closed());
                }
            },
        };
        let connected = self.connect(&mut seat.value, call);
        drop(turn);
        match connected {
            Ok(()) => Ok(seat),
            Err(error) => {
                self.give_back(seat);
                Err(error)
            }
        }
    }

    /// Tests the connection and tells the listeners; both may find it unusable.
    pub(super) fn present(
        self: &Arc<Self>,
        mut seat: Box<SeatOf<M>>,
        call: &Call,
        mut fresh: bool,
    ) -> Result<Box<SeatOf<M>>> {
        if self.is(ECHOED) {
            self.print_checkout(seat.value.number);
        }
        if !self.is(TESTED | LISTENED) {
            return Ok(self.hand_over(seat, call));
        }
        for _ in 0..ATTEMPTS {
            match self.test(&mut seat.value, call, fresh) {
                Tested::Passed => match self.announce(&mut seat.value) {
                    Ok(()) => return Ok(self.hand_over(seat, call)),
                    Err(error) if error.is_disconnect() => {
                        let of_pool = error.invalidates_pool();
                        self.say_disconnected(seat.value.number, &error, of_pool);
                        if of_pool {
                            self.invalidate_all();
                        }
                        self.invalidate(&mut seat.value, Some(&error), Why::Invalid);
                    }
                    Err(error) => {
                        self.invalidate(&mut seat.value, Some(&error), Why::Invalid);
                        self.give_back(seat);
                        return Err(error);
                    }
                },
                Tested::Failed { error, others } => {
                    self.say_disconnected(seat.value.number, &error, others);
                    if others {
                        self.invalidate_as_old_as(seat.value.opened_in);
                    }
                    self.invalidate(&mut seat.value, Some(&error), Why::Ping);
                }
                // Nothing is known against the connection: the next caller tests it.
                Tested::Late => {
                    if let Err(seat) = seat.put() {
                        self.settle_seat(seat);
                    }
                    return Err(self.timed_out(call));
                }
            }
            seat = self.reconnect(seat, call)?;
            fresh = true;
        }
        self.say(Level::INFO, format_args!("Reconnection attempts exhausted on checkout"));
        self.invalidate(&mut seat.value, None, Why::Invalid);
        self.give_back(seat);
        Err(Error::invalid_request("this connection is closed").with_help(
            "the listeners of `checkout` called each new connection disconnected; look at them",
        ))
    }

    fn announce(&self, record: &mut Record<M>) -> Result<()> {
        if !self.is(LISTENED) {
            return Ok(());
        }
        let Some(mut view) = record.view() else { return Ok(()) };
        self.audience.all().iter().try_for_each(|listener| listener.checkout(&mut view))
    }

    /// True when nothing has to be done to a connection before it is used.
    pub(super) fn is_ready(&self, record: &Record<M>) -> bool {
        !self.is(TESTED | LISTENED | ECHOED) && self.outdated(record).is_none()
    }

    #[inline]
    pub(super) fn hand_over(&self, mut seat: Box<SeatOf<M>>, call: &Call) -> Box<SeatOf<M>> {
        let record = &mut seat.value;
        record.of_task = call.of_task;
        match call.of_task {
            true => record.card.take_for_task(call.place, call.thread),
            false => record.card.take(call.place),
        }
        if self.is(WATCHED) {
            record.card.take_at(self.board.now());
            if let Some(timed) = &self.timed {
                timed.wait.record(call.begun.map_or(Duration::ZERO, |begun| begun.elapsed()));
            }
        }
        if call.told {
            let connect = std::mem::take(&mut record.connecting);
            let all = call.begun.map_or(Duration::ZERO, |begun| begun.elapsed());
            let times = CheckoutTimes { wait: all.saturating_sub(connect), connect };
            record.times_of_checkout = times;
            self.tell_checkout(record.number, call.place, times);
        }
        seat
    }
}
