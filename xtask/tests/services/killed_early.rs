//! A keeper that is killed before it holds its directory leaves one that the next `down` removes.

use crate::repository::open_folder;
use crate::session::{XTASK, printed, services};
use nix::errno::Errno;
use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// The only directory of servers in `folder`.
fn directory(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).next()
}

/// Starts a keeper with its directory in `folder`, and kills it after the first system call after
/// which `reached` holds of the directory. `None` where processes may not be traced.
fn kill_keeper(folder: &Path, reached: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let script = "kill -STOP $$; exec \"$0\" services keep pg";
    let mut child = Command::new("sh")
        .args(["-c", script, XTASK])
        .env("TMPDIR", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pid = Pid::from_raw(child.id().try_into().unwrap());
    let stopped = waitpid(pid, Some(WaitPidFlag::WUNTRACED)).unwrap();
    assert_eq!(stopped, WaitStatus::Stopped(pid, Signal::SIGSTOP));
    match ptrace::attach(pid) {
        Err(Errno::EPERM | Errno::ENOSYS) => {
            child.kill().unwrap();
            child.wait().unwrap();
            eprintln!("skipped: this system does not let a process trace its child");
            return None;
        }
        other => other.unwrap(),
    }
    loop {
        let status = waitpid(pid, None).unwrap();
        assert!(matches!(status, WaitStatus::Stopped(..)), "it went too far: {status:?}");
        if let Some(dir) = directory(folder).filter(|dir| reached(dir)) {
            child.kill().unwrap();
            child.wait().unwrap();
            return Some(dir);
        }
        ptrace::syscall(pid, None).unwrap();
    }
}

/// Checks that `down` removes what a keeper leaves that is killed when `reached` holds.
fn is_cleared(reached: impl Fn(&Path) -> bool) {
    let folder = open_folder();
    let Some(dir) = kill_keeper(folder.path(), reached) else { return };
    let name = format!("none-{}", std::process::id());
    let down = || printed(services(&["down", "--name", &name]).env("TMPDIR", folder.path()));
    down();
    assert!(dir.exists(), "a keeper may be about to lock it");
    let old = SystemTime::now() - Duration::from_secs(60);
    File::open(&dir).unwrap().set_modified(old).unwrap();
    down();
    assert!(!dir.exists());
}

#[test]
fn a_directory_without_a_lock_is_cleared() {
    is_cleared(|dir| {
        assert_eq!(fs::read_dir(dir).unwrap().count(), 0, "it was not killed at once");
        true
    });
}

#[test]
fn a_directory_with_a_lock_that_was_never_held_is_cleared() {
    is_cleared(|dir| dir.join("keeper.lock").exists());
}
