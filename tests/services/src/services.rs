//! The front's side of a start: what tests, benches and the command line hold.

use crate::kind::{Kind, Profile};
use crate::protocol::{DETACH, LEDGER, REPORTS, VARIABLES};
use crate::report::{Report, failures, table};
use crate::vars::Vars;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Servers that run until this is dropped, or until this process ends in any other way.
pub struct Services {
    keeper: Child,
    /// The keeper stops the servers when this closes.
    lifeline: Option<ChildStdin>,
    dir: PathBuf,
    vars: Vars,
    reports: Vec<Report>,
}

impl Services {
    /// Starts the servers of `kinds` by `program`, which is `xtask`, and returns when each is up
    /// or not. `heard` gets what came of a server as soon as it is known. That one cannot be had
    /// or did not start is no error: [`Services::table`] has the reason, and
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
        let lifeline = keeper.stdin.take();
        let output = keeper.stdout.take();
        let mut services = Self {
            keeper,
            lifeline,
            dir: PathBuf::new(),
            vars: Vars::default(),
            reports: Vec::new(),
        };
        let output = output.ok_or("invariant: the keeper's output is a pipe")?;
        services.listen(BufReader::new(output), heard)?;
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

    /// What came of each server, and how many tests said that they ran against it.
    pub fn table(&self) -> String {
        let ledger = fs::read_to_string(self.dir.join(LEDGER)).unwrap_or_default();
        table(&self.reports, &ledger)
    }

    /// The servers that are there and did not start, with the reasons.
    pub fn failures(&self) -> Option<String> {
        failures(&self.reports)
    }

    /// Lets the servers run on without this process, and returns their directory.
    ///
    /// # Errors
    ///
    /// When the keeper has ended.
    pub fn detach(mut self) -> Result<PathBuf, String> {
        let mut lifeline = self.lifeline.take().ok_or("invariant: detached once")?;
        writeln!(lifeline, "{DETACH}").map_err(|error| format!("the keeper is gone: {error}"))?;
        Ok(std::mem::take(&mut self.dir))
    }
}

impl Drop for Services {
    /// Returns when the servers have stopped and their directory is gone.
    fn drop(&mut self) {
        if self.dir.as_os_str().is_empty() {
            return;
        }
        drop(self.lifeline.take());
        // An error means that the keeper is gone, which is what is waited for.
        let _ = self.keeper.wait();
        // A killed keeper leaves it to its front.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// The reports of the servers in `dir`, which another process started.
pub fn reports_of(dir: &Path) -> Vec<Report> {
    let text = fs::read_to_string(dir.join(REPORTS)).unwrap_or_default();
    text.lines().filter_map(Report::from_line).collect()
}
