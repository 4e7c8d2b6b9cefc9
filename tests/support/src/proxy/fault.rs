//! The faults of one direction.

use std::time::Duration;

/// How a connection ends at a place of its stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Both ends see a reset.
    Reset,
    /// Both ends see the end of file, and a reset when they go on.
    Close,
    /// The receiver sees the end of file; the other direction goes on.
    HalfClose,
}

/// What befalls the bytes of one direction; places are counted in bytes that passed.
#[derive(Debug, Clone, Default)]
pub(super) struct Faults {
    pub(super) delay: Duration,
    /// The longest piece that is sent at once; the next waits until the receiver has read it.
    pub(super) piece: Option<usize>,
    pub(super) stall: Option<u64>,
    pub(super) cut: Option<(u64, Cut)>,
    /// Place and mask of bytes that are changed.
    pub(super) flips: Vec<(u64, u8)>,
}

impl Faults {
    /// The cut that has been reached.
    pub(super) fn cut_at(&self, passed: u64) -> Option<Cut> {
        self.cut.and_then(|(at, cut)| (passed >= at).then_some(cut))
    }

    /// Whether nothing may pass any more until it is released.
    pub(super) fn stalls_at(&self, passed: u64) -> bool {
        self.stall.is_some_and(|at| passed >= at)
    }

    /// How many of `length` bytes may pass at once.
    pub(super) fn room(&self, passed: u64, length: usize) -> usize {
        let places = [self.stall, self.cut.map(|(at, _)| at)];
        let nearest = places.into_iter().flatten().map(|at| at.saturating_sub(passed)).min();
        let room = nearest.and_then(|room| usize::try_from(room).ok()).unwrap_or(usize::MAX);
        length.min(room).min(self.piece.unwrap_or(usize::MAX))
    }

    /// Changes the bytes of `piece` that stand at the places to be changed.
    pub(super) fn corrupt(&self, passed: u64, piece: &mut [u8]) {
        for (at, mask) in &self.flips {
            let index = at.checked_sub(passed).and_then(|index| usize::try_from(index).ok());
            if let Some(byte) = index.and_then(|index| piece.get_mut(index)) {
                *byte ^= mask;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_place_and_the_longest_piece_bound_what_passes() {
        let mut faults = Faults::default();
        assert_eq!(faults.room(0, 100), 100);
        faults.cut = Some((40, Cut::Reset));
        faults.stall = Some(30);
        assert_eq!((faults.room(0, 100), faults.room(25, 100)), (30, 5));
        assert!(faults.stalls_at(30) && !faults.stalls_at(29));
        faults.stall = None;
        assert_eq!(faults.room(25, 100), 15);
        assert_eq!((faults.cut_at(39), faults.cut_at(40)), (None, Some(Cut::Reset)));
        faults.piece = Some(1);
        assert_eq!(faults.room(25, 100), 1);
    }

    #[test]
    fn only_the_bytes_at_their_places_are_changed() {
        let faults = Faults { flips: vec![(3, 0xff), (9, 1)], ..Faults::default() };
        let mut piece = [0; 4];
        faults.corrupt(2, &mut piece);
        assert_eq!(piece, [0, 0xff, 0, 0]);
        faults.corrupt(4, &mut piece);
        assert_eq!(piece, [0, 0xff, 0, 0]);
    }
}
