//! Who has the connections of an engine, for messages about the locks of one database in memory.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

/// The connections that were checked out and are not closed.
#[derive(Default)]
pub(super) struct Holders {
    list: Mutex<Vec<Holder>>,
}

struct Holder {
    number: u64,
    /// Where the connection was checked out; it may have moved.
    thread: Thread,
}

/// A connection on the list, until it is dropped.
pub(crate) struct Held {
    holders: Arc<Holders>,
    number: u64,
}

impl Holders {
    fn lock(&self) -> MutexGuard<'_, Vec<Holder>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection of this thread on the list.
    pub(super) fn add(self: &Arc<Self>) -> Held {
        let mut list = self.lock();
        let number = list.last().map_or(0, |last| last.number + 1);
        list.push(Holder { number, thread: thread::current() });
        Held { holders: Arc::clone(self), number }
    }
}

impl Held {
    /// The other connections on the list and their threads; `None` when there is no other.
    #[cold]
    pub(super) fn others(&self) -> Option<String> {
        const SHOWN: usize = 5;
        let list = self.holders.lock();
        let others = || list.iter().filter(|holder| holder.number != self.number);
        let count = others().count();
        let mut text = match count {
            0 => return None,
            1 => "1 other connection of this engine, checked out".to_owned(),
            _ => format!("{count} other connections of this engine, checked out"),
        };
        for (index, holder) in others().take(SHOWN).enumerate() {
            text.push_str(if index == 0 { " by " } else { ", by " });
            text.push_str(&name(&holder.thread));
        }
        if let Some(rest) = count.checked_sub(SHOWN).filter(|rest| *rest > 0) {
            // Writing to a string does not fail.
            let _ = write!(text, ", and {rest} more");
        }
        Some(text)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.holders.lock().retain(|holder| holder.number != self.number);
    }
}

fn name(thread: &Thread) -> String {
    if thread.id() == thread::current().id() {
        return "this thread, which cannot use it while it waits".to_owned();
    }
    match thread.name() {
        Some(name) => format!("thread `{name}`"),
        None => format!("{:?}", thread.id()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_are_named_by_their_threads_and_leave_with_their_connections() {
        let holders = Arc::new(Holders::default());
        let mine = holders.add();
        assert_eq!(mine.others(), None);
        let shared = Arc::clone(&holders);
        let reader = thread::Builder::new().name("reader".into()).spawn(move || shared.add());
        let theirs = reader.unwrap().join().unwrap();
        assert_eq!(
            mine.others().unwrap(),
            "1 other connection of this engine, checked out by thread `reader`"
        );
        let more: Vec<Held> = (0..6).map(|_| holders.add()).collect();
        let text = mine.others().unwrap();
        assert!(text.starts_with("7 other connections of this engine, checked out by thread"));
        assert!(text.ends_with(", by this thread, which cannot use it while it waits, and 2 more"));
        drop((theirs, more));
        assert_eq!(mine.others(), None);
    }
}
