//! A driver's connection that belongs to an engine.

use std::ops::{Deref, DerefMut};

use super::lease::Lease;
use crate::abi::host::DriverConnection;

/// A driver's connection that belongs to an engine: what
/// [`raw_connection`](super::Engine::raw_connection) gives.
///
/// It is used as the [`DriverConnection`] that it holds. Dropping it rolls back what is open and
/// returns it.
pub struct RawConnection {
    lease: Lease,
}

impl RawConnection {
    pub(super) fn new(lease: Lease) -> Self {
        RawConnection { lease }
    }

    /// Closes the connection without a goodbye, because it is no longer good.
    pub fn invalidate(mut self) {
        self.lease.invalidate();
    }

    /// Has the connection replaced once it is returned; until then it is used as before.
    pub fn soft_invalidate(&mut self) {
        self.lease.soft_invalidate();
    }

    /// Takes the connection out of the pool, which may open another in its place. Dropping it
    /// closes it.
    pub fn detach(&mut self) {
        self.lease.detach();
    }
}

impl Deref for RawConnection {
    type Target = DriverConnection;

    fn deref(&self) -> &DriverConnection {
        self.lease.lent()
    }
}

impl DerefMut for RawConnection {
    fn deref_mut(&mut self) -> &mut DriverConnection {
        self.lease.driver()
    }
}

impl std::fmt::Debug for RawConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RawConnection").field(&**self).finish()
    }
}
