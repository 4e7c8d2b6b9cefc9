//! A plugin is loaded once, however many engines and threads ask for it.

use std::sync::Barrier;

use aludel::create_engine;

/// How often the dynamic linker has mapped the plugin's code.
#[cfg(target_os = "linux")]
fn mapped_copies() -> usize {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().filter(|line| line.contains("libaludel_sqlite") && line.contains("r-xp")).count()
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
fn a_plugin_is_found_in_a_directory_that_the_program_names() {
    let source = std::env::current_exe().unwrap();
    let deps = source.parent().unwrap();
    let name =
        format!("{}aludel_sqlite{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    // Another name of the same file, so that the plugin is not loaded a second time; on the same
    // file system, because only there a file can have another name.
    let directory = tempfile::tempdir_in(deps).unwrap();
    std::fs::hard_link(deps.join(&name), directory.path().join(&name)).unwrap();
    let engine = aludel::Engine::builder("sqlite:///:memory:")
        .plugin_path(directory.path())
        .build()
        .unwrap();
    let one: i64 = engine.execute("select 1", ()).unwrap().scalar().unwrap();
    assert_eq!(one, 1);
}
