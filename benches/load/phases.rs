//! What one process measures: the phases one after the other, or `create_engine` as a whole.

use std::path::Path;
use std::time::Instant;

use aludel::plugin::{Policy, Resolved, Search, load, resolve, verify};
use aludel::{Engine, Url};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// The phases in their order; `load` is what remains of the third beside the loader's own work.
pub(crate) const PHASES: [&str; 6] =
    ["resolve", "verify", "dlopen", "load", "connect", "rusqlite connect"];

/// `create_engine` with a plugin that the process has not met.
pub(crate) const WHOLE: &str = "create_engine";

const URL: &str = "sqlite:///:memory:";

/// Measures and prints milliseconds.
pub(crate) fn run(dir: &Path, variant: &str) {
    let times = if variant == WHOLE { whole(dir) } else { phases(dir) };
    let words: Vec<String> = times.iter().map(|seconds| format!("{}", seconds * 1e3)).collect();
    println!("{}", words.join(" "));
}

fn whole(dir: &Path) -> Vec<f64> {
    let (engine, took) = timed(|| Engine::builder(URL).plugin_path(dir).build());
    assert_eq!(engine.expect("the plugin serves it").dialect().name, "sqlite");
    vec![took]
}

fn phases(dir: &Path) -> Vec<f64> {
    let url = Url::parse(URL).expect("a URL");
    let search = Search::new().path(dir);
    let (resolved, resolve) = timed(|| resolve(&url, &search));
    let Ok(Resolved::File(plan)) = resolved else { panic!("the plugin is found") };
    let (verified, verify) = timed(|| verify(plan, &Policy::new()));
    let verified = verified.expect("the plugin passes");
    let (library, dlopen) = timed(|| dlopen(verified.path()));
    let (plugin, load) = timed(|| load(verified));
    plugin.expect("the plugin is loaded");
    std::mem::forget(library);
    let engine = Engine::builder(URL).plugin_path(dir).build().expect("it was loaded before");
    let (connection, connect) = timed(|| engine.connect());
    let one: i64 = connection
        .and_then(|mut connection| connection.execute("select 1", ())?.scalar())
        .expect("the plugin answers");
    assert_eq!(one, 1);
    let (own, rusqlite) = timed(rusqlite::Connection::open_in_memory);
    own.expect("SQLite opens a database in memory");
    vec![resolve, verify, dlopen, load, connect, rusqlite]
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed().as_secs_f64())
}

/// The system's loader alone, told to bind all symbols at once as aludel tells it.
fn dlopen(path: &Path) -> Library {
    // SAFETY: a plugin that this build made, and that was verified.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.expect("the loader takes it")
}
