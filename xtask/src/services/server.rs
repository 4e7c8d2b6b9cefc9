//! A server's process: how it starts, and starts again, and what can be done to it.

use super::family;
use super::home::{Home, tail_of};
use super::sweep;
use aludel_test_services::protocol::Action;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take until it answers, and until it has stopped.
const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(10);

/// Between two looks at a server.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

/// How a server is started, any number of times.
pub(crate) struct Recipe {
    pub(crate) command: Command,
    /// Whether the one that was started last takes connections.
    pub(crate) ready: Box<dyn FnMut() -> bool + Send>,
}

/// What is known of a server before it has a port.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Under which a test reaches it.
    pub(crate) name: &'static str,
    pub(crate) log: PathBuf,
    /// The signal on which it ends at once and leaves nothing behind.
    pub(crate) at_once: &'static str,
    /// The signal with which an administrator ends it.
    pub(crate) orderly: &'static str,
}

/// A server's process.
pub(crate) struct Server {
    plan: Plan,
    recipe: Recipe,
    child: Child,
    /// Makes it a primary.
    promotion: Option<Command>,
    /// Names memory that it shares with its processes, and that outlives them when they are killed.
    shared: Option<PathBuf>,
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) fn start(home: &Home, plan: &Plan, mut recipe: Recipe) -> Result<Self, String> {
        let child = spawn(&mut recipe.command, &plan.log)?;
        let plan = plan.clone();
        let mut server = Self { plan, recipe, child, promotion: None, shared: None };
        server.answers(home)?;
        Ok(server)
    }

    /// The same server, which `command` makes a primary.
    pub(crate) fn promoted_by(self, command: Command) -> Self {
        Self { promotion: Some(command), ..self }
    }

    /// The same server, whose `postmaster.pid` names its shared memory.
    pub(crate) fn sharing(self, file: PathBuf) -> Self {
        Self { shared: Some(file), ..self }
    }

    /// Under which a test reaches it.
    pub(crate) fn name(&self) -> &'static str {
        self.plan.name
    }

    /// The server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended; also lets the kernel forget it if it has.
    pub(crate) fn runs(&mut self) -> bool {
        // An error means that there is no such process to wait for.
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Does what a test asked for, and returns the answer.
    pub(crate) fn perform(&mut self, home: &Home, action: Action) -> Result<String, String> {
        let pid = self.pid();
        match action {
            Action::Start => self.start_again(home)?,
            _ if !self.runs() => return Err("it does not run".into()),
            Action::Pid => return Ok(pid.to_string()),
            Action::Backends => {
                let pids: Vec<String> = family::backends(pid).iter().map(u32::to_string).collect();
                return Ok(pids.join(" "));
            }
            Action::Kill => {
                family::kill(pid)?;
                self.child.wait().map_err(|error| error.to_string())?;
            }
            Action::KillBackend(backend) => {
                if !family::backends(pid).contains(&backend) {
                    return Err(format!("process {backend} serves none of its sessions"));
                }
                sweep::signal(&[backend], "KILL");
                family::gone(&[backend])?;
            }
            Action::Pause => family::pause(pid),
            Action::Resume => family::resume(pid),
            Action::Stop => self.end(self.plan.orderly),
            Action::Promote => {
                let command = self.promotion.as_mut().ok_or("it is no standby")?;
                home.finish(command, "")?;
            }
        }
        Ok(String::new())
    }

    fn start_again(&mut self, home: &Home) -> Result<(), String> {
        if self.runs() {
            return Err("it runs".into());
        }
        self.child = spawn(&mut self.recipe.command, &self.plan.log)?;
        self.answers(home)
    }

    fn answers(&mut self, home: &Home) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let ended = self.child.try_wait().map_err(|error| error.to_string())?;
            if let Some(status) = ended {
                return Err(format!("it ended with {status}: {}", tail_of(&self.plan.log)));
            }
            if (self.recipe.ready)() {
                return Ok(());
            }
            if home.stopping() || begin.elapsed() > START {
                self.stop();
                let seconds = begin.elapsed().as_secs();
                return Err(format!("no answer in {seconds} s: {}", tail_of(&self.plan.log)));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Ends the server for good; nothing of it is left when this returns.
    pub(crate) fn stop(&mut self) {
        self.end(self.plan.at_once);
        if let Some(file) = &self.shared {
            forget_memory(file);
        }
    }

    /// Ends the server; it is gone when this returns.
    fn end(&mut self, signal: &str) {
        if !self.runs() {
            return;
        }
        sweep::signal(&[self.pid()], signal);
        // While a test has it paused, it does not hear.
        family::resume(self.pid());
        let begin = Instant::now();
        while begin.elapsed() < STOP {
            if !self.runs() {
                return;
            }
            thread::sleep(PAUSE);
        }
        // Both fail only when the process is gone already.
        let _ = family::kill(self.pid());
        let _ = self.child.wait();
    }
}

fn spawn(command: &mut Command, log: &Path) -> Result<Child, String> {
    let failed = |error: std::io::Error| format!("cannot start the server: {error}");
    // Emptied, because what it says now is what tells that it answers.
    let log = File::create(log).map_err(failed)?;
    command.stdout(log.try_clone().map_err(failed)?).stderr(log);
    command.spawn().map_err(failed)
}

/// Removes the shared memory that the `postmaster.pid` of a killed PostgreSQL names: its seventh
/// line has key and number. One that ended in order has removed both.
fn forget_memory(file: &Path) {
    let text = fs::read_to_string(file).unwrap_or_default();
    let number = text.lines().nth(6).and_then(|line| line.split_whitespace().nth(1));
    if let Some(number) = number {
        // It may be gone: a server that starts on the same data removes it too.
        let _ = Command::new("ipcrm").args(["-m", number]).output();
    }
}
