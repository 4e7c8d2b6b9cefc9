//! What the cache remembers of servers goes when they go.

use crate::repository::open_folder;
use crate::session::{printed, services};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A `services` command with a cache of its own and no programs, whose servers are all skipped.
fn without_programs(cache: &Path, args: &[&str]) -> Command {
    let mut command = services(args);
    command.env("ALUDEL_SERVICES_CACHE", cache).env("ALUDEL_SERVICES_UNPACKED", "1");
    command
}

fn remembered(cache: &Path) -> usize {
    fs::read_dir(cache.join("up")).unwrap().count()
}

#[test]
fn up_leaves_one_file_and_down_none() {
    let cache = open_folder();
    printed(&mut without_programs(cache.path(), &["up", "pg"]));
    let during = remembered(cache.path());
    printed(&mut without_programs(cache.path(), &["down"]));
    assert_eq!((during, remembered(cache.path())), (1, 0));
}

#[test]
fn down_forgets_servers_of_others_only_when_their_directory_is_gone() {
    let cache = open_folder();
    let there = open_folder();
    let folder = cache.path().join("up");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("0123456789abcdef"), "/nowhere/al-01234567").unwrap();
    fs::write(folder.join("fedcba9876543210"), there.path().to_str().unwrap()).unwrap();
    // A killed `up` leaves its lock.
    fs::write(folder.join("00ff00ff00ff00ff.lock"), "").unwrap();
    printed(&mut without_programs(cache.path(), &["down"]));
    assert_eq!(remembered(cache.path()), 1);
    assert!(folder.join("fedcba9876543210").exists());
}
