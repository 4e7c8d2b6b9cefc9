//! Finds what a start left behind, and removes it.

use super::home::MARKER;
use super::place::{self, PREFIX};
use super::program::entries;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The file that a keeper holds locked as long as it lives.
pub(crate) const LOCK: &str = "keeper.lock";

/// A directory this young may belong to a keeper that has not locked its file yet.
const YOUNG: Duration = Duration::from_secs(10);

/// How long processes may take to go.
const PATIENCE: Duration = Duration::from_secs(10);

/// The processes that were started for the directory `dir`.
pub(crate) fn processes(dir: &Path) -> Vec<u32> {
    let marker = [MARKER.as_bytes(), b"=", dir.as_os_str().as_bytes()].concat();
    entries(Path::new("/proc"))
        .into_iter()
        .filter_map(|path| path.file_name()?.to_str()?.parse().ok())
        .filter(|pid| carries(*pid, &marker))
        .collect()
}

fn carries(pid: u32, marker: &[u8]) -> bool {
    fs::read(format!("/proc/{pid}/environ"))
        .is_ok_and(|text| text.split(|byte| *byte == 0).any(|entry| entry == marker))
}

/// Sends a signal to processes that this program or its keeper started.
pub(crate) fn signal(pids: &[u32], signal: &str) {
    if pids.is_empty() {
        return;
    }
    let pids: Vec<String> = pids.iter().map(u32::to_string).collect();
    let script = format!("kill -{signal} {}", pids.join(" "));
    // The shell has `kill` everywhere; a process that is gone already is no failure.
    let _ = Command::new("sh")
        .args(["-c", &script])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Ends whatever runs for `dir`, and removes it.
pub(crate) fn clear(dir: &Path) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        let left = processes(dir);
        // PostgreSQL keeps a segment of shared memory, which it removes on this signal.
        signal(&left, if begin.elapsed() < PATIENCE / 2 { "QUIT" } else { "KILL" });
        match fs::remove_dir_all(dir) {
            Ok(()) if left.is_empty() => return Ok(()),
            Err(_) if left.is_empty() && !dir.exists() => return Ok(()),
            Err(error) if begin.elapsed() > PATIENCE => {
                return Err(format!("cannot remove {}: {error}", dir.display()));
            }
            _ if begin.elapsed() > PATIENCE => {
                return Err(format!("processes {left:?} of {} do not end", dir.display()));
            }
            _ => thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Removes the directories of this user whose keepers were killed.
pub(crate) fn clear_abandoned() {
    let Ok(uid) = place::effective_uid() else {
        return;
    };
    for base in place::bases() {
        for dir in entries(&base) {
            let ours =
                dir.file_name().is_some_and(|name| name.as_bytes().starts_with(PREFIX.as_bytes()));
            if ours && abandoned(&dir, uid) {
                // What another user's process still holds there stays, and the start goes on.
                let _ = clear(&dir);
            }
        }
    }
}

fn abandoned(dir: &Path, uid: u32) -> bool {
    let Ok(found) = fs::symlink_metadata(dir) else {
        return false;
    };
    let age = found.modified().ok().and_then(|time| time.elapsed().ok()).unwrap_or_default();
    if !found.is_dir() || found.uid() != uid || age < YOUNG {
        return false;
    }
    // Without the file it is not one of ours: the lock is made before anything else.
    File::open(dir.join(LOCK)).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::home::Home;
    use crate::services::program::Program;

    #[test]
    fn what_runs_for_a_directory_is_found_and_ended_and_the_directory_goes() {
        let home = Home::make().unwrap();
        let mut command = home.command(&Program::installed("/bin/sleep"), "KILL");
        let mut child = command.arg("1000").spawn().unwrap();
        let begin = Instant::now();
        while processes(home.dir()).is_empty() && begin.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        let reaper = thread::spawn(move || child.wait().unwrap());
        clear(home.dir()).unwrap();
        assert!(!reaper.join().unwrap().success());
        assert!(!home.dir().exists());
    }

    #[test]
    fn only_a_directory_with_a_free_lock_is_abandoned() {
        let uid = place::effective_uid().unwrap();
        let dir = place::directory().unwrap();
        let lock = File::create(dir.join(LOCK)).unwrap();
        assert!(!abandoned(&dir, uid), "too young");
        let old = std::time::SystemTime::now() - YOUNG * 2;
        File::open(&dir).unwrap().set_modified(old).unwrap();
        assert!(!abandoned(&dir, uid + 1), "of another user");
        lock.lock().unwrap();
        assert!(!abandoned(&dir, uid), "held");
        drop(lock);
        assert!(abandoned(&dir, uid));
        fs::remove_file(dir.join(LOCK)).unwrap();
        File::open(&dir).unwrap().set_modified(old).unwrap();
        assert!(!abandoned(&dir, uid), "not ours");
        fs::remove_dir(dir).unwrap();
    }
}
