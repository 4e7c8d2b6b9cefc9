//! Finds what a start left behind, and removes it.

use super::home::{LOCK, MARKER};
use super::place;
use super::program::entries;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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
        match remove(dir) {
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

/// Removes the directory, its lock last: what is left when this is killed can be told for ours.
fn remove(dir: &Path) -> io::Result<()> {
    let lock = dir.join(LOCK);
    for path in entries(dir).into_iter().filter(|path| *path != lock) {
        match fs::symlink_metadata(&path)?.is_dir() {
            true => fs::remove_dir_all(&path)?,
            false => fs::remove_file(&path)?,
        }
    }
    match fs::remove_file(&lock) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => fs::remove_dir(dir),
    }
}

/// Removes the directories of this user whose keepers were killed.
pub(crate) fn clear_abandoned() {
    let Ok(uid) = place::effective_uid() else {
        return;
    };
    for base in place::bases() {
        for dir in entries(&base).into_iter().filter(|dir| place::is_directory(dir)) {
            clear_if_abandoned(&dir, uid);
        }
    }
}

fn clear_if_abandoned(dir: &Path, uid: u32) {
    let Ok(found) = fs::symlink_metadata(dir) else {
        return;
    };
    let age = found.modified().ok().and_then(|time| time.elapsed().ok()).unwrap_or_default();
    if !found.is_dir() || found.uid() != uid || age < YOUNG {
        return;
    }
    match File::open(dir.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_ok() => {
            // What another user's process still holds there stays, and the start goes on.
            let _ = clear(dir);
        }
        // Its keeper lives.
        Ok(_) => {}
        // The lock is the first to come and the last to go. This fails on a directory with anything
        // in it, which is none of ours.
        Err(_) => {
            let _ = fs::remove_dir(dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::home::Home;
    use crate::services::program::Program;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;
    use std::time::SystemTime;

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

    /// A directory whose lock nobody holds, and the file.
    fn left_alone() -> (PathBuf, File) {
        let dir = place::directory().unwrap();
        let lock = File::create(dir.join(LOCK)).unwrap();
        fs::write(dir.join("env"), "").unwrap();
        (dir, lock)
    }

    fn make_old(dir: &Path) {
        File::open(dir).unwrap().set_modified(SystemTime::now() - YOUNG * 2).unwrap();
    }

    #[test]
    fn only_an_old_directory_of_this_user_with_a_free_lock_is_abandoned() {
        let uid = place::effective_uid().unwrap();
        let (dir, lock) = left_alone();
        clear_if_abandoned(&dir, uid);
        assert!(dir.exists(), "too young");
        make_old(&dir);
        clear_if_abandoned(&dir, uid + 1);
        assert!(dir.exists(), "of another user");
        lock.lock().unwrap();
        clear_if_abandoned(&dir, uid);
        assert!(dir.exists(), "held");
        drop(lock);
        clear_if_abandoned(&dir, uid);
        assert!(!dir.exists());
    }

    #[test]
    fn without_a_lock_only_an_empty_directory_is_abandoned() {
        let uid = place::effective_uid().unwrap();
        let dir = place::directory().unwrap();
        clear_if_abandoned(&dir, uid);
        assert!(dir.exists(), "too young");
        fs::write(dir.join("file"), "").unwrap();
        make_old(&dir);
        clear_if_abandoned(&dir, uid);
        assert!(dir.join("file").exists(), "not ours");
        fs::remove_file(dir.join("file")).unwrap();
        make_old(&dir);
        clear_if_abandoned(&dir, uid);
        assert!(!dir.exists());
    }

    #[test]
    fn a_directory_goes_with_all_that_is_in_it_and_no_link_is_followed() {
        let (dir, _lock) = left_alone();
        let (other, _other_lock) = left_alone();
        fs::create_dir_all(dir.join("folder/inner")).unwrap();
        symlink(&other, dir.join("link")).unwrap();
        remove(&dir).unwrap();
        assert!(!dir.exists());
        assert!(other.join("env").exists());
        remove(&other).unwrap();
    }
}
