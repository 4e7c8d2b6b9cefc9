//! Which clocks a pool reads: none that somebody may set.

use std::fs;
use std::path::{Path, PathBuf};

/// What tells the time of day in Rust, C and their libraries.
const OF_THE_WALL: [&str; 6] =
    ["SystemTime", "UNIX_EPOCH", "CLOCK_REALTIME", "ClockId::Realtime", "gettimeofday", "chrono"];

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the pool's sources are there") {
        let path = entry.expect("the pool's sources can be read").path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn names_a_wall_clock(text: &str) -> bool {
    OF_THE_WALL.iter().any(|name| text.contains(name))
}

/// SQLAlchemy compares stamps of `time.time()`: a step of the clock replaces all connections, or none.
/// A clock cannot be set in a test; so no file of the pool may name one that can be.
#[test]
fn sqlalchemy_a_step_of_the_wall_clock_changes_nothing_since_no_pool_reads_it() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/src/pool"), &mut files);
    assert!(files.iter().any(|file| file.ends_with("moment.rs")), "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).expect("the pool's sources can be read");
        assert!(!names_a_wall_clock(&text), "{} reads the wall clock", file.display());
    }
    assert!(names_a_wall_clock("let now = std::time::SystemTime::now();"));
}
