//! The front's side of a start: what tests, benches and the command line hold.

use super::fetch;
use super::keeper::{DETACH, LEDGER, REPORTS, VARIABLES};
use super::kind::{Kind, Profile};
use super::report::{Report, failures, table};
use super::sweep;
use super::vars::Vars;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Instant;

/// Servers that run until this is dropped, or until this process ends in any other way.
///
/// ```text
/// let services = Services::start(&[Kind::Pg], Profile::Fast)?;
/// command.envs(services.vars().pairs());
/// ```
pub(crate) struct Services {
    keeper: Child,
    /// The keeper stops the servers when this closes.
    lifeline: Option<ChildStdin>,
    dir: PathBuf,
    vars: Vars,
    reports: Vec<Report>,
}

impl Services {
    /// Fetches what is missing, starts the servers of `kinds`, and returns when each is up or
    /// not. That one cannot be had or did not start is no error: [`Services::table`] has the
    /// reason, and [`Services::failures`] tells the latter.
    ///
    /// # Errors
    ///
    /// When no directory can be made, or the certificates cannot.
    pub(crate) fn start(kinds: &[Kind], profile: Profile) -> Result<Self, String> {
        let begin = Instant::now();
        sweep::clear_abandoned();
        let kinds = Kind::closure(kinds);
        fetch::ensure(&kinds)?;
        let mut names: Vec<&str> = kinds.into_iter().map(Kind::name).collect();
        names.insert(0, profile.name());
        // Not by its path, where a build may have put another program since this one started.
        let mut command = Command::new("/proc/self/exe");
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
        services.listen(BufReader::new(output))?;
        let up = services.reports.iter().filter(|report| report.result.is_ok()).count();
        let seconds = begin.elapsed().as_secs_f64();
        eprintln!("{up} of {} up in {seconds:.1} s", services.reports.len());
        services.vars = Vars::load(&services.dir.join(VARIABLES))?;
        Ok(services)
    }

    fn listen(&mut self, output: impl BufRead) -> Result<(), String> {
        let mut said = String::new();
        for line in output.lines() {
            let line = line.map_err(|error| format!("the keeper cannot be read: {error}"))?;
            if line == "ready" {
                return Ok(());
            }
            if let Some(dir) = line.strip_prefix("dir\t") {
                self.dir = PathBuf::from(dir);
            } else if let Some(report) = Report::from_line(&line) {
                eprintln!("{}", report.describe());
                self.reports.push(report);
            } else {
                said = line;
            }
        }
        Err(if said.is_empty() { "the keeper ended without a word".into() } else { said })
    }

    /// The variables by which a test finds the servers.
    pub(crate) fn vars(&self) -> &Vars {
        &self.vars
    }

    /// What came of each server, and how many tests said that they ran against it.
    pub(crate) fn table(&self) -> String {
        let ledger = fs::read_to_string(self.dir.join(LEDGER)).unwrap_or_default();
        table(&self.reports, &ledger)
    }

    /// The servers that are there and did not start, with the reasons.
    pub(crate) fn failures(&self) -> Option<String> {
        failures(&self.reports)
    }

    /// The servers' directory.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Lets the servers run on without this process.
    pub(crate) fn detach(mut self) -> Result<(), String> {
        let mut lifeline = self.lifeline.take().ok_or("invariant: detached once")?;
        writeln!(lifeline, "{DETACH}").map_err(|error| format!("the keeper is gone: {error}"))?;
        // Dropped without a directory, it clears none.
        self.dir = PathBuf::new();
        Ok(())
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        if self.dir.as_os_str().is_empty() {
            return;
        }
        drop(self.lifeline.take());
        // An error means that the keeper is gone, which is what is waited for.
        let _ = self.keeper.wait();
        if let Err(message) = sweep::clear(&self.dir) {
            eprintln!("services: {message}");
        }
    }
}

/// The reports of the servers in `dir`, which another process started.
pub(crate) fn reports_of(dir: &Path) -> Vec<Report> {
    let text = fs::read_to_string(dir.join(REPORTS)).unwrap_or_default();
    text.lines().filter_map(Report::from_line).collect()
}
