//! The front's side of a start: what tests, benches and the command line hold.

use crate::kind::{Kind, Profile};
use crate::protocol::{self, Action, DETACH, REPORTS, VARIABLES};
use crate::report::{Report, failures};
use crate::vars::Vars;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// The variable that names the program by which a test starts servers of its own.
pub(crate) const PROGRAM: &str = "ALUDEL_SERVICES_PROGRAM";

/// Servers that run until this is dropped, or until this process ends in any other way.
///
/// Threads may share it; what they ask of its servers is done one after the other.
pub struct Services {
    keeper: Child,
    /// `None` once it is closed, on which the keeper stops the servers.
    lifeline: Mutex<Option<Lifeline>>,
    dir: PathBuf,
    vars: Vars,
    reports: Vec<Report>,
}

/// The two pipes between a front and its keeper.
struct Lifeline {
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Services {
    /// Starts servers of a test's own, by the program that started those around the test, with
    /// what that program found or fetched. [`Services::own`] is the same for a test that is skipped
    /// where there are none.
    ///
    /// # Errors
    ///
    /// When no servers were started around the test, or those have stopped; and those of
    /// [`Services::start_by`].
    pub fn start(kinds: &[Kind], profile: Profile) -> Result<Self, String> {
        let program = std::env::var_os(PROGRAM)
            .ok_or("no servers run around this test: start it with `cargo xtask services run`")?;
        Self::start_by(program, kinds, profile, |_| {})
    }

    /// Starts the servers of `kinds` by `program`, which is `xtask`, and returns when each is up
    /// or not. `heard` gets what came of a server as soon as it is known. That one cannot be had
    /// or did not start is no error: [`Services::reports`] has the reason, and
    /// [`Services::failures`] tells the latter. Nothing is fetched.
    ///
    /// # Errors
    ///
    /// When no directory can be made, or the certificates cannot.
    pub fn start_by(
        program: impl AsRef<OsStr>,
        kinds: &[Kind],
        profile: Profile,
        heard: impl FnMut(&Report),
    ) -> Result<Self, String> {
        let mut names: Vec<&str> = Kind::closure(kinds).into_iter().map(Kind::name).collect();
        names.insert(0, profile.name());
        let mut command = Command::new(program);
        command.arg0("aludel-services").args(["services", "keep"]).args(names);
        // A group of its own: the terminal's Ctrl-C is for the front, whose end the keeper sees.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut keeper =
            command.spawn().map_err(|error| format!("cannot start the keeper: {error}"))?;
        let pipes = keeper.stdin.take().zip(keeper.stdout.take());
        let (requests, answers) = pipes.ok_or("invariant: the keeper's streams are pipes")?;
        let mut answers = BufReader::new(answers);
        let mut services = Self {
            keeper,
            lifeline: Mutex::new(None),
            dir: PathBuf::new(),
            vars: Vars::default(),
            reports: Vec::new(),
        };
        let heard = services.listen(&mut answers, heard);
        services.lifeline = Mutex::new(Some(Lifeline { requests, answers }));
        heard?;
        services.vars = Vars::load(&services.dir.join(VARIABLES))?;
        Ok(services)
    }

    fn listen(
        &mut self,
        output: impl BufRead,
        mut heard: impl FnMut(&Report),
    ) -> Result<(), String> {
        let mut said = String::new();
        for line in output.lines() {
            let line = line.map_err(|error| format!("the keeper cannot be read: {error}"))?;
            if line == "ready" {
                return Ok(());
            }
            if let Some(dir) = line.strip_prefix("dir\t") {
                self.dir = PathBuf::from(dir);
            } else if let Some(report) = Report::from_line(&line) {
                heard(&report);
                self.reports.push(report);
            } else {
                said = line;
            }
        }
        Err(if said.is_empty() { "the keeper ended without a word".into() } else { said })
    }

    /// The variables by which a test finds the servers.
    pub fn vars(&self) -> &Vars {
        &self.vars
    }

    /// What came of each server.
    pub fn reports(&self) -> &[Report] {
        &self.reports
    }

    /// The servers that are there and did not start, with the reasons.
    pub fn failures(&self) -> Option<String> {
        failures(&self.reports)
    }

    /// Has `action` done to the server called `server`, and returns what the keeper answers.
    pub(crate) fn ask(&self, server: &str, action: Action) -> Result<String, String> {
        // A thread that panicked here has written its line or not, but never half of it.
        let mut lifeline = self.lifeline.lock().unwrap_or_else(PoisonError::into_inner);
        let Lifeline { requests, answers } = lifeline.as_mut().ok_or("the keeper is gone")?;
        writeln!(requests, "{}", protocol::request(server, action)).map_err(gone)?;
        let mut line = String::new();
        match answers.read_line(&mut line).map_err(gone)? {
            0 => Err("the keeper is gone".into()),
            _ => protocol::parse_answer(line.trim_end_matches('\n')),
        }
    }

    /// The servers' directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Lets the servers run on without this process.
    ///
    /// # Errors
    ///
    /// When the keeper has ended.
    pub fn detach(mut self) -> Result<(), String> {
        let lifeline = self.lifeline.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut lifeline = lifeline.take().ok_or("invariant: detached once")?;
        writeln!(lifeline.requests, "{DETACH}").map_err(gone)?;
        // Dropped without a directory, it clears none.
        self.dir = PathBuf::new();
        Ok(())
    }
}

impl Drop for Services {
    /// Returns when the servers have stopped and their directory is gone.
    fn drop(&mut self) {
        if self.dir.as_os_str().is_empty() {
            return;
        }
        drop(self.lifeline.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        // An error means that the keeper is gone, which is what is waited for.
        let _ = self.keeper.wait();
        // A killed keeper leaves it to its front.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn gone(error: std::io::Error) -> String {
    format!("the keeper is gone: {error}")
}

/// The reports of the servers in `dir`, which another process started.
pub fn reports_of(dir: &Path) -> Vec<Report> {
    let text = fs::read_to_string(dir.join(REPORTS)).unwrap_or_default();
    text.lines().filter_map(Report::from_line).collect()
}
