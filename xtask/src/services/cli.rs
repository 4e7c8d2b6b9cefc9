//! `cargo xtask services`: up, down, env and run.

use super::front;
use super::keeper;
use super::kind::{Kind, Profile};
use super::protocol::{SOCKET, VARIABLES};
use super::state::{self, State};
use super::sweep;
use super::vars::Vars;
use aludel_test_services::{Services, reports_of};
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Shown with every usage error.
pub(crate) const HELP: &str = "\
usage: cargo xtask services <up|env|down|run> [options] [kind…] [-- command…]

  up [kind…]                 starts servers that last until `down`
  env                        prints shell exports for those that are up
  down                       stops them and removes their directory, also after a killed `up`
  run [kind…] -- command…    starts servers, runs a command with their variables, stops them

  kinds: pg pg-ha pgbouncer mariadb mysql odbc; all without any
  --durable                  an acknowledged commit survives the server's death
  --name <name>              another set of servers beside the first";

/// A parsed command line.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    verb: String,
    kinds: Vec<Kind>,
    profile: Profile,
    name: String,
    command: Vec<String>,
}

/// Runs the words after `services`.
pub(crate) fn run(root: &Path, args: &[String]) -> ExitCode {
    let request = match parse(args) {
        Ok(request) => request,
        Err(message) => {
            eprintln!("services: {message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let result = match request.verb.as_str() {
        "up" => up(root, &request),
        "env" => env(root, &request),
        "down" => down(root, &request),
        "run" => return run_command(&request),
        _ => keeper::keep(&request.kinds, request.profile)
            .inspect_err(|message| println!("{message}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("services: {message}");
            ExitCode::FAILURE
        }
    }
}

fn parse(args: &[String]) -> Result<Request, String> {
    let mut args = args.iter();
    let verb = args.next().ok_or("a verb is missing")?.clone();
    if !["up", "env", "down", "run", "keep"].contains(&verb.as_str()) {
        return Err(format!("there is no verb {verb:?}"));
    }
    let mut request = Request {
        verb,
        kinds: Vec::new(),
        profile: Profile::default(),
        name: "default".into(),
        command: Vec::new(),
    };
    while let Some(word) = args.next() {
        match word.as_str() {
            "--durable" | "durable" => request.profile = Profile::Durable,
            "fast" => request.profile = Profile::Fast,
            "--name" => request.name = args.next().ok_or("--name needs a name")?.clone(),
            "--" => request.command = args.by_ref().cloned().collect(),
            kind => request.kinds.push(Kind::parse(kind)?),
        }
    }
    if request.kinds.is_empty() {
        request.kinds = Kind::ALL.to_vec();
    }
    match (request.verb == "run", request.command.is_empty()) {
        (true, true) => Err("run needs a command after `--`".into()),
        (false, false) => Err(format!("{} takes no command", request.verb)),
        _ => Ok(request),
    }
}

fn up(root: &Path, request: &Request) -> Result<(), String> {
    let state = State::of(root, &request.name)?;
    let _lock = state.lock()?;
    if let Some(dir) = state.running() {
        let kinds: Vec<String> = reports_of(&dir).into_iter().map(|report| report.name).collect();
        return Err(format!(
            "{} run already; `cargo xtask services down` stops them",
            kinds.join(", ")
        ));
    }
    let services = start(request)?;
    state.remember(services.dir())?;
    services.detach()?;
    eprintln!(
        "`eval \"$(cargo xtask services env)\"` tells a shell where; `cargo xtask services down` stops them"
    );
    Ok(())
}

/// Starts the servers; none is left when one of them fails.
fn start(request: &Request) -> Result<Services, String> {
    let services = front::start(&request.kinds, request.profile, |_| {})?;
    match services.failures() {
        None => Ok(services),
        Some(failures) => Err(format!("not every server started: {failures}")),
    }
}

fn env(root: &Path, request: &Request) -> Result<(), String> {
    let dir = State::of(root, &request.name)?
        .running()
        .ok_or("no servers are up: start them with `cargo xtask services up`")?;
    print!("{}", Vars::load(&dir.join(VARIABLES))?.exports());
    Ok(())
}

fn down(root: &Path, request: &Request) -> Result<(), String> {
    let state = State::of(root, &request.name)?;
    let lock = state.lock()?;
    if let Some(dir) = state.dir() {
        ask_to_stop(&dir);
        sweep::clear(&dir)?;
        state.forget()?;
    }
    drop(lock);
    sweep::clear_abandoned();
    state::clear_abandoned();
    Ok(())
}

/// Asks the keeper of `dir` to end, and waits until it has. Without a keeper there is no answer,
/// and the caller clears what it left.
fn ask_to_stop(dir: &Path) {
    if let Ok(mut stream) = UnixStream::connect(dir.join(SOCKET)) {
        let _ = stream.write_all(b"\n").and_then(|()| stream.read_to_end(&mut Vec::new()));
    }
}

fn run_command(request: &Request) -> ExitCode {
    let services = match start(request) {
        Ok(services) => services,
        Err(message) => {
            eprintln!("services: {message}");
            return ExitCode::FAILURE;
        }
    };
    let Some((program, args)) = request.command.split_first() else {
        return ExitCode::FAILURE;
    };
    let status = Command::new(program).args(args).envs(services.vars().pairs()).status();
    drop(services);
    match status {
        Ok(status) => status.code().map_or(ExitCode::FAILURE, |code| (code as u8).into()),
        Err(error) => {
            eprintln!("services: cannot start {program}: {error}");
            ExitCode::FAILURE
        }
    }
}
