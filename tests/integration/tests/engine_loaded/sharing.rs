//! A plugin is loaded once, however many engines and threads ask for it.

use std::path::PathBuf;
use std::sync::Barrier;

use aludel::plugin::{Policy, Resolved, Search, load, resolve, verify};
use aludel::{Url, create_engine};

/// How often the dynamic linker has mapped the plugin's code.
#[cfg(target_os = "linux")]
fn mapped_copies() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("libaludel_sqlite") && line.contains("r-xp")).count()
}

/// The plugin's file name, and the directory that it lies in: that of this program.
fn plugin_file() -> (String, PathBuf) {
    use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
    let program = std::env::current_exe().unwrap();
    let directory = program.parent().unwrap().to_owned();
    (format!("{DLL_PREFIX}aludel_sqlite{DLL_SUFFIX}"), directory)
}

#[cfg(target_os = "linux")]
#[test]
fn sixteen_threads_and_a_hundred_engines_load_a_plugin_once() {
    let barrier = Barrier::new(16);
    std::thread::scope(|scope| {
        for thread in 0..16 {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                let engines: Vec<_> =
                    (0..100).map(|_| create_engine("sqlite:///:memory:").unwrap()).collect();
                for (index, engine) in engines.iter().enumerate().step_by(25) {
                    let sum: i64 =
                        engine.execute("select ? + ?", (thread, index)).unwrap().scalar().unwrap();
                    assert_eq!(sum, thread + index as i64);
                }
            });
        }
    });
    assert_eq!(mapped_copies(), 1);
}

#[test]
fn every_load_of_a_file_gives_the_same_plugin() {
    let url = Url::parse("sqlite://").unwrap();
    let load = || match resolve(&url, &Search::new()).unwrap() {
        Resolved::File(plan) => load(verify(plan, &Policy::new()).unwrap()).unwrap(),
        Resolved::Static(_) => panic!("nothing is linked into this test"),
    };
    let first = load();
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| assert!(std::ptr::eq(first, load()), "loaded a second time"));
        }
    });
}

#[test]
fn a_second_file_of_a_dialect_is_refused() {
    create_engine("sqlite://").unwrap();
    let (name, deps) = plugin_file();
    let directory = tempfile::tempdir_in(&deps).unwrap();
    std::fs::copy(deps.join(&name), directory.path().join(&name)).unwrap();
    let error =
        aludel::Engine::builder("sqlite://").plugin_path(directory.path()).build().unwrap_err();
    assert_eq!(error.code(), Some("P14"), "{error}");
    assert!(error.message().starts_with("dialect `sqlite` is loaded from "), "{error}");
}

#[test]
fn a_plugin_is_found_in_a_directory_that_the_program_names() {
    let (name, deps) = plugin_file();
    // Another name of the same file, so that the plugin is not loaded a second time; on the same
    // file system, because only there a file can have another name.
    let directory = tempfile::tempdir_in(&deps).unwrap();
    std::fs::hard_link(deps.join(&name), directory.path().join(&name)).unwrap();
    let engine = aludel::Engine::builder("sqlite:///:memory:")
        .plugin_path(directory.path())
        .build()
        .unwrap();
    let one: i64 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
}
