//! The process that owns the servers of one start, and outlives the one that asked for them.

use super::groups::{self, Group};
use super::home::{CLIENTS, Home};
use super::kind::{Kind, Profile};
use super::launch::Request;
use super::odbc;
use super::protocol::{self, Action, DETACH, REPORTS, SOCKET, VARIABLES};
use super::report::Report;
use super::sweep;
use super::vars::{Vars, write_private};
use std::fs::{Permissions, set_permissions};
use std::io::{BufRead, Read, Write, stdin, stdout};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// What reaches the keeper's main thread.
pub(crate) enum Event {
    /// A server is up, or could not be started.
    Report(Report, Vars),
    /// All servers of a group have reported.
    GroupDone,
    /// Something is to be done to a server, and to be answered on the pipe to the front.
    Ask(String, Action),
    /// The servers are to stop; whoever asks over the socket waits for the stream's end.
    Stop(Option<UnixStream>),
}

/// Starts the servers, tells what came of each, and waits for the end.
pub(crate) fn keep(kinds: &[Kind], profile: Profile) -> Result<(), String> {
    let home = Arc::new(Home::make()?);
    let result = serve(&home, kinds, profile);
    let cleared = sweep::clear(home.dir());
    // Whoever waits on the socket is answered only now, when nothing is left.
    result.and_then(|waiting| cleared.map(|()| drop(waiting)))
}

fn serve(home: &Arc<Home>, kinds: &[Kind], profile: Profile) -> Result<Option<UnixStream>, String> {
    let failed = |error: std::io::Error| format!("cannot keep {}: {error}", home.dir().display());
    tell(&format!("dir\t{}", home.dir().display()));
    let (events, inbox) = channel();
    let socket = home.dir().join(SOCKET);
    let listener = UnixListener::bind(&socket).map_err(failed)?;
    set_permissions(&socket, Permissions::from_mode(0o600)).map_err(failed)?;
    watch_front(Arc::clone(home), events.clone());
    watch_socket(listener, events.clone());
    let groups = groups::start(home, kinds, profile, &events)?;
    let odbc = kinds.contains(&Kind::Odbc);
    let waiting = attend(home, &groups, odbc, &inbox)?;
    home.stop();
    // Programs that only prepare a server hold their threads up.
    while groups.iter().any(|group| !group.thread.is_finished()) {
        thread::sleep(std::time::Duration::from_millis(10));
    }
    Ok(waiting)
}

/// Collects reports until all are there, and then waits until the servers are to stop.
fn attend(
    home: &Home,
    groups: &[Group],
    with_odbc: bool,
    inbox: &Receiver<Event>,
) -> Result<Option<UnixStream>, String> {
    let mut vars = Vars::default();
    vars.set("ALUDEL_SERVICES_DIR", home.dir().display().to_string());
    let mut reports = Vec::new();
    // Whatever a build puts in the place of this program's file.
    vars.set("ALUDEL_SERVICES_PROGRAM", format!("/proc/{}/exe", std::process::id()));
    vars.set("ALUDEL_SERVICES_BIN", home.dir().join(CLIENTS).display().to_string());
    let mut left = groups.len();
    while left > 0 {
        match inbox.recv() {
            Ok(Event::Report(report, more)) => {
                tell(&report.to_line());
                reports.push(report.to_line());
                vars.extend(more);
            }
            Ok(Event::GroupDone) => left -= 1,
            // Not before all is up.
            Ok(Event::Ask(..)) => tell(&protocol::answer(&Err("the servers are starting".into()))),
            Ok(Event::Stop(waiting)) => return Ok(waiting),
            Err(_) => return Err("invariant: the watchers hold a sender".into()),
        }
    }
    if with_odbc {
        // Last, since its data sources are the other servers.
        for report in odbc::configure(home, &mut vars)? {
            tell(&report.to_line());
            reports.push(report.to_line());
        }
    }
    vars.save(&home.dir().join(VARIABLES))?;
    // The tail of a server's log may stand in it.
    write_private(&home.dir().join(REPORTS), &reports.join("\n"))?;
    tell("ready");
    loop {
        match inbox.recv() {
            Ok(Event::Ask(server, action)) => {
                tell(&protocol::answer(&ask(groups, &server, action)))
            }
            Ok(Event::Stop(waiting)) => return Ok(waiting),
            Ok(_) => {}
            Err(_) => return Ok(None),
        }
    }
}

/// Has `action` done by the group that has `server`.
fn ask(groups: &[Group], server: &str, action: Action) -> Result<String, String> {
    let (answer, answers) = channel();
    let request = Request { server: server.to_owned(), action, answer };
    for group in groups {
        // A group without servers has ended.
        let _ = group.requests.send(request.clone());
    }
    drop(request);
    // All have dropped theirs when none of them has it.
    answers.recv().unwrap_or_else(|_| Err("it is not up".into()))
}

/// Writes a line to the front, if there still is one.
fn tell(line: &str) {
    let mut out = stdout().lock();
    // Once detached, nobody listens any more.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn watch_front(home: Arc<Home>, events: Sender<Event>) {
    thread::spawn(move || {
        for line in stdin().lock().lines().map_while(Result::ok) {
            if line == DETACH {
                return;
            }
            if let Some((server, action)) = protocol::parse_request(&line) {
                let _ = events.send(Event::Ask(server.to_owned(), action));
            }
        }
        // At once, since a server may be starting again.
        home.stop();
        // The pipe's end is the front's end; without a receiver the keeper is ending already.
        let _ = events.send(Event::Stop(None));
    });
}

fn watch_socket(listener: UnixListener, events: Sender<Event>) {
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Any byte is a request; whoever connects is this user or root.
            if (&stream).read(&mut [0; 1]).is_ok_and(|count| count > 0) {
                let _ = events.send(Event::Stop(Some(stream)));
            }
        }
    });
}
