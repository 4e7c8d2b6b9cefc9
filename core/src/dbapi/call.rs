//! The limits of one call.

use std::marker::PhantomData;
use std::time::Duration;

use crate::abi::clock;
use crate::abi::data::CallOptions;
use crate::error::{Error, Result};

/// When a call must have ended, and which call it is.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    options: CallOptions,
    lifetime: PhantomData<&'a ()>,
}

impl Call<'_> {
    /// A call without limits.
    pub const UNLIMITED: Call<'static> =
        Call { options: CallOptions::UNLIMITED, lifetime: PhantomData };

    #[inline]
    pub(crate) fn new(options: CallOptions) -> Self {
        Call { options, lifetime: PhantomData }
    }

    /// Time left until the deadline; zero when it has passed, `None` when there is none.
    pub fn remaining(&self) -> Option<Duration> {
        let deadline = self.options.deadline_mono_ns;
        (deadline != 0)
            .then(|| Duration::from_nanos(deadline.saturating_sub(clock::monotonic_ns())))
    }

    /// True when there is a deadline.
    #[inline]
    pub fn has_deadline(&self) -> bool {
        self.options.deadline_mono_ns != 0
    }

    /// The deadline in nanoseconds of the system's monotonic clock, where there is one.
    pub fn deadline_ns(&self) -> Option<u64> {
        (self.options.deadline_mono_ns != 0).then_some(self.options.deadline_mono_ns)
    }

    /// Fails when the deadline has passed.
    ///
    /// # Errors
    /// `Operational` with SQLSTATE HYT00 (ODBC: timeout expired).
    pub fn check(&self) -> Result<()> {
        match self.remaining() {
            Some(Duration::ZERO) => {
                Err(Error::operational("the deadline of the call has passed")
                    .with_sqlstate("HYT00"))
            }
            _ => Ok(()),
        }
    }

    /// The number of this call on its connection; a [`Cancel`](super::Cancel) names it.
    #[inline]
    pub fn generation(&self) -> u64 {
        self.options.generation
    }

    /// At most this many rows are wanted in the whole result.
    pub fn max_rows(&self) -> Option<u64> {
        (self.options.max_rows != 0).then_some(self.options.max_rows)
    }
}
