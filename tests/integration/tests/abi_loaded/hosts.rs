//! Hosts of other versions: tables for plugins that are shorter or longer, and several hosts.
//!
//! Each test loads a copy of the plugin file, because what a plugin learns of its host it learns
//! once.

use std::ffi::c_void;
use std::sync::{Mutex, OnceLock, PoisonError};

use aludel::abi::constants::status;
use aludel::abi::data::LogRecord;
use aludel::abi::tables::HostVt;
use aludel_tests::open::{DEAF, Opened, copied};
use aludel_tests::subject::{EVERYTHING, Subject, counted, query};

/// Messages that a host was told.
type Ears = Mutex<Vec<String>>;

unsafe extern "C" fn hear(context: *mut c_void, record: *const LogRecord) {
    // SAFETY: the context is one of the statics below, the record lives for the call.
    let (ears, message) = unsafe { (&*context.cast::<Ears>(), (*record).message.text()) };
    ears.lock().unwrap_or_else(PoisonError::into_inner).push(message.into_owned());
}

unsafe extern "C" fn everything(_: *mut c_void) -> u32 {
    5
}

unsafe extern "C" fn warnings(_: *mut c_void) -> u32 {
    2
}

/// A host that listens, kept for ever.
fn host(ears: &'static Ears, max_level: unsafe extern "C" fn(*mut c_void) -> u32) -> HostVt {
    HostVt {
        size: size_of::<HostVt>(),
        context: (&raw const *ears).cast_mut().cast(),
        log: Some(hear),
        max_level: Some(max_level),
    }
}

fn keep(host: HostVt) -> &'static HostVt {
    static KEPT: Mutex<Vec<&'static HostVt>> = Mutex::new(Vec::new());
    let kept: &'static HostVt = Box::leak(Box::new(host));
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    kept
}

/// A plugin that no other test has loaded.
fn fresh() -> Opened {
    let directory = tempfile::tempdir().unwrap();
    Opened::file(&copied("aludel_everything", directory.path()))
}

/// Has the plugin log, and shows that it works.
fn use_it(plugin: &Opened) {
    let dialect = plugin.table(aludel_test_everything::info());
    let mut connection = Subject { dialect, speech: EVERYTHING }.connect();
    query(&mut connection, "log").unwrap();
    assert_eq!(query(&mut connection, "rows 3").unwrap(), counted(3));
}

fn heard(ears: &Ears) -> Vec<String> {
    std::mem::take(&mut ears.lock().unwrap_or_else(PoisonError::into_inner))
}

#[test]
fn a_host_of_this_version_hears_what_it_wants_to() {
    static ALL: Ears = Mutex::new(Vec::new());
    static SOME: Ears = Mutex::new(Vec::new());
    let plugin = fresh();
    assert_eq!(plugin.init(keep(host(&ALL, everything))), status::OK);
    use_it(&plugin);
    let all = ["an error", "a warning", "some information", "a detail", "a trace"];
    assert_eq!(heard(&ALL), all);

    let plugin = fresh();
    assert_eq!(plugin.init(keep(host(&SOME, warnings))), status::OK);
    use_it(&plugin);
    assert_eq!(heard(&SOME), all[..2]);
}

#[test]
fn a_second_host_is_served_and_the_first_keeps_the_events() {
    static FIRST: Ears = Mutex::new(Vec::new());
    static SECOND: Ears = Mutex::new(Vec::new());
    let plugin = fresh();
    assert_eq!(plugin.init(keep(host(&FIRST, everything))), status::OK);
    assert_eq!(plugin.init(keep(host(&SECOND, everything))), status::OK);
    use_it(&plugin);
    assert_eq!((heard(&FIRST).len(), heard(&SECOND).len()), (5, 0));
}

#[test]
fn an_older_host_is_served_without_logs() {
    // What lies beyond the size would fault if it were called.
    const POISON: usize = 0xdead_0000_dead_0000_u64 as usize;
    static TABLES: [[usize; 4]; 3] =
        [[8, POISON, POISON, POISON], [16, 0, POISON, POISON], [24, 0, 0, POISON]];
    for table in &TABLES {
        let plugin = fresh();
        // SAFETY: as many bytes as the size says are there, for ever, and say what they must.
        assert_eq!(unsafe { plugin.init_raw(table.as_ptr().cast()) }, status::OK);
        use_it(&plugin);
    }
    let plugin = fresh();
    // SAFETY: a host that is not there.
    assert_eq!(unsafe { plugin.init_raw(std::ptr::null()) }, status::OK);
    use_it(&plugin);
}

#[test]
fn a_newer_host_is_served_as_far_as_the_plugin_knows_it() {
    #[repr(C)]
    struct Newer {
        known: HostVt,
        further: [usize; 3],
    }
    static EARS: Ears = Mutex::new(Vec::new());
    static HOST: OnceLock<Newer> = OnceLock::new();
    let newer = HOST.get_or_init(|| {
        let known = HostVt { size: size_of::<Newer>(), ..host(&EARS, everything) };
        Newer { known, further: [usize::MAX; 3] }
    });
    let plugin = fresh();
    assert_eq!(plugin.init(&newer.known), status::OK);
    use_it(&plugin);
    assert_eq!(heard(&EARS).len(), 5);
    assert_eq!(newer.further, [usize::MAX; 3]);
}

#[test]
fn a_host_without_functions_is_served() {
    let plugin = fresh();
    assert_eq!(plugin.init(&DEAF), status::OK);
    use_it(&plugin);
}
