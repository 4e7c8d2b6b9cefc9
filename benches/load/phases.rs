//! What one process measures: the phases one after the other, or `create_engine` as a whole.

use std::path::Path;
use std::time::Instant;

use aludel::abi::constants::status;
use aludel::abi::tables::{Descriptor, HostVt, MAGIC};
use aludel::plugin::{Policy, Resolved, Search, load, resolve, verify};
use aludel::{Engine, Url};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

/// The phases in their order. `dlopen` and `init` are the work of the system and of the plugin;
/// `load` is what remains of the third phase beside them.
pub(crate) const PHASES: [&str; 7] =
    ["resolve", "verify", "dlopen", "init", "load", "connect", "rusqlite connect"];

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
    let init = init(&library);
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
    vec![resolve, verify, dlopen, init, load, connect, rusqlite]
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

/// The seconds of the plugin's first initialisation, for a host that does not listen to logs. That
/// of `load`, which follows, finds the work done.
fn init(library: &Library) -> f64 {
    static DEAF: HostVt = HostVt {
        size: size_of::<HostVt>(),
        context: std::ptr::null_mut(),
        log: None,
        max_level: None,
    };
    // SAFETY: the symbol is a `Descriptor` by the rules of the ABI.
    let symbol = unsafe { library.get::<*const Descriptor>(b"ALUDEL_PLUGIN\0") };
    let descriptor: *const Descriptor = *symbol.expect("a plugin exports a descriptor");
    // SAFETY: a static of the plugin, which is never unloaded.
    let descriptor = unsafe { &*descriptor };
    assert_eq!(descriptor.magic, MAGIC);
    let init = descriptor.init.expect("the plugin has something to set up");
    // SAFETY: the host's table is a static, and the error may be null.
    let (answer, took) = timed(|| unsafe { init(&raw const DEAF, std::ptr::null_mut()) });
    assert_eq!(answer, status::OK);
    took
}
