//! `cargo xtask test` with all output kept in a log, in which no password may stand.
//!
//! The steps run in a second process, so that whatever anybody prints goes through here. Servers note
//! the passwords that they make in a file, and when all is done the log is looked through for them. So
//! is the report of the tests, which has what tests print that pass.

use crate::leaks::Secrets;
use crate::services::{PASSWORDS, hex};
use aludel_test_services::vars::write_private;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What is printed after the end, by a process that a test has left.
const PATIENCE: Duration = Duration::from_secs(10);

/// The report of the tests, as `.config/nextest.toml` has it; other target directories do not move it.
const REPORT: &str = "target/nextest/default/junit.xml";

/// The directory of cargo's output, for the repository `root`.
pub(crate) fn target(root: &Path) -> PathBuf {
    let chosen = std::env::var_os("CARGO_TARGET_DIR");
    chosen.map_or_else(|| root.join("target"), |own| root.join(own))
}

/// True in the process that runs the steps.
pub(crate) fn is_inner() -> bool {
    std::env::var_os(PASSWORDS).is_some()
}

/// Runs the steps in a second process, and looks through what was printed.
pub(crate) fn run(root: &Path) -> ExitCode {
    let paths = Paths::of(root);
    let ran = paths.clear().and_then(|()| {
        let passed = execute(&paths).map_err(|error| format!("cannot run the steps: {error}"))?;
        Ok((passed, paths.look_through()?))
    });
    match ran {
        Ok((passed, clean)) if passed && clean => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("xtask: {problem}");
            ExitCode::FAILURE
        }
    }
}

struct Paths {
    log: PathBuf,
    report: PathBuf,
    passwords: PathBuf,
}

impl Paths {
    fn of(root: &Path) -> Self {
        let target = target(root);
        let passwords = target.join(format!("passwords-{}", std::process::id()));
        Self { log: target.join("test.log"), report: root.join(REPORT), passwords }
    }

    fn clear(&self) -> Result<(), String> {
        let folder = self.log.parent().unwrap_or(&self.log);
        fs::create_dir_all(folder)
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        // That of an earlier run says nothing of this one.
        let _ = fs::remove_file(&self.report);
        write_private(&self.passwords, "")
    }

    /// Says where passwords stand; true when there are none.
    fn look_through(&self) -> Result<bool, String> {
        let made = read(&self.passwords)?;
        let made = String::from_utf8_lossy(&made);
        let control = hex(24)?;
        let secrets = Secrets::new(made.lines().chain([control.as_str()]));
        let log = read(&self.log)?;
        // Where the search would find nothing, it would say the same as where nothing is.
        if secrets.find(&[&log, control.as_bytes()].concat()).is_empty() {
            return Err("the search for passwords does not find the one put there".into());
        }
        let mut texts = vec![(&self.log, log)];
        if self.report.is_file() {
            texts.push((&self.report, read(&self.report)?));
        }
        let mut clean = true;
        println!("\npasswords that servers made: {}", secrets.len() - 1);
        for (path, text) in texts {
            let leaks = secrets.find(&text);
            let lines = text.iter().filter(|byte| **byte == b'\n').count();
            println!("  in {} of {lines} lines of {}", leaks.len(), path.display());
            for leak in &leaks {
                clean = false;
                println!("  FAILED: {leak}");
            }
        }
        Ok(clean)
    }
}

impl Drop for Paths {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.passwords);
    }
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Runs the steps; true when they passed.
fn execute(paths: &Paths) -> io::Result<bool> {
    let log = Arc::new(Mutex::new(File::create(&paths.log)?));
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("test").env(PASSWORDS, &paths.passwords);
    if io::stderr().is_terminal() && std::env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut steps = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (ended, ends) = mpsc::channel();
    let streams = tee(&mut steps, &log, &ended);
    let status = steps.wait()?;
    for _ in 0..streams {
        // A process that was left behind does not keep this one from ending.
        let _ = ends.recv_timeout(PATIENCE);
    }
    Ok(status.success())
}

/// Copies what a process prints, in threads. Gives how many there are.
fn tee(steps: &mut Child, log: &Arc<Mutex<File>>, ended: &Sender<()>) -> usize {
    let out = steps.stdout.take().map(|from| (Box::new(from) as Box<dyn Read + Send>, false));
    let err = steps.stderr.take().map(|from| (Box::new(from) as Box<dyn Read + Send>, true));
    let streams = out.into_iter().chain(err).map(|(from, is_err)| {
        let (log, ended) = (Arc::clone(log), ended.clone());
        thread::spawn(move || {
            copy(BufReader::new(from), is_err, &log);
            let _ = ended.send(());
        });
    });
    streams.count()
}

/// Copies line by line, so that a line stands whole in the log.
fn copy(mut from: impl BufRead, is_err: bool, log: &Mutex<File>) {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
        // Who closes the terminal ends neither the steps nor the log.
        let _ = match is_err {
            true => io::stderr().write_all(&line),
            false => io::stdout().write_all(&line).and_then(|()| io::stdout().flush()),
        };
        let _ = log.lock().unwrap_or_else(PoisonError::into_inner).write_all(&line);
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(log: &str, report: Option<&str>) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let at = |name| folder.path().join(name);
        let paths = Paths { log: at("log"), report: at("report.xml"), passwords: at("passwords") };
        paths.clear().unwrap();
        fs::write(&paths.passwords, "0a1b2c3d4e5f\n5f4e3d2c1b0a\n").unwrap();
        fs::write(&paths.log, log).unwrap();
        report.into_iter().for_each(|text| fs::write(&paths.report, text).unwrap());
        paths.look_through().unwrap()
    }

    #[test]
    fn a_password_in_the_log_or_in_the_report_fails() {
        assert!(look("== tests\nok\n", None));
        assert!(look("== tests\nok\n", Some("<testsuites/>")));
        assert!(!look("== tests\nurl postgresql://u:5f4e3d2c1b0a@h\n", None));
        assert!(!look("== tests\nok\n", Some("<system-out>\n0a1b2c3d4e5f</system-out>")));
    }

    #[test]
    fn lines_come_whole_into_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let log = Mutex::new(File::create(&path).unwrap());
        copy(&b"one\n"[..], true, &log);
        copy(&b"two\nand no end"[..], true, &log);
        assert_eq!(fs::read_to_string(path).unwrap(), "one\ntwo\nand no end");
    }

    #[test]
    fn the_file_of_passwords_goes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name| folder.path().join(name);
        let paths = Paths { log: at("log"), report: at("report.xml"), passwords: at("passwords") };
        let passwords = paths.passwords.clone();
        paths.clear().unwrap();
        assert!(passwords.is_file());
        drop(paths);
        assert!(!passwords.exists());
    }
}
