//! The gate itself: its counters and queues, and the one rule by which they are kept in order.

use std::collections::VecDeque;
use std::sync::{OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::super::sync::{Arc, Condvar, Mutex, MutexGuard};
use super::grant::Grant;
use super::limits::GateLimits;
use super::packed::{CELLS, Claim, PLACES, Packed};
use super::seat::{Seat, Slot};
use super::turn::Turns;
use super::waiter::{WaitQueue, Woken};

/// Slots, idle seats, and those who wait for them.
pub(crate) struct Gate<T, E> {
    pub(super) packed: Packed<Seat<T, E>>,
    /// Idle seats that the packed queue takes.
    pub(super) keep: u32,
    pub(super) lifo: bool,
    pub(super) bypass: Duration,
    slow: Mutex<Slow<T, E>>,
    /// The last slot was given back.
    pub(super) emptied: Condvar,
    /// One less is being filled.
    pub(super) turn: Condvar,
    /// Is called, with no lock held, when slots are to be filled for those who wait.
    filler: OnceLock<Filler>,
}

/// Has slots filled by somebody else. Must not wait.
pub(crate) type Filler = Box<dyn Fn() + Send + Sync>;

/// What is behind the lock. No code of users runs while it is held, and no seat or slot is dropped.
pub(super) struct Slow<T, E> {
    pub(super) limits: GateLimits,
    /// Idle seats, once the queue is not packed.
    pub(super) idle: VecDeque<Box<Seat<T, E>>>,
    pub(super) moved: bool,
    pub(super) closed: bool,
    pub(super) waiters: WaitQueue<T, E>,
    /// The waiter that was told to look, and has not looked yet.
    pub(super) nudged: Option<u64>,
    pub(super) claims: Vec<Claim>,
    pub(super) epoch: u64,
    /// Slots taken, in whatever state.
    pub(super) open: u32,
    /// Of these, slots that are being filled for the first time.
    pub(super) connecting: u32,
    pub(super) turns: Turns,
    /// A lower limit of what is filled at the same time, for the time after a failure: doubled by each success.
    pub(super) pace: Option<u32>,
    /// Of these, slots whose content is being closed.
    pub(super) leaving: u32,
    /// Slots of earlier epochs.
    pub(super) draining: u32,
    /// Places that somebody gives back for their users just now.
    pub(super) returning: u32,
    pub(super) waited: u64,
    pub(super) handoffs: u64,
    pub(super) bypasses: u64,
    pub(super) gave_up: u64,
}

impl<T, E> Slow<T, E> {
    /// True when one more slot may be filled at the same time, and nobody is before it.
    pub(super) fn may_connect(&self) -> bool {
        self.connect_limit()
            .is_none_or(|limit| self.connecting + self.turns.taken + self.turns.waiting() < limit)
    }

    /// As [`may_connect`](Self::may_connect), for who is first.
    pub(super) fn has_room_to_connect(&self) -> bool {
        self.connect_limit().is_none_or(|limit| self.connecting + self.turns.taken < limit)
    }

    fn connect_limit(&self) -> Option<u32> {
        self.limits.max_connecting.map(|max| self.pace.map_or(max, |pace| pace.min(max)))
    }

    /// True when more slots are taken than may be, not counting those that will soon be free.
    pub(super) fn too_many(&self) -> bool {
        self.limits.max_open.is_some_and(|max| self.open - self.leaving > max)
    }

    /// Notes that the content of a seat is to be closed.
    pub(super) fn sees_off(&mut self, seat: &mut Seat<T, E>) {
        let epoch = self.epoch;
        let slot = seat.slot_mut();
        if slot.epoch == epoch && !std::mem::replace(&mut slot.leaving, true) {
            self.leaving += 1;
        }
    }

    /// All who wait, for a seat or to fill theirs.
    pub(super) fn waiting(&self) -> u32 {
        self.waiters.len().saturating_add(self.turns.waiting())
    }
}

/// The counters of a gate at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) keep: Option<u32>,
    pub(crate) max_open: Option<u32>,
    pub(crate) open: u32,
    pub(crate) idle: u32,
    pub(crate) connecting: u32,
    pub(crate) draining: u32,
    pub(crate) returning: u32,
    pub(crate) waiting: u32,
    pub(crate) oldest_wait: Option<Duration>,
    pub(crate) waited: u64,
    pub(crate) handoffs: u64,
    pub(crate) bypasses: u64,
    pub(crate) gave_up: u64,
    pub(crate) closed: bool,
}

impl<T, E> Gate<T, E> {
    pub(crate) fn new(limits: GateLimits) -> Arc<Self> {
        let fits = limits.keep.is_some_and(|keep| (1..=PLACES).contains(&keep))
            && limits.max_open.is_some_and(|open| open <= CELLS);
        let (packed, claims) = Packed::new();
        if !fits {
            packed.moved();
        }
        let (lifo, bypass) = (limits.lifo, limits.bypass);
        let keep = limits.keep.unwrap_or(0);
        let slow = Mutex::new(Slow {
            limits,
            idle: VecDeque::new(),
            moved: !fits,
            closed: false,
            waiters: WaitQueue::new(),
            nudged: None,
            claims,
            epoch: 0,
            open: 0,
            connecting: 0,
            turns: Turns::new(),
            pace: None,
            leaving: 0,
            draining: 0,
            returning: 0,
            waited: 0,
            handoffs: 0,
            bypasses: 0,
            gave_up: 0,
        });
        Arc::new(Gate {
            packed,
            keep,
            lifo,
            bypass,
            slow,
            emptied: Condvar::new(),
            turn: Condvar::new(),
            filler: OnceLock::new(),
        })
    }

    /// Sets who fills slots, for a gate that leaves that to others.
    pub(crate) fn fill_by(&self, filler: Filler) {
        drop(self.filler.set(filler));
    }

    /// Ends a change of the state: unlocks, wakes, and has slots filled where that is wanted.
    pub(super) fn unlock(&self, slow: MutexGuard<'_, Slow<T, E>>, woken: Woken<T, E>) {
        let fill = slow.limits.background && slow.waiters.patient() > slow.connecting;
        drop(slow);
        woken.wake();
        if fill && let Some(filler) = self.filler.get() {
            filler();
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Slow<T, E>> {
        self.slow.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the idle seats of a gate that nobody uses any longer, and whose lock may be held for
    /// ever by a thread of another process.
    pub(crate) fn abandon(&self) -> Vec<Box<Seat<T, E>>> {
        let mut idle: Vec<_> = std::iter::from_fn(|| self.packed.pop_locked(false)).collect();
        if let Ok(mut slow) = self.slow.try_lock() {
            idle.extend(slow.idle.drain(..));
        }
        idle
    }

    pub(crate) fn counts(&self) -> Counts {
        let slow = self.lock();
        Counts {
            keep: slow.limits.keep,
            max_open: slow.limits.max_open,
            open: slow.open,
            idle: self.idle_len(&slow),
            connecting: slow.connecting,
            draining: slow.draining,
            returning: slow.returning,
            waiting: slow.waiting(),
            oldest_wait: slow
                .waiters
                .front()
                .map(|head| head.since)
                .into_iter()
                .chain(slow.turns.since())
                .min()
                .map(|since| since.elapsed()),
            waited: slow.waited,
            handoffs: slow.handoffs,
            bypasses: slow.bypasses,
            gave_up: slow.gave_up,
            closed: slow.closed,
        }
    }

    pub(super) fn idle_len(&self, slow: &Slow<T, E>) -> u32 {
        if slow.moved {
            u32::try_from(slow.idle.len()).unwrap_or(u32::MAX)
        } else {
            self.packed.len()
        }
    }

    pub(super) fn pop_idle(&self, slow: &mut Slow<T, E>) -> Option<Box<Seat<T, E>>> {
        match (slow.moved, self.lifo) {
            (false, lifo) => self.packed.pop_locked(lifo),
            (true, false) => slow.idle.pop_front(),
            (true, true) => slow.idle.pop_back(),
        }
    }

    /// Puts a seat to the idle ones, or back when enough are there.
    pub(super) fn push_idle(
        &self,
        slow: &mut Slow<T, E>,
        seat: Box<Seat<T, E>>,
    ) -> Option<Box<Seat<T, E>>> {
        if !slow.moved {
            return Packed::push_locked(seat, self.keep).err();
        }
        if slow.limits.keep.is_some_and(|keep| slow.idle.len() >= keep as usize) {
            return Some(seat);
        }
        slow.idle.push_back(seat);
        None
    }

    /// Moves the queue behind the lock, for good: what follows does not fit into the word.
    pub(super) fn move_queue(&self, slow: &mut Slow<T, E>) {
        if slow.moved {
            return;
        }
        self.packed.moved();
        slow.moved = true;
        while let Some(seat) = self.packed.pop_locked(false) {
            slow.idle.push_back(seat);
        }
    }

    /// A free slot, if there is one and it may be filled now.
    pub(super) fn free_slot(this: &Arc<Self>, slow: &mut Slow<T, E>) -> Option<Slot<T, E>> {
        let limits = &slow.limits;
        if slow.closed || limits.max_open.is_some_and(|max| slow.open >= max) || !slow.may_connect()
        {
            return None;
        }
        let claim = slow.claims.pop().unwrap_or(Claim::NONE);
        if !claim.is_some() {
            this.move_queue(slow);
        }
        slow.open += 1;
        slow.connecting += 1;
        Some(Slot {
            claim,
            epoch: slow.epoch,
            connecting: true,
            leaving: false,
            home: Arc::clone(this),
        })
    }

    /// True when the first waiter is still young enough to be overtaken.
    pub(super) fn may_overtake(&self, slow: &Slow<T, E>) -> bool {
        !self.bypass.is_zero()
            && slow.waiters.front().is_some_and(|head| {
                Instant::now().saturating_duration_since(head.since) < self.bypass
            })
    }

    /// Gives the first waiter something.
    pub(super) fn grant_first(
        slow: &mut Slow<T, E>,
        grant: Grant<T, E>,
        woken: &mut Woken<T, E>,
    ) -> Option<Grant<T, E>> {
        let Some(first) = slow.waiters.pop() else { return Some(grant) };
        slow.handoffs += 1;
        woken.grant(first, grant);
        None
    }

    /// The rule: while somebody waits, nothing lies idle and no slot that may be filled is free.
    /// Every change of the state ends with this.
    pub(super) fn settle(this: &Arc<Self>, slow: &mut Slow<T, E>, woken: &mut Woken<T, E>) {
        while let Some(first) = slow.waiters.front() {
            if this.may_overtake(slow) && this.idle_len(slow) > 0 {
                if slow.nudged != Some(first.number) {
                    woken.add(first.nudge());
                    slow.nudged = Some(first.number);
                }
                break;
            }
            let grant = match this.pop_idle(slow) {
                Some(seat) => Grant::Seat(seat),
                None if slow.limits.background => break,
                None => match Self::free_slot(this, slow) {
                    Some(slot) => Grant::Slot(slot),
                    None => break,
                },
            };
            let left = Self::grant_first(slow, grant, woken);
            debug_assert!(left.is_none(), "somebody waits");
        }
        // What lies idle is for those who were told to look, until somebody overtakes them.
        let idle = this.idle_len(slow);
        slow.dismiss(idle, woken);
        if slow.waiters.is_empty() && !slow.moved {
            this.packed.unbar();
        }
    }
}
