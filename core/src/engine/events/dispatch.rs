//! Who listens to what: the listeners of one engine, those of its parents, and those of all.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{
    Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak,
};

use super::handler::{Handler, Interest};
use crate::engine::source::Source;

/// Events that somebody in this process has listened to. Bits are never taken back: a listener that
/// was removed leaves the others at the cost of one look at a list.
static LISTENED: AtomicU32 = AtomicU32::new(0);

/// The listeners of an engine, before which those of its parent are called.
pub(crate) struct Dispatch {
    parent: Option<Arc<Dispatch>>,
    /// Events that have a listener here.
    interests: AtomicU32,
    entries: RwLock<Vec<Arc<Entry>>>,
    /// The engines whose pools tell these listeners.
    engines: Mutex<Vec<Weak<Source>>>,
}

pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) handler: Handler,
    /// Present for a listener that is called once: true when it was.
    once: Option<AtomicBool>,
}

impl Entry {
    pub(super) fn new(id: u64, handler: Handler, is_once: bool) -> Self {
        Entry { id, handler, once: is_once.then(AtomicBool::default) }
    }
}

impl Dispatch {
    /// That of an engine of its own.
    pub(crate) fn new() -> Arc<Self> {
        Dispatch::with_parent(Some(Dispatch::of_all()))
    }

    /// That of a sub-engine.
    pub(crate) fn child(self: &Arc<Self>) -> Arc<Self> {
        Dispatch::with_parent(Some(Arc::clone(self)))
    }

    /// The listeners of all engines of this process.
    pub(super) fn of_all() -> Arc<Self> {
        static ALL: OnceLock<Arc<Dispatch>> = OnceLock::new();
        Arc::clone(ALL.get_or_init(|| Dispatch::with_parent(None)))
    }

    fn with_parent(parent: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Dispatch {
            parent,
            interests: AtomicU32::new(0),
            entries: RwLock::new(Vec::new()),
            engines: Mutex::new(Vec::new()),
        })
    }

    /// True when one of these events has a listener. One relaxed load while nobody in the process
    /// listens to any of them.
    #[inline]
    pub(crate) fn listens(&self, interests: Interest) -> bool {
        LISTENED.load(Ordering::Relaxed) & interests.bits() != 0 && self.listens_here(interests)
    }

    #[cold]
    fn listens_here(&self, interests: Interest) -> bool {
        self.lineage().any(|one| one.interests.load(Ordering::Relaxed) & interests.bits() != 0)
    }

    /// This one and those above it.
    fn lineage(&self) -> impl Iterator<Item = &Dispatch> {
        std::iter::successors(Some(self), |one| one.parent.as_deref())
    }

    /// That of the engine which the connections belong to, whichever sub-engine asks for one.
    pub(super) fn root(self: &Arc<Self>) -> Arc<Self> {
        let mut root = self;
        while let Some(parent) = &root.parent
            && parent.parent.is_some()
        {
            root = parent;
        }
        Arc::clone(root)
    }

    /// This is the dispatch of an engine, whose pool tells its listeners and those of all engines.
    pub(crate) fn attach(&self, engine: &Arc<Source>) {
        let of_all = Dispatch::of_all();
        for one in [self, &of_all] {
            let mut engines = one.engines();
            engines.retain(|engine| engine.strong_count() > 0);
            engines.push(Arc::downgrade(engine));
        }
        if self.listens(Interest::OF_POOL) {
            engine.tell_of_pool();
        }
    }

    fn engines(&self) -> MutexGuard<'_, Vec<Weak<Source>>> {
        self.engines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, entry: Entry, first: bool) {
        let is_of_pool = Interest::OF_POOL.has(entry.handler.interest());
        let bits = entry.handler.interest().bits();
        let mut entries = self.write();
        let at = if first { 0 } else { entries.len() };
        entries.insert(at, Arc::new(entry));
        self.interests.fetch_or(bits, Ordering::Relaxed);
        LISTENED.fetch_or(bits, Ordering::Relaxed);
        drop(entries);
        if is_of_pool {
            let engines: Vec<_> = self.engines().iter().filter_map(Weak::upgrade).collect();
            engines.iter().for_each(|engine| engine.tell_of_pool());
        }
    }

    pub(super) fn remove(&self, id: u64) -> bool {
        let mut entries = self.write();
        let before = entries.len();
        entries.retain(|entry| entry.id != id);
        let left = entries.iter().fold(0, |bits, entry| bits | entry.handler.interest().bits());
        self.interests.store(left, Ordering::Relaxed);
        entries.len() < before
    }

    pub(super) fn contains(&self, id: u64) -> bool {
        self.read().iter().any(|entry| entry.id == id)
    }

    /// The listeners to an event in the order in which they are called: those of all engines, those
    /// of the parents, those registered here. Listeners that are called once are taken by this.
    pub(super) fn called(&self, interest: Interest) -> Vec<Arc<Entry>> {
        let lineage: Vec<&Dispatch> = self.lineage().collect();
        let mut called = Vec::new();
        for one in lineage.into_iter().rev() {
            if one.interests.load(Ordering::Relaxed) & interest.bits() == 0 {
                continue;
            }
            let wanted = |entry: &&Arc<Entry>| entry.handler.interest() == interest;
            let found: Vec<Arc<Entry>> = one.read().iter().filter(wanted).cloned().collect();
            for entry in found {
                match &entry.once {
                    Some(was_called) if was_called.swap(true, Ordering::Relaxed) => continue,
                    Some(_) => drop(one.remove(entry.id)),
                    None => {}
                }
                called.push(entry);
            }
        }
        called
    }

    // No listener runs while the lock is held, so that one may register and remove others.
    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Entry>>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Arc<Entry>>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dispatch, Entry};
    use crate::engine::events::handler::{Handler, Interest};

    fn listener(id: u64) -> Entry {
        Entry::new(id, Handler::Commit(Box::new(|_| Ok(()))), false)
    }

    fn called(dispatch: &Dispatch) -> Vec<u64> {
        dispatch.called(Interest::COMMIT).iter().map(|entry| entry.id).collect()
    }

    #[test]
    fn parents_come_first_and_one_can_be_put_before_the_others() {
        let engine = Dispatch::new();
        let sub = engine.child();
        sub.add(listener(1), false);
        engine.add(listener(2), false);
        engine.add(listener(3), true);
        assert_eq!(called(&sub), [3, 2, 1]);
        assert_eq!(called(&engine), [3, 2]);
        assert!(sub.listens(Interest::COMMIT) && !sub.listens(Interest::ROLLBACK));
        assert!(sub.remove(1) && !sub.remove(1));
        assert!(!Dispatch::new().listens(Interest::COMMIT), "a stranger hears nothing");
    }

    #[test]
    fn the_root_is_that_of_the_engine_not_of_all() {
        let engine = Dispatch::new();
        let sub = engine.child().child();
        sub.root().add(listener(7), false);
        assert!(engine.contains(7));
        assert!(!Dispatch::of_all().contains(7));
    }

    #[test]
    fn one_that_listens_once_is_called_once() {
        let engine = Dispatch::new();
        let once = Handler::Commit(Box::new(|_| Ok(())));
        engine.add(Entry::new(9, once, true), false);
        assert_eq!(called(&engine), [9]);
        assert!(!engine.contains(9) && called(&engine).is_empty());
    }
}
