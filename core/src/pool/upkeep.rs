//! What is done to a pool from time to time: it closes, tests, opens, and reports.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::core::Core;
use super::gate::Gate;
use super::jitter::Draw;
use super::manager::Manager;
use super::moment::Moment;
use super::record::{Record, SeatOf};
use super::stats::Why;
use super::telling::Reason;
use super::timer::{self, Alarm};
use tracing::Level;

/// The pool is looked at this often at most, and at least.
const SHORTEST: Duration = Duration::from_millis(5);
const LONGEST: Duration = Duration::from_secs(30);
/// How soon a connection is opened in place of one that is missing.
const REFILL: Duration = Duration::from_millis(500);

impl<M: Manager> Core<M> {
    /// How often there is something to do; `None` when there never is.
    fn period(&self) -> Option<Duration> {
        let config = &self.config;
        let refill = (config.min_idle > 0).then_some(REFILL);
        let clocks = [config.idle_timeout, config.keepalive, config.leak_threshold];
        let clocks = clocks.into_iter().flatten().map(|time| time / 4);
        clocks.chain(refill).min().map(|period| period.clamp(SHORTEST, LONGEST))
    }

    /// Begins to look after the pool, if its settings ask for it.
    pub(super) fn keep_up(self: &Arc<Self>) {
        if let Some(period) = self.period() {
            Self::look_in(Arc::downgrade(self), period);
        }
    }

    fn look_in(core: Weak<Self>, period: Duration) {
        let Some(when) = Instant::now().checked_add(period) else { return };
        timer::at(
            when,
            Alarm::Run(Box::new(move || {
                // A pool that is gone or closed is not looked at again.
                let Some(strong) = core.upgrade().filter(|core| !core.gate.counts().closed) else {
                    return;
                };
                // Also after a panic of a manager or listener.
                let _again = Again { core, period };
                strong.look_after();
            })),
        );
    }

    fn look_after(self: &Arc<Self>) {
        if let Some(threshold) = self.config.leak_threshold {
            self.report_leaks(threshold);
        }
        if let Some(timeout) = self.config.idle_timeout {
            self.close_idle(timeout);
        }
        if let Some(keepalive) = self.config.keepalive {
            self.test_idle(keepalive);
        }
        if self.config.min_idle > 0
            && let Err(error) = self.warm_up()
        {
            let text = format_args!("No connection could be kept ready: {}", Reason(&error));
            self.say(Level::WARN, text);
        }
    }

    fn report_leaks(&self, threshold: Duration) {
        for holder in self.board.suspects(threshold) {
            self.stats.leaks.add();
            let number = holder.number();
            let text =
                format_args!("Connection {number} is in use for suspiciously long: {holder}");
            self.say_of(Level::WARN, number, text);
            self.tell(|listener| listener.leak(&holder));
        }
    }

    fn close_idle(&self, timeout: Duration) {
        let spare = self.gate.counts().idle.saturating_sub(self.config.min_idle);
        let mut closed = 0;
        let unused = Gate::take_idle(&self.gate, |record: &Record<M>| {
            let old = record.times.is_some_and(|times| times.last_used.elapsed() >= timeout);
            let taken = old && closed < spare;
            closed += u32::from(taken);
            taken
        });
        for seat in unused {
            self.close_seat(seat, Why::Idle);
        }
    }

    /// Tests what is due, one at a time, so that callers find the others.
    fn test_idle(&self, keepalive: Duration) {
        let draw = Draw::new();
        for _ in 0..self.gate.counts().idle {
            let mut found = false;
            let untested = Gate::take_idle(&self.gate, |record: &Record<M>| {
                let early = keepalive.mul_f64(0.1 * draw.fraction_of(record.number));
                let since = record.times.map(|times| times.last_used.max(times.last_tested));
                let due = since.is_some_and(|since| since.elapsed() >= keepalive - early);
                let taken = due && !found && record.connection.is_some();
                found |= taken;
                taken
            });
            for seat in untested {
                self.test_one(seat);
            }
            if !found {
                return;
            }
        }
    }

    fn test_one(&self, mut seat: Box<SeatOf<M>>) {
        let record = &mut seat.value;
        let Some(connection) = &mut record.connection else { return };
        match self.ping(connection, self.config.ping_timeout) {
            Ok(()) => {
                if let Some(times) = &mut record.times {
                    times.last_tested = Moment::now();
                }
                self.settle_seat(seat);
            }
            Err(error) => {
                self.invalidate(record, Some(&error), Why::Ping);
                drop(seat);
            }
        }
    }
}

/// Sets the next look when this one ends.
struct Again<M: Manager> {
    core: Weak<Core<M>>,
    period: Duration,
}

impl<M: Manager> Drop for Again<M> {
    fn drop(&mut self) {
        Core::look_in(self.core.clone(), self.period);
    }
}
