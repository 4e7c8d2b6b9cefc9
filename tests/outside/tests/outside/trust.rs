//! README's first command in clones that others than the program's user own or may write.
//!
//! Root can give files away and run as anybody. Without root, a user namespace does where the
//! system lets one have several users; where it does not, what is not shown is printed and counted.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::command::{Ran, bare, run, tool};
use crate::workshop::Workshop;

/// A user that owns nothing else.
pub(crate) const OWNER: u32 = 61_001;
/// Another one.
pub(crate) const THIRD: u32 = 61_002;
/// A group of neither.
pub(crate) const GROUP: u32 = 61_003;

/// Set in the namespace, so that no test makes one inside of it.
const INSIDE: &str = "ALUDEL_OUTSIDE_NAMESPACE";

/// A clone with what cargo leaves in it under umask 002.
pub(crate) struct Clone(TempDir);

impl Clone {
    pub(crate) fn new(workshop: &Workshop) -> Clone {
        let place = tempfile::tempdir().expect("there is a place for temporary files");
        // Temporary directories are their owner's alone.
        set_mode(place.path(), 0o755);
        let clone = Clone(place);
        fs::create_dir_all(clone.path("target/debug/deps")).expect("a folder can be made");
        let program = workshop.program();
        fs::copy(&program, clone.path("target/debug/aludel")).expect("it was built");
        fs::copy(workshop.plugin(), clone.plugin()).expect("it was built");
        fs::write(clone.path("target/debug/.cargo-lock"), "").expect("a file can be made");
        for folder in ["", "target", "target/debug", "target/debug/deps"] {
            set_mode(&clone.path(folder), 0o2775);
        }
        for (file, mode) in [("aludel", 0o775), (".cargo-lock", 0o664)] {
            set_mode(&clone.path("target/debug").join(file), mode);
        }
        set_mode(&clone.plugin(), 0o775);
        clone
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join("clone").join(name)
    }

    pub(crate) fn plugin(&self) -> PathBuf {
        self.path("target/debug/deps/libaludel_sqlite.so")
    }

    /// Gives everything away; the modes stay.
    pub(crate) fn give(&self, owner: u32, group: u32) {
        give(&self.path(""), owner, group);
    }

    /// README's first command, as this user.
    fn query(&self, user: Option<u32>) -> Ran {
        let mut command = bare(&self.path("target/debug/aludel"));
        command.args(["sqlite:///:memory:", "select 1"]);
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        run(&mut command)
    }

    fn works(&self, user: Option<u32>, case: &str) {
        let ran = self.query(user);
        assert!(ran.success && ran.stdout.contains('1'), "{case}: {}{}", ran.stdout, ran.stderr);
    }

    fn is_refused(&self, user: Option<u32>, case: &str) {
        let ran = self.query(user);
        assert!(!ran.success && ran.stderr.contains("error[P03]"), "{case}: {}", ran.stderr);
    }
}

pub(crate) fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

fn give(path: &Path, owner: u32, group: u32) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("it is readable").flatten() {
            give(&entry.path(), owner, group);
        }
    }
    let mode = fs::metadata(path).expect("it is there").permissions();
    chown(path, Some(owner), Some(group)).expect("root may give files away");
    // Giving a file away takes the bits for user and group from it.
    fs::set_permissions(path, mode).expect("root may");
}

/// Runs a test that needs root: here, or in a namespace.
#[allow(clippy::print_stdout, reason = "what is not shown has to be said")]
pub(crate) fn as_root(name: &str, test: impl FnOnce()) {
    if is_root() {
        return test();
    }
    assert!(std::env::var_os(INSIDE).is_none(), "one is root inside of the namespace");
    let namespace = ["--map-root-user", "--map-auto"];
    if !succeeds(tool("unshare").args(namespace).arg("true")) {
        let why = "needs root, or a namespace of several users (newuidmap and /etc/subuid)";
        println!("1 case not shown: {name} {why}");
        return;
    }
    let own = std::env::current_exe().expect("this program has a path");
    let mut again = tool("unshare");
    again.args(namespace).arg(own).args(["--exact", name, "--nocapture"]).env(INSIDE, "1");
    let ran = run(&mut again);
    assert!(ran.success, "in a namespace: {}{}", ran.stdout, ran.stderr);
}

pub(crate) fn is_root() -> bool {
    succeeds(tool("sh").args(["-c", "test $(id -u) = 0"]))
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

#[test]
fn a_clone_under_umask_002_in_a_setgid_directory_works() {
    let workshop = Workshop::open();
    let clone = Clone::new(&workshop);
    clone.works(None, "everything is writable for the group");
    set_mode(&clone.plugin(), 0o777);
    clone.is_refused(None, "a plugin that others may write, while the program is not");
    set_mode(&clone.path("target/debug/aludel"), 0o777);
    clone.works(None, "the plugin is no more writable than the program");
}

#[test]
fn a_group_that_the_program_shares_with_its_plugin_is_trusted() {
    as_root("trust::a_group_that_the_program_shares_with_its_plugin_is_trusted", || {
        let workshop = Workshop::open();
        let clone = Clone::new(&workshop);
        clone.give(0, GROUP);
        clone.works(None, "a group with members");
        clone.works(Some(THIRD), "and as another user");
        give(&clone.plugin(), 0, GROUP + 1);
        clone.is_refused(None, "another group may write the plugin");
    });
}

#[test]
fn a_clone_of_another_owner_works_for_root_and_for_everybody() {
    as_root("trust::a_clone_of_another_owner_works_for_root_and_for_everybody", || {
        let workshop = Workshop::open();
        let clone = Clone::new(&workshop);
        // As a bind mount shows the files of a user of the host.
        clone.give(OWNER, OWNER);
        clone.works(None, "as root");
        clone.works(Some(OWNER), "as its owner");
        clone.works(Some(THIRD), "as a third user");
        give(&clone.plugin(), THIRD, OWNER);
        clone.is_refused(None, "the plugin belongs to somebody else, as root");
        clone.is_refused(Some(OWNER), "the plugin belongs to somebody else");
        clone.works(Some(THIRD), "the plugin belongs to the user, and the program to another");
    });
}
