//! What a case has done so far, for the report of its failure.

use std::sync::{Arc, Mutex, PoisonError};

/// Entries that are kept; older ones are counted.
const KEPT: usize = 12;
/// Characters of an entry that are kept.
const WIDTH: usize = 160;

/// A record of statements, shared by the connections of a case and the runner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    kept: Vec<String>,
    dropped: usize,
}

impl Journal {
    /// Notes what a connection does. The same again is counted once.
    pub(crate) fn note(&self, connection: usize, what: &str) {
        let mut entry =
            format!("{connection}: {}", what.split_whitespace().collect::<Vec<_>>().join(" "));
        if let Some((end, _)) = entry.char_indices().nth(WIDTH) {
            entry.truncate(end);
            entry.push('…');
        }
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.kept.last() == Some(&entry) {
            return;
        }
        if entries.kept.len() == KEPT {
            entries.kept.remove(0);
            entries.dropped += 1;
        }
        entries.kept.push(entry);
    }

    /// What was noted, oldest first.
    pub(crate) fn history(&self) -> Vec<String> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let dropped = (entries.dropped > 0).then(|| format!("… {} before", entries.dropped));
        dropped.into_iter().chain(entries.kept.iter().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_entries_are_kept_and_repetitions_are_one() {
        let journal = Journal::default();
        for number in 0..20 {
            journal.note(1, &format!("select\n  {number}"));
            journal.note(1, &format!("select {number}"));
        }
        let history = journal.history();
        assert_eq!(history[0], "… 8 before");
        assert_eq!(history[1], "1: select 8");
        assert_eq!(history.last().unwrap(), "1: select 19");
        journal.note(2, &"x".repeat(500));
        assert_eq!(journal.history().last().unwrap().chars().count(), 161);
    }
}
