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
