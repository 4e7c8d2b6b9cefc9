//! What the system calls a library that was loaded by its descriptor.

use std::collections::BTreeSet;
use std::ffi::{CStr, c_int, c_void};

use aludel_tests::hostile::{Library, Stage};

/// The names of all loaded libraries, as debuggers, profilers and backtraces learn them.
fn loaded() -> BTreeSet<String> {
    unsafe extern "C" fn add(info: *mut libc::dl_phdr_info, _: usize, names: *mut c_void) -> c_int {
        // SAFETY: the system passes a struct that is valid for the call, and the set from below.
        let (name, names) =
            unsafe { (CStr::from_ptr((*info).dlpi_name), &mut *names.cast::<BTreeSet<String>>()) };
        names.insert(name.to_string_lossy().into_owned());
        0
    }
    let mut names = BTreeSet::new();
    // SAFETY: the function above has the type that is asked for, and the set outlives the call.
    unsafe { libc::dl_iterate_phdr(Some(add), (&raw mut names).cast::<c_void>()) };
    names
}

#[test]
fn a_loaded_plugin_is_known_to_the_system_by_its_own_path() {
    let stage = Stage::new();
    let path = stage.put("env", &Library::new("called")).display().to_string();
    stage.load("called").unwrap();
    let loaded = loaded();
    assert!(loaded.contains(&path), "{loaded:?}");
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    assert!(maps.lines().any(|line| line.ends_with(&path) && line.contains(" r-xp ")), "{maps}");
}
