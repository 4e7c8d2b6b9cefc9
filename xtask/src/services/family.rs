//! A server's process and all that it started.

use super::program::entries;
use super::sweep;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// How long killed processes may take to be gone.
const PATIENCE: Duration = Duration::from_secs(10);

/// The processes that `pid` started, and those that these started, in rising order. Those that
/// have ended and were not collected yet are left out.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let all: Vec<(u32, u32)> = entries(Path::new("/proc"))
        .into_iter()
        .filter_map(|path| path.file_name()?.to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, parent(pid)?)))
        .collect();
    let mut found = vec![pid];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(all.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
        at += 1;
    }
    found.remove(0);
    found.sort_unstable();
    found
}

/// The parent of a process that has not ended.
fn parent(pid: u32) -> Option<u32> {
    let (state, parent) = state(pid)?;
    (!['Z', 'X'].contains(&state)).then_some(parent)
}

/// The state of a process, as a letter of `ps`, and its parent.
fn state(pid: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before it may have blanks and brackets.
    let mut fields = text.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Stops `pid`, and then what it started, which can become no more by then.
pub(crate) fn pause(pid: u32) {
    sweep::signal(&[pid], "STOP");
    stopped(&[pid]);
    let below = descendants(pid);
    sweep::signal(&below, "STOP");
    stopped(&below);
}

/// Waits until all of `pids` have stopped or ended: the signal only asks for it.
fn stopped(pids: &[u32]) {
    let begin = Instant::now();
    let runs = |pid: &u32| state(*pid).is_some_and(|(state, _)| !['T', 'Z', 'X'].contains(&state));
    while pids.iter().any(runs) && begin.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(2));
    }
}

/// Lets `pid` and what it started go on.
pub(crate) fn resume(pid: u32) {
    sweep::signal(&descendants(pid), "CONT");
    sweep::signal(&[pid], "CONT");
}

/// Kills `pid` and what it started. `pid` itself is left to be collected by its parent.
///
/// # Errors
///
/// When one of them does not go.
pub(crate) fn kill(pid: u32) -> Result<(), String> {
    // Or it would start more while they die, or tell them to end in order.
    sweep::signal(&[pid], "STOP");
    stopped(&[pid]);
    let mut all = descendants(pid);
    all.push(pid);
    sweep::signal(&all, "KILL");
    gone(&all)
}

/// Waits until none of `pids` runs.
///
/// # Errors
///
/// When one of them does not go.
pub(crate) fn gone(pids: &[u32]) -> Result<(), String> {
    let begin = Instant::now();
    loop {
        let left: Vec<u32> = pids.iter().copied().filter(|pid| parent(*pid).is_some()).collect();
        if left.is_empty() {
            return Ok(());
        }
        if begin.elapsed() > PATIENCE {
            return Err(format!("processes {left:?} do not end"));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Those processes below PostgreSQL's server `pid` whose titles say that they serve a session.
pub(crate) fn backends(pid: u32) -> Vec<u32> {
    let serves = |pid: &u32| {
        let title = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let title = String::from_utf8_lossy(&title).into_owned();
        // A session's title has its client: `postgres: user database 127.0.0.1(4711) idle`.
        title.starts_with("postgres: ") && (title.contains(" [local]") || title.contains("("))
    };
    descendants(pid).into_iter().filter(serves).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    #[test]
    fn all_that_a_process_started_goes_with_it() {
        let mut child = Command::new("sh")
            .args(["-c", "sh -c 'sleep 1000 & echo; wait' & wait"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        let below = descendants(child.id());
        assert_eq!(below.len(), 2, "the shell in between and the sleep");
        kill(child.id()).unwrap();
        assert!(!child.wait().unwrap().success());
        assert_eq!(gone(&below), Ok(()));
    }
}
