//! Starts a server on a free port, and keeps those that run until they are to stop.

use super::home::Home;
use super::random;
use super::server::{PAUSE, Plan, Recipe, Server};
use aludel_test_services::protocol::Action;
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;

/// Below the kernel's range for outgoing connections, so that none of those takes the port.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// How often another port is tried when a server finds its own taken.
const TRIES: usize = 5;

/// What a test asks of a server, which every group hears.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) server: String,
    pub(crate) action: Action,
    /// Answered by the group that has the server.
    pub(crate) answer: Sender<Result<String, String>>,
}

/// Starts what `recipe` says for a free port, and waits until it answers.
pub(crate) fn launch(
    home: &Home,
    plan: &Plan,
    recipe: impl Fn(u16) -> Recipe,
) -> Result<(Server, u16), String> {
    let mut reason = String::new();
    for _ in 0..TRIES {
        let port = free_port()?;
        match Server::start(home, plan, recipe(port)) {
            Ok(server) => return Ok((server, port)),
            Err(message) => reason = message,
        }
        let taken = reason.to_lowercase().contains("in use");
        if home.stopping() || !taken {
            break;
        }
    }
    Err(reason)
}

/// Does what tests ask for until the servers are to stop, and stops them; also collects those that
/// end on their own.
pub(crate) fn hold(home: &Home, mut servers: Vec<Server>, requests: &Receiver<Request>) {
    while !home.stopping() {
        match requests.recv_timeout(PAUSE * 5) {
            Ok(request) => perform(home, &mut servers, &request),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(PAUSE * 5),
        }
        for server in &mut servers {
            // One that a test killed stays dead; asking lets the kernel forget it.
            server.runs();
        }
    }
    // Those that stand on others were started later.
    for server in servers.iter_mut().rev() {
        server.stop();
    }
}

fn perform(home: &Home, servers: &mut [Server], request: &Request) {
    if let Some(server) = servers.iter_mut().find(|server| server.name() == request.server) {
        // Nobody listens any more when the front has ended.
        let _ = request.answer.send(server.perform(home, request.action));
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
    use crate::services::{family, sweep};
    use std::fs;
    use std::process::Command;

    fn plan(home: &Home) -> Plan {
        Plan { name: "sh", log: home.dir().join("log"), at_once: "KILL", orderly: "TERM" }
    }

    fn shell(home: &Home, script: &str) -> Command {
        let mut command = home.command(&Program::installed("/bin/sh"), "KILL");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_that_finds_its_port_taken_is_tried_on_others_and_its_log_is_shown() {
        let home = Home::make().unwrap();
        let tries = home.dir().join("tmp/tries");
        let script = format!("echo >> {}; echo address in use; exit 1", tries.display());
        let recipe = |_| Recipe { command: shell(&home, &script), ready: Box::new(|| false) };
        let message = launch(&home, &plan(&home), recipe).err().unwrap();
        assert_eq!(message, "it ended with exit status: 1: address in use");
        assert_eq!(fs::read_to_string(tries).unwrap().lines().count(), TRIES);
        fs::remove_dir_all(home.dir()).unwrap();
    }

    #[test]
    fn a_server_dies_with_the_thread_that_started_it() {
        let home = Home::make().unwrap();
        let answer = home.dir().join("tmp/answer");
        let script = format!("echo > {}; exec sleep 1000", answer.display());
        let recipe = |_| {
            let answer = answer.clone();
            Recipe { command: shell(&home, &script), ready: Box::new(move || answer.exists()) }
        };
        let started = thread::scope(|scope| {
            let start = || launch(&home, &plan(&home), recipe);
            scope.spawn(start).join().unwrap()
        });
        let (mut server, _) = started.unwrap();
        family::gone(&[server.pid()]).unwrap();
        assert!(!server.runs());
        assert!(sweep::processes(home.dir()).is_empty());
        fs::remove_dir_all(home.dir()).unwrap();
    }
}
