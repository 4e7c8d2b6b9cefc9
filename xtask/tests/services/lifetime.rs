//! Servers live as long as they are wanted, and leave nothing behind however they end.

use crate::clients::psql;
use crate::session::{
    Up, eventually, exports, gone, keeper, kill, postgres_is_at_hand, printed, processes,
    processes_below, said, services,
};
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

/// Servers other than PostgreSQL.
const OTHERS: [&str; 3] = ["mariadb", "mysql", "odbc"];

/// `services run` with a command that waits; its directory, and the number of that command.
fn waiting_run(kinds: &[&str]) -> (Child, PathBuf, String) {
    let script = "echo dir $ALUDEL_SERVICES_DIR $$; exec sleep 100";
    let mut child = services(&["run"])
        .args(kinds)
        .args(["--", "sh", "-c", script])
        .process_group(0)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.map(Result::unwrap).find(|line| line.starts_with("dir ")).unwrap();
    let mut words = line.split(' ').skip(1);
    let (dir, pid) = (words.next().unwrap(), words.next().unwrap());
    (child, PathBuf::from(dir), pid.to_owned())
}

#[test]
fn what_is_up_stays_until_down_and_then_nothing_is_left() {
    if !postgres_is_at_hand() {
        return;
    }
    let up = Up::start("stays", &["pg"]);
    let dir = up.dir();
    let mode = |name: &str| fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("env"), 0o600, "passwords stand in it");
    assert_eq!(mode("reports"), 0o600, "the tail of a log may stand in it");
    let mut query = psql(&up.vars, &up.vars["ALUDEL_PG_TLS_URL"], "select 42");
    assert_eq!(printed(&mut query).trim(), "42");
    assert!(!processes(&dir).is_empty());
    up.down();
    assert!(processes(&dir).is_empty() && !dir.exists(), "down returns when all is gone");
}

#[test]
fn two_starts_at_the_same_time_do_not_meet() {
    if !postgres_is_at_hand() {
        return;
    }
    let kinds = [&["pg"], &OTHERS[..]].concat();
    let start = |name| Up::start(name, &kinds);
    let (one, two) = thread::scope(|scope| {
        let one = scope.spawn(|| start("one"));
        let two = scope.spawn(|| start("two"));
        (one.join().unwrap(), two.join().unwrap())
    });
    let mut differ = vec!["ALUDEL_SERVICES_DIR".to_owned(), "ODBCINI".to_owned()];
    for server in ["PG", "MARIADB", "MYSQL", "VIRTUOSO"] {
        // One that cannot be had starts nowhere.
        let up = [&one, &two].map(|up| up.vars.get(&format!("ALUDEL_{server}_PORT")).is_some());
        assert_eq!(up[0], up[1], "{server}");
        let names = ["PORT", "PASSWORD", "PID"].map(|part| format!("ALUDEL_{server}_{part}"));
        differ.extend(names.into_iter().filter(|_| up[0]));
    }
    assert!(differ.len() >= 5, "PostgreSQL is at hand");
    for name in differ {
        assert_ne!(&one.vars[&name], &two.vars[&name], "{name}");
    }
    one.down();
    assert!(!processes(&two.dir()).is_empty(), "the other one is not touched");
    for (name, pid) in two.vars.pairs().filter(|(name, _)| name.ends_with("_PID")) {
        assert!(fs::exists(format!("/proc/{pid}")).unwrap(), "{name} still runs");
    }
}

#[test]
fn a_second_up_says_that_servers_run_already() {
    if !postgres_is_at_hand() {
        return;
    }
    let name = format!("again-{}", std::process::id());
    printed(&mut services(&["up", "--name", &name, "pg"]));
    let again = services(&["up", "--name", &name, "pg"]).output().unwrap();
    printed(&mut services(&["down", "--name", &name]));
    assert!(!again.status.success());
    assert!(said(&again).contains("pg run already"), "{}", said(&again));
    let env = services(&["env", "--name", &name]).output().unwrap();
    assert!(said(&env).contains("no servers are up"), "{}", said(&env));
}

#[test]
fn of_two_ups_under_one_name_one_starts_servers() {
    if !postgres_is_at_hand() {
        return;
    }
    let name = format!("same-{}", std::process::id());
    let up = || services(&["up", "--name", &name, "pg"]).output().unwrap().status.success();
    let started = thread::scope(|scope| {
        let both = [scope.spawn(up), scope.spawn(up)];
        both.map(|one| one.join().unwrap()).into_iter().filter(|success| *success).count()
    });
    printed(&mut services(&["down", "--name", &name]));
    assert_eq!(started, 1);
}

/// Ends the one who started servers of `kinds`, who is in a process group of its own.
fn ended(kinds: &[&str], end: impl FnOnce(&Child)) {
    let (mut child, dir, sleeper) = waiting_run(kinds);
    assert!(!processes(&dir).is_empty());
    end(&child);
    assert_eq!(child.wait().unwrap().code(), None, "ended by a signal");
    gone(&dir);
    // It has ended with the group or runs on.
    let _ = Command::new("kill").args(["-s", "KILL", &sleeper]).stderr(Stdio::null()).status();
}

#[test]
fn servers_stop_when_the_one_who_started_them_is_killed() {
    if !postgres_is_at_hand() {
        return;
    }
    for kinds in [&["pg"][..], &OTHERS] {
        ended(kinds, |child| kill("KILL", &child.id().to_string()));
    }
}

#[test]
fn servers_stop_on_ctrl_c() {
    if !postgres_is_at_hand() {
        return;
    }
    for kinds in [&["pg"][..], &OTHERS] {
        // What a terminal does: everything in the foreground group gets the signal.
        ended(kinds, |child| kill("INT", &format!("-{}", child.id())));
    }
}

#[test]
fn servers_stop_when_their_keeper_is_killed_and_the_next_down_clears_the_rest() {
    if !postgres_is_at_hand() {
        return;
    }
    let up = Up::start("killed", &["pg", "pgbouncer"]);
    let dir = up.dir();
    let keeper = keeper(&dir);
    kill("KILL", &keeper.to_string());
    eventually("the kernel ends the servers", || processes(&dir).is_empty());
    up.down();
    gone(&dir);
}

#[test]
fn an_up_that_is_killed_while_it_starts_leaves_nothing() {
    if !postgres_is_at_hand() {
        return;
    }
    let name = format!("early-{}", std::process::id());
    let folder = std::env::temp_dir().join(&name);
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    let directories = || {
        let paths = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let ours = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with("al-");
        paths.filter(ours).collect::<Vec<_>>()
    };
    let mut command = services(&["up", "--name", &name, "pg"]);
    let mut child = command.env("TMPDIR", &folder).stdout(Stdio::null()).spawn().unwrap();
    eventually("a program runs", || !processes_below(&folder).is_empty());
    let keeper = keeper(&directories()[0]);
    kill("KILL", &child.id().to_string());
    child.wait().unwrap();
    let alive = format!("/proc/{keeper}/environ");
    eventually("the keeper ends", || fs::read(&alive).unwrap_or_default().is_empty());
    assert_eq!(directories(), Vec::<PathBuf>::new());
    assert_eq!(processes_below(&folder), Vec::<u32>::new());
    fs::remove_dir_all(&folder).unwrap();
    printed(&mut services(&["down", "--name", &name]));
}

#[test]
fn the_status_of_the_command_is_that_of_run() {
    let output = services(&["run", "pgbouncer", "--", "sh", "-c", "exit 7"]).output().unwrap();
    assert_eq!(output.status.code(), Some(7), "{}", said(&output));
}

#[test]
fn what_cannot_be_had_is_skipped_with_its_reason() {
    let cache = std::env::temp_dir().join(format!("aludel-empty-{}", std::process::id()));
    let mut command = services(&["run", "mysql", "--", "env"]);
    let output = command.env("ALUDEL_SERVICES_CACHE", &cache).output().unwrap();
    fs::remove_dir_all(&cache).unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let text = said(&output);
    let reason = "mysql is not installed and cannot be fetched: ALUDEL_SERVICES_OFFLINE forbids";
    // A machine may have a MySQL of its own.
    assert!(text.contains(reason) || text.contains("ALUDEL_MYSQL_URL"), "{text}");
}

#[test]
fn what_is_there_and_does_not_start_is_a_failure_and_leaves_nothing() {
    let folder = std::env::temp_dir().join(format!("aludel-broken-{}", std::process::id()));
    fs::create_dir(&folder).unwrap();
    let everyone = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    everyone(&folder);
    for name in ["mariadbd", "mariadb-install-db", "mariadb"] {
        fs::write(folder.join(name), "#!/bin/sh\necho broken\nexit 3\n").unwrap();
        everyone(&folder.join(name));
    }
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").unwrap());
    let name = format!("broken-{}", std::process::id());
    for words in [&["up", "--name", &name, "mariadb"][..], &["run", "mariadb", "--", "echo", "ran"]]
    {
        let output = services(words).env("PATH", &path).output().unwrap();
        let text = said(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("failed: ") && text.contains("exit status: 3: broken"), "{text}");
        assert!(output.stdout.is_empty(), "the command does not run: {text}");
    }
    let env = services(&["env", "--name", &name]).output().unwrap();
    assert!(said(&env).contains("no servers are up"), "{}", said(&env));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_wrong_word_is_answered_with_the_usage() {
    let output = services(&["up", "oracle"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("there is no service \"oracle\""), "{}", said(&output));
    assert_eq!(exports("").pairs().count(), 0);
}
