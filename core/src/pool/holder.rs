//! Who has which connection: written by whoever takes one, read by whoever asks for them all.

use std::collections::HashMap;
use std::fmt;
use std::panic::Location;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::moment::Moment;
use super::place::Place;
use super::thread_number::{name, this_thread};

/// Added to the number of a thread that polls a task: another may do so when the connection comes
/// back, so that the thread itself holds nothing.
const TASK: u64 = 1 << 63;

/// The card of one connection. Only who has the connection writes it, so plain stores suffice.
#[derive(Default)]
pub(super) struct Card {
    place: Place,
    thread: AtomicU64,
    /// Changes of hands: odd while somebody has the connection.
    hands: AtomicU64,
    /// Nanoseconds since the pool was made, plus one; 0 when no clock was read.
    since: AtomicU64,
    suspect: AtomicBool,
}

impl Card {
    #[inline]
    pub(super) fn take(&self, place: &'static Location<'static>) {
        self.take_for(place, this_thread());
    }

    /// As [`take`](Self::take), for a task that a thread of this number polled.
    pub(super) fn take_for_task(&self, place: &'static Location<'static>, thread: u64) {
        self.take_for(place, thread | TASK);
    }

    #[inline]
    fn take_for(&self, place: &'static Location<'static>, thread: u64) {
        // Each store delays the next compare-and-swap, and the same place and thread come often.
        self.place.set(place);
        if self.thread.load(Ordering::Relaxed) != thread {
            self.thread.store(thread, Ordering::Relaxed);
        }
        self.hands.store(self.hands.load(Ordering::Relaxed) | 1, Ordering::Relaxed);
    }

    pub(super) fn take_at(&self, nanos: u64) {
        // A look at all cards may have come too late for the last user.
        self.suspect.store(false, Ordering::Relaxed);
        self.since.store(nanos.saturating_add(1), Ordering::Relaxed);
    }

    #[inline]
    pub(super) fn clear(&self) {
        self.hands.store((self.hands.load(Ordering::Relaxed) + 1) & !1, Ordering::Relaxed);
    }

    pub(super) fn since(&self) -> Option<u64> {
        self.since.load(Ordering::Relaxed).checked_sub(1)
    }

    /// As [`since`](Self::since), while somebody has the connection.
    pub(super) fn out_since(&self) -> Option<u64> {
        if self.is_out() { self.since() } else { None }
    }

    fn is_out(&self) -> bool {
        self.hands.load(Ordering::Relaxed) % 2 == 1
    }

    /// True once after the checkout was reported as suspiciously long.
    pub(super) fn is_no_longer_suspect(&self) -> bool {
        self.suspect.swap(false, Ordering::Relaxed)
    }

    pub(super) fn uses(&self) -> u64 {
        self.hands.load(Ordering::Relaxed).div_ceil(2)
    }
}

/// Somebody who has a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holder {
    /// Where it was checked out.
    pub place: &'static Location<'static>,
    /// The thread that did, if it has a name and still runs; for a task the one that polled it first.
    pub thread: Option<String>,
    /// For how long; known only where the pool has a `pool_leak_threshold` or `pool_histograms`.
    pub held: Option<Duration>,
    pub(super) by: u64,
    number: u64,
}

impl Holder {
    /// The number of the place in the pool.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// True for what this thread has checked out.
    pub(crate) fn is_this_thread(&self) -> bool {
        self.by == this_thread()
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.thread {
            Some(name) => write!(f, "thread `{name}`")?,
            None => write!(f, "a thread")?,
        }
        write!(f, ", checked out at {}", self.place)?;
        match self.held {
            Some(held) => write!(f, " {:.1} s ago", held.as_secs_f64()),
            None => Ok(()),
        }
    }
}

/// The cards of all connections of a pool.
pub(super) struct Board {
    began: Moment,
    /// Whether a few milliseconds matter.
    exact: bool,
    state: Mutex<BoardState>,
}

#[derive(Default)]
struct BoardState {
    cards: HashMap<u64, Arc<Card>>,
    next: u64,
    /// Checkouts of connections that are gone.
    past_uses: u64,
}

impl Board {
    pub(super) fn new(exact: bool) -> Self {
        Board { began: Moment::now(), exact, state: Mutex::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, BoardState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enlist(&self) -> (u64, Arc<Card>) {
        let card = Arc::new(Card::default());
        let mut state = self.state();
        state.next += 1;
        let number = state.next;
        state.cards.insert(number, Arc::clone(&card));
        (number, card)
    }

    pub(super) fn strike(&self, number: u64) {
        let mut state = self.state();
        if let Some(card) = state.cards.remove(&number) {
            state.past_uses += card.uses();
        }
    }

    /// Nanoseconds since the board was made.
    pub(super) fn now(&self) -> u64 {
        let now = if self.exact { Moment::exactly_now() } else { Moment::now() };
        u64::try_from(now.since(self.began).as_nanos()).unwrap_or(u64::MAX)
    }

    pub(super) fn checkouts(&self) -> u64 {
        let state = self.state();
        state.past_uses + state.cards.values().map(|card| card.uses()).sum::<u64>()
    }

    /// Who has had a connection for longer than `threshold`, and was not reported yet.
    pub(super) fn suspects(&self, threshold: Duration) -> Vec<Holder> {
        let state = self.state();
        let cards = state.cards.iter().filter(|(_, card)| {
            let long = self.held(card).is_some_and(|held| held >= threshold);
            long && card.is_out() && !card.suspect.swap(true, Ordering::Relaxed)
        });
        cards.filter_map(|(number, card)| self.holder(*number, card)).collect()
    }

    fn held(&self, card: &Card) -> Option<Duration> {
        card.since().map(|since| Duration::from_nanos(self.now().saturating_sub(since)))
    }

    fn holder(&self, number: u64, card: &Card) -> Option<Holder> {
        let place = card.place.get().filter(|_| card.is_out())?;
        let by = card.thread.load(Ordering::Relaxed);
        Some(Holder { place, thread: name(by & !TASK), held: self.held(card), by, number })
    }

    /// Everybody who has a connection, longest first where that is known.
    pub(super) fn holders(&self) -> Vec<Holder> {
        let state = self.state();
        let mut cards: Vec<_> = state.cards.iter().collect();
        cards.sort_unstable_by_key(|(number, _)| **number);
        let mut holders: Vec<Holder> =
            cards.into_iter().filter_map(|(number, card)| self.holder(*number, card)).collect();
        holders.sort_by_key(|holder| std::cmp::Reverse(holder.held));
        holders
    }
}
