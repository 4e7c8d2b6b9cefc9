//! Starts a server on a free port, waits until it answers, and stops it.

use super::home::{Home, tail_of};
use super::random;
use super::sweep;
use std::fs::File;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

/// Below the kernel's range for outgoing connections, so that none of those takes the port.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How often another port is tried when a server finds its own taken.
const TRIES: usize = 5;

/// How long a server may take until it answers, and until it has stopped.
const START: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(10);

/// Between two looks at a server.
const PAUSE: Duration = Duration::from_millis(20);

/// A server's process.
pub(crate) struct Server {
    child: Child,
    signal: &'static str,
}

/// What [`launch`] needs to know besides the command.
pub(crate) struct Launch<'a> {
    pub(crate) home: &'a Home,
    pub(crate) log: PathBuf,
    /// The signal on which the server ends at once and leaves nothing behind.
    pub(crate) signal: &'static str,
}

/// Starts what `command` makes for a free port and waits until `ready` says so.
pub(crate) fn launch(
    about: &Launch<'_>,
    command: impl Fn(u16) -> Command,
    ready: impl Fn(u16) -> bool,
) -> Result<(Server, u16), String> {
    let mut reason = String::new();
    for _ in 0..TRIES {
        let port = free_port()?;
        match start(about, command(port), || ready(port)) {
            Ok(server) => return Ok((server, port)),
            Err(message) => reason = message,
        }
        let taken = reason.to_lowercase().contains("in use");
        if about.home.stopping() || !taken {
            break;
        }
    }
    Err(reason)
}

fn start(
    about: &Launch<'_>,
    mut command: Command,
    ready: impl Fn() -> bool,
) -> Result<Server, String> {
    let failed = |error: std::io::Error| format!("cannot start the server: {error}");
    let log = File::create(&about.log).map_err(failed)?;
    command.stdout(log.try_clone().map_err(failed)?).stderr(log);
    let child = command.spawn().map_err(failed)?;
    let mut server = Server { child, signal: about.signal };
    let begin = Instant::now();
    loop {
        if let Some(status) = server.child.try_wait().map_err(failed)? {
            return Err(format!("it ended with {status}: {}", tail_of(&about.log)));
        }
        if ready() {
            return Ok(server);
        }
        if about.home.stopping() || begin.elapsed() > START {
            server.stop();
            let seconds = begin.elapsed().as_secs();
            return Err(format!("no answer in {seconds} s: {}", tail_of(&about.log)));
        }
        thread::sleep(PAUSE);
    }
}

impl Server {
    /// The server's process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends the server; it is gone when this returns.
    pub(crate) fn stop(&mut self) {
        sweep::signal(&[self.child.id()], self.signal);
        let begin = Instant::now();
        while begin.elapsed() < STOP {
            // An error means that there is no such process to wait for.
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(PAUSE);
        }
        // Both fail only when the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until the servers are to stop, and stops them; also collects those that end on their own.
pub(crate) fn hold(home: &Home, mut servers: Vec<Server>) {
    while !home.stopping() {
        for server in &mut servers {
            // A server that a test killed stays dead; asking lets the kernel forget it.
            let _ = server.child.try_wait();
        }
        thread::sleep(PAUSE * 5);
    }
    // Those that stand on others were started later.
    for server in servers.iter_mut().rev() {
        server.stop();
    }
}

fn free_port() -> Result<u16, String> {
    for _ in 0..200 {
        let port = PORTS.start + random::below(PORTS.end - PORTS.start)?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    Err(format!("no port between {} and {} is free", PORTS.start, PORTS.end - 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::program::Program;
    use std::fs;

    fn about(home: &Home) -> Launch<'_> {
        Launch { home, log: home.dir().join("log"), signal: "KILL" }
    }

    #[test]
    fn a_server_that_finds_its_port_taken_is_tried_on_others_and_its_log_is_shown() {
        let home = Home::make().unwrap();
        let tries = home.dir().join("tmp/tries");
        let script = format!("echo >> {}; echo address in use; exit 1", tries.display());
        let command = |_| {
            let mut command = home.command(&Program::installed("/bin/sh"), "KILL");
            command.args(["-c", &script]);
            command
        };
        let message = launch(&about(&home), command, |_| false).err().unwrap();
        assert_eq!(message, "it ended with exit status: 1: address in use");
        assert_eq!(fs::read_to_string(tries).unwrap().lines().count(), TRIES);
        fs::remove_dir_all(home.dir()).unwrap();
    }

    #[test]
    fn a_server_dies_with_the_thread_that_started_it() {
        let home = Home::make().unwrap();
        let answer = home.dir().join("tmp/answer");
        let script = format!("echo > {}; exec sleep 1000", answer.display());
        let command = |_| {
            let mut command = home.command(&Program::installed("/bin/sh"), "KILL");
            command.args(["-c", &script]);
            command
        };
        let started = thread::scope(|scope| {
            let start = || launch(&about(&home), command, |_| answer.exists());
            scope.spawn(start).join().unwrap()
        });
        let (mut server, _) = started.unwrap();
        let status = server.child.wait().unwrap();
        assert!(!status.success(), "{status}");
        assert!(sweep::processes(home.dir()).is_empty());
        fs::remove_dir_all(home.dir()).unwrap();
    }
}
