//! A listener that is registered, and its removal.

use std::sync::Weak;
use std::sync::atomic::{AtomicU64, Ordering};

use super::dispatch::Dispatch;

/// A listener that is registered. Dropping this leaves it registered;
/// [`remove`](Listener::remove) ends that.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// let engine = aludel::create_engine("sqlite://")?;
/// let listener = engine.events().before_cursor_execute(|ctx| println!("{}", ctx.statement()));
/// engine.execute("select 1", ())?;
/// assert!(listener.is_registered());
/// listener.remove();
/// assert!(!listener.is_registered());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Listener {
    id: u64,
    /// Gone with its engine.
    dispatch: Weak<Dispatch>,
}

impl Listener {
    pub(super) fn new(id: u64, dispatch: Weak<Dispatch>) -> Self {
        Listener { id, dispatch }
    }

    /// A number that no other listener of this process has.
    pub(super) fn next_id() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    /// Takes the listener away; false when it was not there any more. Calls of it that have begun,
    /// in other threads too, go on to their end.
    pub fn remove(&self) -> bool {
        self.dispatch.upgrade().is_some_and(|dispatch| dispatch.remove(self.id))
    }

    /// True while it is registered: not removed, its engine is there, and, if it listens
    /// [`once`](super::Events::once), it has not been called (SQLAlchemy's `contains`).
    pub fn is_registered(&self) -> bool {
        self.dispatch.upgrade().is_some_and(|dispatch| dispatch.contains(self.id))
    }
}
