//! A run of bytes in a file, whose end can be computed without overflow.

use std::fmt::Display;
use std::path::Path;

use crate::error::Result;
use crate::plugin::error;

/// Where something lies in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::plugin) struct Place {
    pub(in crate::plugin) offset: u64,
    pub(in crate::plugin) len: u64,
}

impl Place {
    pub(in crate::plugin) fn new(offset: impl Into<u64>, len: impl Into<u64>) -> Place {
        Place { offset: offset.into(), len: len.into() }
    }

    /// The first offset behind it; the largest number there is, where that is no number.
    pub(in crate::plugin) fn end(self) -> u64 {
        self.offset.saturating_add(self.len)
    }

    /// The place of what `inner` says relative to this one; none when it lies partly outside.
    pub(in crate::plugin) fn within(self, inner: Place) -> Option<Place> {
        let offset = self.offset.checked_add(inner.offset)?;
        (inner.end() <= self.len).then_some(Place { offset, len: inner.len })
    }

    /// Checks that what `inner` says relative to this one, and `what` names, lies inside.
    ///
    /// # Errors
    /// `TRUNCATED`.
    pub(in crate::plugin) fn check(
        self,
        inner: Place,
        what: impl Display,
        path: &Path,
    ) -> Result<Place> {
        self.within(inner).ok_or_else(|| {
            let end = self.offset.saturating_add(inner.end());
            error::truncated(path, what, end, self.end())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn an_end_beyond_all_numbers_lies_outside() {
        let file = Place::new(0_u64, 100_u64);
        assert_eq!(file.within(Place::new(90_u64, 10_u64)), Some(Place::new(90_u64, 10_u64)));
        assert_eq!(file.within(Place::new(90_u64, 11_u64)), None);
        assert_eq!(file.within(Place::new(u64::MAX, 2_u64)), None);
        assert_eq!(Place::new(u64::MAX, 1_u64).within(Place::new(1_u64, 0_u64)), None);
        assert_eq!(Place::new(u64::MAX, 2_u64).end(), u64::MAX);
    }
}
