//! Several sessions that insert as fast as they can, and remember what was acknowledged.

use crate::session::Target;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How many sessions insert.
const SESSIONS: usize = 4;

/// How many commits are acknowledged at least before the server fails.
const COMMITS: usize = 400;

/// How long they may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Inserts numbers into the table `acknowledged` of a new server, does `fail` to it in the middle,
/// and returns the numbers whose commits were acknowledged.
///
/// # Panics
///
/// When a session goes on although the server has failed.
pub(crate) fn interrupted(target: Target<'_>, fail: impl FnOnce()) -> BTreeSet<usize> {
    target.ask("create table acknowledged (n int primary key)");
    let count = AtomicUsize::new(0);
    thread::scope(|scope| {
        let insert = |session: usize| insert(target, session, &count);
        let sessions: Vec<_> =
            (0..SESSIONS).map(|session| scope.spawn(move || insert(session))).collect();
        let begin = Instant::now();
        while count.load(Ordering::SeqCst) < COMMITS {
            assert!(begin.elapsed() < PATIENCE, "{count:?} commits in {PATIENCE:?}");
            thread::sleep(Duration::from_millis(1));
        }
        fail();
        // Each ends when its session does, and none before.
        let numbers = sessions.into_iter().flat_map(|session| session.join().unwrap());
        numbers.collect()
    })
}

/// Inserts until the session ends.
fn insert(target: Target<'_>, session: usize, count: &AtomicUsize) -> Vec<usize> {
    let mut acknowledged = Vec::new();
    let mut connection = target.connect();
    for number in (session..).step_by(SESSIONS) {
        let sql = format!("insert into acknowledged values ({number})");
        if !connection.run(&sql, &number.to_string()) {
            break;
        }
        acknowledged.push(number);
        count.fetch_add(1, Ordering::SeqCst);
    }
    acknowledged
}

/// Compares what is there with what was acknowledged.
///
/// # Panics
///
/// When something that was acknowledged is not there.
pub(crate) fn found(target: Target<'_>, acknowledged: &BTreeSet<usize>) {
    let rows = target.ask("select n from acknowledged");
    let there: BTreeSet<usize> = rows.lines().map(|line| line.parse().unwrap()).collect();
    let lost: Vec<&usize> = acknowledged.difference(&there).collect();
    assert!(lost.is_empty(), "lost of {} acknowledged commits: {lost:?}", acknowledged.len());
    // Each session may have had one more on its way.
    assert!(there.len() <= acknowledged.len() + SESSIONS, "{} are there", there.len());
}
