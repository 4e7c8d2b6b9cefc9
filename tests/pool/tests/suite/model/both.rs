//! The pool and its model side by side: one thread gives the commands, and waits for workers.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use aludel::pool::settings::{ConnectMode, PoolOrder};
use aludel::pool::{Connecting, Pool, PooledConnection};
use aludel_tests_pool::{Recorder, block_on};

use super::command::{Command, Fault};
use super::sequential::{Counters, Model, Polled};
use crate::until::until;

/// Longer than any test.
const LONG: Duration = Duration::from_secs(3600);

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Task {
    future: Connecting<Recorder>,
    woken: Arc<Woken>,
}

impl Task {
    fn poll(&mut self) -> Poll<Option<PooledConnection<Recorder>>> {
        self.woken.0.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&self.woken));
        Pin::new(&mut self.future).poll(&mut Context::from_waker(&waker)).map(Result::ok)
    }
}

pub(super) struct Both {
    pool: Pool<Recorder>,
    recorder: Recorder,
    held: Vec<PooledConnection<Recorder>>,
    tasks: Vec<Task>,
    model: Model,
}

fn id(held: Option<&PooledConnection<Recorder>>) -> Option<u64> {
    held.map(|held| held.id)
}

/// The remainder as an index; `None` where there is nothing.
fn index(any: usize, length: usize) -> Option<usize> {
    any.checked_rem(length)
}

impl Both {
    pub(super) fn new(model: Model) -> Self {
        let recorder = Recorder::new();
        let overflow = (model.max - model.keep) as i32;
        let mut builder = Pool::builder(recorder.clone())
            .pool_size(model.keep as u32)
            .max_overflow(overflow)
            .pool_order(if model.lifo { PoolOrder::Lifo } else { PoolOrder::Fifo })
            .pool_timeout(LONG);
        if model.background {
            // One after the other, so that it is known who gets which.
            builder = builder.pool_connect_mode(ConnectMode::Background).pool_max_connecting(1);
        }
        let pool = builder.build().unwrap();
        Both { pool, recorder, held: Vec::new(), tasks: Vec::new(), model }
    }

    pub(super) fn run(&mut self, command: Command) {
        match command {
            Command::Checkout => self.checkout(Duration::ZERO),
            // In the background somebody may connect in time, or not.
            Command::ImpatientCheckout if self.model.background => {}
            Command::ImpatientCheckout => {
                // Who is served at once may need longer than a moment on a busy machine.
                let waits = self.model.would_wait();
                self.checkout(if waits { Duration::from_millis(1) } else { LONG });
            }
            Command::Begin => self.begin(),
            Command::Poll(any) => self.poll(any),
            Command::Cancel(any) => {
                if let Some(index) = index(any, self.tasks.len()) {
                    drop(self.tasks.remove(index));
                    self.model.cancel(index);
                }
            }
            Command::Fault(fault) => self.set_fault(fault),
            Command::InvalidateAll => {
                self.pool.invalidate_all();
                self.model.invalidate_all();
            }
            Command::Dispose if !self.model.closed => {
                self.pool.dispose();
                self.model.dispose();
            }
            Command::Resize(size, overflow) if !self.model.closed => {
                self.pool.resize(size, overflow as i32).unwrap();
                self.model.resize(size, overflow);
            }
            Command::Dispose | Command::Resize(..) => {}
            Command::Close => {
                // Only a few have come back by then.
                let _ = self.pool.close(Duration::ZERO);
                self.model.close();
            }
            other => self.use_held(other),
        }
    }

    fn use_held(&mut self, command: Command) {
        let (Command::Checkin(any)
        | Command::Broken(any)
        | Command::Invalidate(any)
        | Command::SoftInvalidate(any)
        | Command::Detach(any)) = command
        else {
            unreachable!("the others are not about connections in use")
        };
        let Some(index) = index(any, self.held.len()) else { return };
        if let Command::SoftInvalidate(_) = command {
            PooledConnection::soft_invalidate(&mut self.held[index], None);
            self.model.out[index].stale = true;
            return;
        }
        let mut held = self.held.remove(index);
        match command {
            Command::Broken(_) => held.broken = true,
            Command::Detach(_) => PooledConnection::detach(&mut held),
            _ => {}
        }
        match command {
            Command::Invalidate(_) => PooledConnection::invalidate(held, None),
            _ => drop(held),
        }
        self.model.checkin(index, matches!(command, Command::Checkin(_)));
    }

    fn set_fault(&mut self, fault: Option<Fault>) {
        self.recorder.faults(|faults| {
            faults.fail_connects = u64::from(fault == Some(Fault::Fails));
            faults.panic_connects = u64::from(fault == Some(Fault::Panics));
        });
        self.model.fault = fault;
    }

    fn checkout(&mut self, time: Duration) {
        let asks = AssertUnwindSafe(|| self.pool.connect_within(time).ok());
        let got = catch_unwind(asks).ok().flatten();
        assert_eq!(id(got.as_ref()), self.model.checkout());
        self.held.extend(got);
    }

    fn begin(&mut self) {
        let mut task = Task { future: self.pool.connect_async(), woken: Arc::default() };
        let polled = task.poll();
        let expected = self.model.begin();
        self.tasks.push(task);
        self.see(self.tasks.len() - 1, polled, expected);
    }

    fn poll(&mut self, any: usize) {
        let Some(index) = index(any, self.tasks.len()) else { return };
        let polled = self.tasks[index].poll();
        let expected = self.model.poll(index);
        self.see(index, polled, expected);
    }

    fn see(
        &mut self,
        index: usize,
        polled: Poll<Option<PooledConnection<Recorder>>>,
        expected: Polled,
    ) {
        match (polled, expected) {
            (Poll::Pending, Polled::Pending | Polled::Soon) => {}
            (Poll::Pending, Polled::Served) => {
                until(true, || self.tasks[index].woken.0.load(Ordering::SeqCst));
            }
            (Poll::Ready(got), Polled::Ready(expected)) => {
                assert_eq!(id(got.as_ref()), expected);
                self.tasks.remove(index);
                self.held.extend(got);
            }
            (Poll::Ready(got), Polled::Served | Polled::Soon) => {
                // The worker was faster than the poll.
                let Polled::Ready(expected) = self.model.poll(index) else {
                    panic!("what was served is ready")
                };
                assert_eq!(id(got.as_ref()), expected);
                self.tasks.remove(index);
                self.held.extend(got);
            }
            (Poll::Ready(got), Polled::Pending) => panic!("{:?} came too soon", id(got.as_ref())),
            (Poll::Pending, Polled::Ready(id)) => panic!("{id:?} did not come"),
        }
    }

    /// Waits until both are the same, which they are once all workers have done their work.
    pub(super) fn compare(&mut self) {
        let model = &mut self.model;
        let expected = (model.status(), model.waiting(), 0, model.live());
        until(expected, || {
            let now = self.pool.snapshot();
            (self.pool.status(), now.waiting, now.returning, self.recorder.live())
        });
        let counters = self.pool.snapshot().counters;
        let counters = Counters {
            connects: counters.connects,
            failed: counters.connects_failed,
            panicked: counters.connects_panicked,
            timeouts: counters.timeouts,
        };
        assert_eq!(counters, self.model.counters);
    }

    pub(super) fn end(mut self) {
        self.tasks.clear();
        self.held.clear();
        self.pool.close(LONG).unwrap();
        until(0, || self.recorder.live());
        assert!(block_on(self.pool.connect_async()).is_err());
    }
}
