//! Notices that this process is a copy of another one, made by `fork`.

use std::sync::atomic::{AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// How often this process was forked from its parent, since the first [`watch`] in one of them.
#[inline]
pub(crate) fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// Begins to count. What is not made by the C library's `fork` is not noticed.
#[cfg(unix)]
pub(crate) fn watch() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    unsafe extern "C" fn in_child() {
        FORKS.fetch_add(1, Ordering::Relaxed);
    }
    ONCE.call_once(|| {
        // SAFETY: all that the handler does is an atomic addition, which is allowed after a fork.
        // It fails only without memory; then forks are not noticed.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

/// There is nothing to count.
#[cfg(not(unix))]
pub(crate) fn watch() {}
