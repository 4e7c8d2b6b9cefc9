//! Checking out without blocking: a future that needs no runtime and can be dropped at any time.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use super::call::Call;
use super::core::{Core, ECHOED};
use super::gate::{Entry, Gate, Grant, Ticket, Wake};
use super::guard::PooledConnection;
use super::handover::Handover;
use super::manager::Manager;
use super::panicked;
use super::record::{GrantOf, Record, ReturningOf, SeatOf};
use super::settings::PoolClass;
use super::thread_number::this_thread;
use super::timer::{self, Alarm, AlarmKey};
use super::workers;
use crate::error::{Error, Result};

/// A checkout on its way, made by [`Pool::connect_async`](super::Pool::connect_async).
///
/// No step of it blocks the thread that polls it: connecting, testing, resetting and closing are
/// done by threads of the pool. Dropping it leaves the queue, and whatever it was given goes to the
/// next who waits.
#[must_use = "futures do nothing unless they are awaited"]
pub struct Connecting<M: Manager> {
    core: Arc<Core<M>>,
    call: Call,
    state: State<M>,
    /// When it leaves the queue.
    waits_until: Option<Instant>,
    alarm: Option<AlarmKey>,
    /// Somebody wants to know what it takes.
    is_timed: bool,
}

enum State<M: Manager> {
    Begun,
    Waiting(Arc<Ticket<Record<M>, Error>>),
    Prepared(Arc<HandoverOf<M>>),
    Ended,
}

type HandoverOf<M> = Handover<Result<Box<SeatOf<M>>>, ReturningOf<M>>;

impl<M: Manager> Connecting<M> {
    #[inline]
    pub(super) fn new(core: Arc<Core<M>>, place: &'static Location<'static>) -> Self {
        let timeout = core.config.timeout;
        // The clock is read by the first poll, and only if that has to wait.
        let call = Call { timeout, of_task: true, ..Call::at_once(place) };
        let state = State::Begun;
        Connecting { core, call, state, waits_until: None, alarm: None, is_timed: false }
    }

    /// The same, and what it took is known afterwards.
    pub(crate) fn timed(mut self, is_timed: bool) -> Self {
        self.is_timed = is_timed;
        self
    }

    fn begin(&mut self, cx: &Context<'_>) -> Poll<Result<Box<SeatOf<M>>>> {
        self.call.thread = this_thread();
        let core = Arc::clone(&self.core);
        self.call.told = self.is_timed || core.is(ECHOED);
        if core.config.class == PoolClass::SingletonThreadPool {
            let what = "a SingletonThreadPool belongs to threads, and tasks change theirs";
            return Poll::Ready(Err(Error::not_supported(what).with_help("use a QueuePool")));
        }
        if let Some(seat) = core.gate.pop() {
            return self.prepare(Grant::Seat(seat), cx);
        }
        let told = self.call.told;
        self.call = Call { of_task: true, told, ..Call::new(self.call.place, self.call.timeout) };
        let wake = Wake::Task(cx.waker().clone());
        match Gate::enter(&core.gate, self.call.may_wait(), wake) {
            Entry::Now(grant) => self.prepare(grant, cx),
            Entry::Full => Poll::Ready(Err(core.timed_out(&self.call))),
            Entry::Wait(ticket) => {
                self.state = State::Waiting(ticket);
                self.waits_until = core.wait_limit(&self.call);
                self.set_alarm(self.waits_until, cx);
                core.tell(|listener| listener.wait());
                self.wait(cx)
            }
        }
    }

    /// Forgets what the parent process waits for, and begins anew.
    #[cold]
    fn begin_in_child(&mut self) {
        self.alarm = None;
        std::mem::forget(std::mem::replace(&mut self.state, State::Begun));
        self.call.deadline = None;
        self.core = Arc::clone(self.core.of_this_process());
    }

    fn wait(&mut self, cx: &Context<'_>) -> Poll<Result<Box<SeatOf<M>>>> {
        let State::Waiting(ticket) = &self.state else { return Poll::Pending };
        let gate = Arc::clone(&self.core.gate);
        if let Poll::Ready(grant) = Gate::poll(&gate, ticket, cx) {
            return self.prepare(grant, cx);
        }
        if self.is_late() {
            return match Gate::give_up(&gate, ticket) {
                Some(grant) => self.prepare(grant, cx),
                None => Poll::Ready(Err(self.core.timed_out(&self.call))),
            };
        }
        Poll::Pending
    }

    fn is_late(&self) -> bool {
        self.waits_until.is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn set_alarm(&mut self, at: Option<Instant>, cx: &Context<'_>) {
        if let Some(old) = self.alarm.take() {
            timer::cancel(old);
        }
        self.alarm = at.map(|at| timer::at(at, Alarm::Wake(cx.waker().clone())));
    }

    /// Hands what was granted over at once, or to a worker when something has to be done first.
    fn prepare(&mut self, grant: GrantOf<M>, cx: &Context<'_>) -> Poll<Result<Box<SeatOf<M>>>> {
        self.state = State::Ended;
        let core = Arc::clone(&self.core);
        let grant = match grant {
            Grant::Seat(seat) if core.is_ready(&seat.value) => {
                return Poll::Ready(Ok(core.hand_over(seat, &self.call)));
            }
            Grant::Failed(_) | Grant::Closed | Grant::Full => {
                return Poll::Ready(core.admit(grant, &self.call));
            }
            other => other,
        };
        if self.call.deadline.is_none() {
            let thread = self.call.thread;
            let call = Call::new(self.call.place, self.call.timeout);
            let (begun, told) = (self.call.begun.or(call.begun), self.call.told);
            self.call = Call { of_task: true, thread, begun, told, ..call };
        }
        let call = self.call;
        let handover = Arc::new(Handover::new(cx.waker().clone()));
        self.state = State::Prepared(Arc::clone(&handover));
        self.set_alarm(call.latest(), cx);
        workers::run(Box::new(move || {
            let done = panicked::told(|| core.admit(grant, &call));
            deliver(&core, &handover, done);
        }));
        self.collect(cx)
    }

    /// Takes what a worker left.
    fn collect(&mut self, cx: &Context<'_>) -> Poll<Result<Box<SeatOf<M>>>> {
        let State::Prepared(handover) = &self.state else { return Poll::Pending };
        if self.call.latest().is_none_or(|latest| Instant::now() < latest) {
            return match handover.collect(cx.waker()) {
                Some(done) => Poll::Ready(done),
                None => Poll::Pending,
            };
        }
        // Whoever connects too slowly gets a pooled connection out of it, and nobody waits.
        Poll::Ready(match handover.refuse(Gate::announce_return(&self.core.gate)) {
            Some((done, _)) => done,
            None => Err(self.core.timed_out(&self.call)),
        })
    }
}

/// Leaves what was made for a task, or gives it to the pool when the task is gone.
fn deliver<M: Manager>(core: &Core<M>, handover: &HandoverOf<M>, done: Result<Box<SeatOf<M>>>) {
    if let Some((Ok(seat), _announced)) = handover.deliver(done) {
        core.give_back(seat);
    }
}

impl<M: Manager> Future for Connecting<M> {
    type Output = Result<PooledConnection<M>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.core.is_forked() {
            this.begin_in_child();
        }
        if let Some(alarm) = this.alarm {
            // Whoever polls now is to be woken, and that may be another task than before.
            timer::redirect(alarm, cx.waker());
        }
        let polled = match &this.state {
            State::Begun => this.begin(cx),
            State::Waiting(_) => this.wait(cx),
            State::Prepared(_) => this.collect(cx),
            State::Ended => Poll::Pending,
        };
        if polled.is_ready() {
            this.state = State::Ended;
        }
        polled.map(|done| done.map(PooledConnection::new))
    }
}

// No pointer into itself is kept.
impl<M: Manager> Unpin for Connecting<M> {}

impl<M: Manager> Drop for Connecting<M> {
    fn drop(&mut self) {
        if self.core.is_forked() {
            return std::mem::forget(std::mem::replace(&mut self.state, State::Ended));
        }
        if let Some(alarm) = self.alarm.take() {
            timer::cancel(alarm);
        }
        if matches!(self.state, State::Waiting(_) | State::Prepared(_)) {
            self.core.stats.cancelled.add();
        }
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Waiting(ticket) => {
                if let Some(Grant::Seat(seat)) = Gate::give_up(&self.core.gate, &ticket) {
                    let core = Arc::clone(&self.core);
                    core.give_back_by_worker(move |core| core.return_place(seat));
                }
            }
            State::Prepared(handover) => {
                let announced = Gate::announce_return(&self.core.gate);
                if let Some((Ok(seat), _announced)) = handover.refuse(announced) {
                    // The listeners were told of a checkout.
                    let core = Arc::clone(&self.core);
                    core.give_back_by_worker(move |core| core.give_back(seat));
                }
            }
            State::Begun | State::Ended => {}
        }
    }
}
