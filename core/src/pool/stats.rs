//! Counters of what is slow anyway; what the fast path counts lies on the cards of the connections.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[doc = $doc:literal])* $name:ident),* $(,)?) => {
        /// How often what happened in a pool since it was made.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Counters { $($(#[doc = $doc])* pub $name: u64),* }

        #[derive(Default)]
        pub(super) struct Stats { $(pub(super) $name: Count),* }

        impl Stats {
            pub(super) fn read(&self) -> Counters {
                Counters { $($name: self.$name.get()),* }
            }
        }

        impl Counters {
            /// All counters with their names.
            pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
                [$((stringify!($name), self.$name)),*].into_iter()
            }

            /// The names that metrics have of them, and what each says, in the same order.
            #[cfg(feature = "metrics")]
            pub(crate) const ABOUT: &'static [(&'static str, &'static str)] =
                &[$((concat!("aludel.pool.", stringify!($name)), concat!($($doc),*))),*];

            #[cfg(feature = "metrics")]
            pub(crate) fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)*
            }
        }
    };
}

counters! {
    /// Checkouts that were given a connection.
    checkouts,
    /// Checkouts that had to wait.
    waited,
    /// Connections and slots that went from hand to hand.
    handoffs,
    /// Checkouts that overtook somebody, within `pool_bypass`.
    bypasses,
    /// Checkouts that stopped waiting: their time was over, or nobody wanted them any longer.
    gave_up,
    /// Checkouts of tasks that were dropped before they had a connection.
    cancelled,
    /// Checkouts that failed because waiting would have taken too long or was not allowed.
    timeouts,
    /// Connections opened.
    connects,
    /// Attempts to open one that failed.
    connects_failed,
    /// Attempts to open one that panicked.
    connects_panicked,
    /// Tests that the connection passed.
    pings,
    /// Tests that it did not pass.
    pings_failed,
    /// Resets that failed. Of those that did not there is no counter: returns would share it.
    resets_failed,
    /// Of these, those that took longer than `pool_reset_timeout`.
    resets_timed_out,
    /// Connections closed because enough were idle, or more were open than may be since a `resize`.
    closed_overflow,
    /// Connections closed because they were too old.
    closed_recycle,
    /// Connections closed because nobody used them.
    closed_idle,
    /// Connections closed because they were invalidated, or refused by a listener.
    closed_invalid,
    /// Connections closed because they were marked for replacement.
    closed_soft_invalid,
    /// Connections closed because all older ones were invalidated.
    closed_generation,
    /// Connections closed because they did not answer.
    closed_ping,
    /// Connections closed because their reset failed.
    closed_reset,
    /// Connections closed because the manager called them broken.
    closed_broken,
    /// Connections closed because their user panicked.
    closed_panic,
    /// Connections closed by `dispose`, `close`, or with the pool.
    closed_dispose,
    /// Connections that were detached.
    detached,
    /// Checkouts that lasted suspiciously long.
    leaks,
    /// Of these, those that ended.
    leaks_returned,
    /// Checkouts that failed at once because the database counts as down.
    refused_down,
}

/// A number that only grows.
#[derive(Default)]
pub(super) struct Count(AtomicU64);

impl Count {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many do something now.
#[derive(Default)]
pub(super) struct Ongoing(AtomicU32);

/// Somebody who does, until this is dropped.
pub(super) struct Doing<'a>(&'a Ongoing);

impl Ongoing {
    pub(super) fn begin(&self) -> Doing<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Doing(self)
    }

    pub(super) fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Overflow,
    Recycle,
    Idle,
    Invalid,
    SoftInvalid,
    Generation,
    Ping,
    Reset,
    Broken,
    Panic,
    Dispose,
}

impl Stats {
    pub(super) fn closed(&self, why: Why) {
        let counter = match why {
            Why::Overflow => &self.closed_overflow,
            Why::Recycle => &self.closed_recycle,
            Why::Idle => &self.closed_idle,
            Why::Invalid => &self.closed_invalid,
            Why::SoftInvalid => &self.closed_soft_invalid,
            Why::Generation => &self.closed_generation,
            Why::Ping => &self.closed_ping,
            Why::Reset => &self.closed_reset,
            Why::Broken => &self.closed_broken,
            Why::Panic => &self.closed_panic,
            Why::Dispose => &self.closed_dispose,
        };
        counter.add();
    }
}
