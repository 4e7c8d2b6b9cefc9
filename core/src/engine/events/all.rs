//! Where listeners to the events of one engine and of all engines are registered.

use super::dispatch::Dispatch;
use super::registering::Events;
use crate::engine::Engine;

/// Registers listeners to the events of every engine of this process, those that are still to be
/// made included (SQLAlchemy's `listen(Engine, …)`).
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// let statements = Arc::new(AtomicUsize::new(0));
/// let counter = Arc::clone(&statements);
/// let listener = aludel::engine::events::all_engines().before_cursor_execute(move |_| {
///     counter.fetch_add(1, Ordering::Relaxed);
/// });
/// aludel::create_engine("sqlite://")?.execute("select 1", ())?;
/// listener.remove();
/// assert_eq!(statements.load(Ordering::Relaxed), 1);
/// # Ok(())
/// # }
/// ```
pub fn all_engines() -> Events {
    Events::new(Dispatch::of_all())
}

impl Engine {
    /// Registers listeners to what this engine, its connections and the sub-engines made of it do.
    pub fn events(&self) -> Events {
        Events::new(std::sync::Arc::clone(self.dispatch()))
    }
}
