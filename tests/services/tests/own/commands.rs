//! What a test can have done to a server of its own, each as its sessions see it.

use crate::session::Target;
use aludel_test_services::{Kind, Profile, Services};
use std::fs;
use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

fn pg(test: &str) -> Option<Services> {
    Services::own(test, &[Kind::Pg], Profile::Fast)
}

fn target(services: &Services) -> Target<'_> {
    Target { vars: services.vars(), prefix: "PG" }
}

/// The letter by which the kernel says whether a process runs, sleeps or is stopped.
fn state(pid: u32) -> char {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    text.rsplit_once(") ").unwrap().1.chars().next().unwrap()
}

/// The kernel's numbers of PostgreSQL's shared memory: that of the server with data in `data`.
fn shared_memory(data: &str) -> String {
    let text = fs::read_to_string(format!("{data}/postmaster.pid")).unwrap();
    text.lines().nth(6).unwrap().split_whitespace().nth(1).unwrap().to_owned()
}

fn is_shared(number: &str) -> bool {
    let list = fs::read_to_string("/proc/sysvipc/shm").unwrap();
    list.lines().any(|line| line.split_whitespace().nth(1) == Some(number))
}

#[test]
fn a_paused_server_answers_when_it_is_resumed_and_not_before() {
    let test = "a_paused_server_answers_when_it_is_resumed_and_not_before";
    let Some(services) = pg(test) else { return };
    let server = services.server(Kind::Pg);
    let mut session = target(&services).connect();
    assert!(session.run("select", ""), "one row without columns, and then the tag");
    server.pause().unwrap();
    let backends = server.backends().unwrap();
    assert_eq!(backends.len(), 1);
    for pid in [server.pid().unwrap(), backends[0]] {
        assert_eq!(state(pid), 'T');
    }
    let (answer, answers) = channel();
    thread::scope(|scope| {
        scope.spawn(|| answer.send(session.line("select 42;")).unwrap());
        let early = answers.recv_timeout(Duration::from_millis(300));
        assert_eq!(early, Err(RecvTimeoutError::Timeout));
        server.resume().unwrap();
        assert_eq!(answers.recv().unwrap().as_deref(), Some("42"));
    });
}

#[test]
fn a_paused_server_can_be_killed_stopped_and_dropped() {
    let test = "a_paused_server_can_be_killed_stopped_and_dropped";
    let Some(services) = pg(test) else { return };
    let server = services.server(Kind::Pg);
    server.pause().unwrap();
    server.kill().unwrap();
    server.start().unwrap();
    server.pause().unwrap();
    server.stop().unwrap();
    server.start().unwrap();
    assert_eq!(target(&services).ask("select 1"), "1");
    server.pause().unwrap();
    let (pid, dir) = (server.pid().unwrap(), services.vars()["ALUDEL_SERVICES_DIR"].to_owned());
    drop(services);
    assert!(!fs::exists(format!("/proc/{pid}")).unwrap() && !fs::exists(dir).unwrap());
}

#[test]
fn a_server_that_is_stopped_tells_its_sessions_and_starts_on_the_same_port() {
    let test = "a_server_that_is_stopped_tells_its_sessions_and_starts_on_the_same_port";
    let Some(services) = pg(test) else { return };
    let (server, target) = (services.server(Kind::Pg), target(&services));
    target.ask("create table kept (a int)");
    let sleeping = thread::scope(|scope| {
        let sleeping = scope.spawn(|| target.answer("select pg_sleep(1000)"));
        while server.backends().unwrap().is_empty() {
            thread::yield_now();
        }
        // Else it may still be on its way in.
        while target.ask("select count(*) from pg_stat_activity where query like '%pg_sleep(1%'")
            != "2"
        {
            thread::yield_now();
        }
        server.restart().unwrap();
        sleeping.join().unwrap()
    });
    let said = String::from_utf8(sleeping.stderr).unwrap();
    assert!(said.contains("due to administrator command"), "{said}");
    assert_eq!(target.ask("select count(*) from kept"), "0");
}

#[test]
fn what_cannot_be_done_is_refused_with_its_reason() {
    let test = "what_cannot_be_done_is_refused_with_its_reason";
    let Some(services) = pg(test) else { return };
    let server = services.server(Kind::Pg);
    assert_eq!(server.start(), Err("cannot start pg: it runs".into()));
    let other = std::process::id();
    let message =
        format!("cannot kill-backend {other} pg: process {other} serves none of its sessions");
    assert_eq!(server.kill_backend(other), Err(message));
    let absent = services.server(Kind::MariaDb);
    assert_eq!(absent.kill(), Err("cannot kill mariadb: it is not up".into()));
    server.kill().unwrap();
    for refused in [server.kill(), server.pause(), server.stop(), server.pid().map(drop)] {
        assert!(refused.unwrap_err().ends_with(" pg: it does not run"));
    }
}

#[test]
fn a_killed_backend_takes_the_other_sessions_with_it_and_not_the_server() {
    let test = "a_killed_backend_takes_the_other_sessions_with_it_and_not_the_server";
    let Some(services) = pg(test) else { return };
    let (server, target) = (services.server(Kind::Pg), target(&services));
    let mut sessions = [target.connect(), target.connect()];
    let mut pids = sessions
        .each_mut()
        .map(|session| session.line("select pg_backend_pid();").unwrap().parse::<u32>().unwrap());
    pids.sort_unstable();
    assert_eq!(server.backends().unwrap(), pids);
    let before = server.pid().unwrap();
    server.kill_backend(pids[0]).unwrap();
    for session in &mut sessions {
        // One that the server has not told yet to end may still answer.
        while session.line("select 1;").is_some() {
            thread::yield_now();
        }
    }
    while !target.answer("select 1").status.success() {
        thread::yield_now();
    }
    assert_eq!(server.pid().unwrap(), before);
}

#[test]
fn a_server_that_is_killed_and_never_started_again_leaves_no_shared_memory() {
    let test = "a_server_that_is_killed_and_never_started_again_leaves_no_shared_memory";
    let Some(services) = pg(test) else { return };
    let number = shared_memory(&services.vars()["ALUDEL_PG_DATA"]);
    services.server(Kind::Pg).kill().unwrap();
    assert!(is_shared(&number), "the kernel keeps it");
    drop(services);
    assert!(!is_shared(&number));
}

#[test]
fn every_kind_is_killed_and_stopped_and_starts_again() {
    let test = "every_kind_is_killed_and_stopped_and_starts_again";
    for kind in [Kind::PgBouncer, Kind::MariaDb, Kind::MySql, Kind::Odbc, Kind::PgHa] {
        let Some(services) = Services::own(test, &[kind], Profile::Fast) else { continue };
        let server = services.server(kind);
        let mut pids = vec![server.pid().unwrap()];
        server.kill().unwrap();
        server.start().unwrap();
        pids.push(server.pid().unwrap());
        server.restart().unwrap();
        pids.push(server.pid().unwrap());
        pids.dedup();
        assert_eq!(pids.len(), 3, "{}", server.name());
        answers(&services, kind);
    }
}

/// Asks the server, in its own words, whether the user of tests is let in.
fn answers(services: &Services, kind: Kind) {
    let vars = services.vars();
    let prefix = match kind {
        Kind::PgHa => "PG_HA_PRIMARY",
        Kind::PgBouncer => "PGBOUNCER",
        Kind::MariaDb => "MARIADB",
        Kind::MySql => "MYSQL",
        _ => {
            let mut isql = Command::new(format!("{}/isql", &vars["ALUDEL_SERVICES_BIN"]));
            // It takes the password in no other way.
            let login =
                ["ALUDEL_VIRTUOSO_USER", "ALUDEL_VIRTUOSO_PASSWORD"].map(|name| &vars[name]);
            isql.args(["-v", "-b", "aludel_virtuoso"]).args(login).envs(vars.pairs());
            let output = isql.stdin(std::process::Stdio::null()).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
            return;
        }
    };
    assert_eq!(Target { vars, prefix }.ask("select 40 + 2"), "42", "{prefix}");
}
