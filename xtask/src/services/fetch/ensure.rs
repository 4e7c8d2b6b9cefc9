//! Brings what is missing, once.

use super::errand::{self, Errand, Way};
use super::reasons::note;
use super::sets::{self, Set};
use crate::services::kind::Kind;
use crate::services::{locale, place, program};
use std::env;
use std::fs::File;
use std::thread;

/// Set to `1`, nothing is fetched.
const OFFLINE: &str = "ALUDEL_SERVICES_OFFLINE";

/// Fetches what `kinds` need and do not find. What cannot be had is told by
/// [`missing`](super::missing).
pub(crate) fn ensure(kinds: &[Kind]) -> Result<(), String> {
    if sets::lacking(kinds).is_empty() {
        compile_locale(kinds);
        return Ok(());
    }
    // One file, which may stay as long as the cache.
    let path = place::cache()?.join("lock");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let lock = File::create(&path).map_err(failed)?;
    if lock.try_lock().is_err() {
        eprintln!("waiting for another start that fetches packages");
        lock.lock().map_err(failed)?;
    }
    // The other start may have brought everything.
    let lacking = sets::lacking(kinds);
    if !lacking.is_empty() {
        fetch(&lacking)?;
    }
    compile_locale(kinds);
    Ok(())
}

fn compile_locale(kinds: &[Kind]) {
    if !kinds.iter().any(|kind| [Kind::Pg, Kind::PgHa].contains(kind)) {
        return;
    }
    if let Err(message) = locale::compile() {
        eprintln!("no translated messages: {message}");
    }
}

fn fetch(lacking: &[&'static Set]) -> Result<(), String> {
    if let Some(reason) = forbidden() {
        let failed = Err(reason);
        return lacking.iter().try_for_each(|set| note(set, &failed));
    }
    let installing = place::effective_uid()? == 0 && !program::only_unpacked();
    let errands = each(Way::ALL, |way| {
        let of_way = |set: &&&'static Set| Way::of(set, installing) == way;
        let sets: Vec<&Set> = lacking.iter().filter(of_way).copied().collect();
        Errand::plan(way, &sets)
    })?;
    let errands: Vec<Errand> = errands.into_iter().flatten().collect();
    if errands.is_empty() {
        return Ok(());
    }
    // Everything, before anything is fetched.
    errand::announce(&errands);
    each(errands, |errand| errand.run()).map(drop)
}

/// Why nothing can be fetched at all.
fn forbidden() -> Option<String> {
    if env::var_os(OFFLINE).is_some_and(|value| value == "1") {
        return Some(format!("{OFFLINE} forbids fetching"));
    }
    let apt = program::on_path("apt-get");
    apt.is_none().then(|| "this system has no apt to fetch it with".into())
}

/// Does `work` for all `items` at the same time.
fn each<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let work = &work;
    thread::scope(|scope| {
        let threads: Vec<_> =
            items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        let panicked = |_| "a fetching thread panicked".to_owned();
        threads.into_iter().map(|thread| thread.join().map_err(panicked)?).collect()
    })
}
