//! Notices that this process is a copy of another one, made by `fork`.

use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// The last words that were made; each knows the one before it.
static FLAGS: AtomicPtr<Flags> = AtomicPtr::new(ptr::null_mut());

/// How often this process was forked from its parent, since the first [`watch`] in one of them.
#[inline]
pub(crate) fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// Begins to count. What is not made by the C library's `fork` is not noticed.
#[cfg(unix)]
pub(crate) fn watch() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // SAFETY: all that the handler does are atomic steps, which are allowed after a fork.
        // It fails only without memory; then forks are not noticed.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
    });
}

/// There is nothing to count.
#[cfg(not(unix))]
pub(crate) fn watch() {}

#[cfg(unix)]
unsafe extern "C" fn in_child() {
    FORKS.fetch_add(1, Ordering::Relaxed);
    for flags in all() {
        flags.bits.fetch_or(FORKED, Ordering::Relaxed);
    }
}

/// Set in every word of flags that there was in the parent.
pub(crate) const FORKED: u32 = 1 << 31;

/// A word of flags of which a fork sets one, so that whoever looks at the others sees a fork as well.
/// Lives for ever, and is used again by others. Alone on its cache line, since it is read often.
#[repr(align(128))]
pub(crate) struct Flags {
    bits: AtomicU32,
    taken: AtomicBool,
    before: Option<&'static Flags>,
}

/// The right to a word of flags; dropping it leaves the word to others.
pub(crate) struct FlagsOwner(&'static Flags);

/// Without a lock, which a thread that is not in the child could hold.
fn all() -> impl Iterator<Item = &'static Flags> {
    // SAFETY: the pointer is null or comes from a `'static` reference, which is all `own` stores.
    let last = unsafe { FLAGS.load(Ordering::Acquire).as_ref() };
    std::iter::successors(last, |flags| flags.before)
}

impl Flags {
    /// A word with these bits that nobody else uses.
    pub(crate) fn own(bits: u32) -> FlagsOwner {
        let free = all().find(|flags| !flags.taken.swap(true, Ordering::Acquire));
        let flags = free.unwrap_or_else(Self::add);
        flags.bits.store(bits, Ordering::Relaxed);
        FlagsOwner(flags)
    }

    fn add() -> &'static Flags {
        let (bits, taken) = (AtomicU32::new(0), AtomicBool::new(true));
        let flags = Box::leak(Box::new(Flags { bits, taken, before: None }));
        let mut last = FLAGS.load(Ordering::Acquire);
        loop {
            // SAFETY: as in `all`.
            flags.before = unsafe { last.as_ref() };
            let new = ptr::from_mut(flags);
            match FLAGS.compare_exchange(last, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return flags,
                Err(now) => last = now,
            }
        }
    }

    /// All bits that are set.
    #[inline]
    pub(crate) fn bits(&self) -> u32 {
        self.bits.load(Ordering::Relaxed)
    }

    /// Sets bits.
    pub(crate) fn set(&self, bits: u32) {
        self.bits.fetch_or(bits, Ordering::Relaxed);
    }

    /// Takes bits away.
    pub(crate) fn clear(&self, bits: u32) {
        self.bits.fetch_and(!bits, Ordering::Relaxed);
    }
}

impl FlagsOwner {
    /// The word, which is not to be used once the owner is gone.
    #[inline]
    pub(crate) fn flags(&self) -> &'static Flags {
        self.0
    }
}

impl Drop for FlagsOwner {
    fn drop(&mut self) {
        self.0.taken.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    #[test]
    fn a_word_is_used_again_only_once_its_owner_is_gone() {
        let (one, two) = (Flags::own(1), Flags::own(2));
        assert!(!std::ptr::eq(one.flags(), two.flags()));
        one.flags().set(4);
        assert_eq!((one.flags().bits(), two.flags().bits()), (5, 2));
        one.flags().clear(1);
        assert_eq!(one.flags().bits(), 4);
        drop(one);
        let three = Flags::own(8);
        assert_eq!((two.flags().bits(), three.flags().bits()), (2, 8));
    }
}
