//! Setting faults for one direction or both, on one connection or all.

use std::fmt;
use std::time::Duration;

use super::Way;
use super::fault::{Cut, Faults};
use super::state::{Shared, Whom};

/// The directions that faults are set for.
///
/// Places are counted from this moment on, on connections to come from their first byte. Setting a
/// fault replaces one of the same kind; calls return when it is in force.
pub struct Lanes<'p> {
    pub(super) shared: &'p Shared,
    pub(super) whom: Whom,
    pub(super) ways: &'static [Way],
}

impl Lanes<'_> {
    /// Bytes that come from now on are handed on so much later.
    pub fn delay(&self, delay: Duration) -> &Self {
        self.set("a delay", |faults, _| faults.delay = delay)
    }

    /// Hands on one byte at a time, each in a segment of its own.
    ///
    /// The next is sent when the receiver has read the last, so that every read returns one byte,
    /// as far as the receiver is on this machine and speaks TCP; else bytes only are sent singly.
    pub fn one_byte_at_a_time(&self) -> &Self {
        self.in_pieces(1)
    }

    /// Hands on at most so many bytes at a time, as [`Lanes::one_byte_at_a_time`] does.
    ///
    /// # Panics
    /// When `most` is 0.
    pub fn in_pieces(&self, most: usize) -> &Self {
        assert!(most > 0, "a piece has at least one byte");
        self.set("pieces", |faults, _| faults.piece = Some(most))
    }

    /// Lets `count` bytes pass, then nothing until [`Lanes::release`], not even the end of file.
    ///
    /// The sender can go on until buffers are full, as on a link that has gone dead.
    pub fn stall_after(&self, count: u64) -> &Self {
        self.set("a stall", |faults, passed| faults.stall = Some(passed + count))
    }

    /// Lets pass what a stall held back, and what comes after it.
    pub fn release(&self) -> &Self {
        self.set("a release", |faults, _| faults.stall = None)
    }

    /// Lets `count` bytes pass and then resets both ends.
    pub fn reset_after(&self, count: u64) -> &Self {
        self.cut(count, Cut::Reset)
    }

    /// Lets `count` bytes pass and then closes both ends in an orderly way.
    pub fn close_after(&self, count: u64) -> &Self {
        self.cut(count, Cut::Close)
    }

    /// Lets `count` bytes pass and then ends this direction alone.
    ///
    /// The receiver sees the end of file; what the sender says after it is thrown away.
    pub fn half_close_after(&self, count: u64) -> &Self {
        self.cut(count, Cut::HalfClose)
    }

    /// Changes the byte with `offset` bytes before it by exclusive or with `mask`.
    ///
    /// # Panics
    /// When `mask` is 0, which changes nothing.
    pub fn flip(&self, offset: u64, mask: u8) -> &Self {
        assert!(mask != 0, "a mask of 0 changes nothing");
        self.set("a flip", |faults, passed| faults.flips.push((passed + offset, mask)))
    }

    /// Takes away all faults; what was held back passes.
    pub fn heal(&self) -> &Self {
        self.set("no faults", |faults, _| *faults = Faults::default())
    }

    fn cut(&self, count: u64, cut: Cut) -> &Self {
        self.set("a cut", |faults, passed| faults.cut = Some((passed + count, cut)))
    }

    /// Applies `change` to the faults and the number of bytes that have passed.
    fn set(&self, what: &str, change: impl Fn(&mut Faults, u64)) -> &Self {
        self.shared.change(what, |state| {
            for way in self.ways {
                for plan in state.plans_of(self.whom) {
                    change(&mut plan.faults[way.index()], 0);
                }
                for link in state.links_of(self.whom) {
                    let lane = &mut link.lanes[way.index()];
                    change(&mut lane.faults, lane.counts.passed);
                }
            }
        });
        self
    }
}

impl fmt::Debug for Lanes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lanes").field("whom", &self.whom).field("ways", &self.ways).finish()
    }
}
