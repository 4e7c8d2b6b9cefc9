//! Servers of a test's own end with the test, also when it panics.

use aludel_test_services::{Kind, Profile, Services};
use std::fs;
use std::path::PathBuf;
use std::thread;

/// The servers' directory and processes.
fn traces(services: &Services) -> Vec<PathBuf> {
    let vars = services.vars();
    let pids = vars.pairs().filter(|(name, _)| name.ends_with("_PID"));
    let mut traces: Vec<PathBuf> = pids.map(|(_, pid)| format!("/proc/{pid}").into()).collect();
    traces.push(vars["ALUDEL_SERVICES_DIR"].into());
    traces
}

fn nothing_is_left_of(kinds: &[Kind], test: &str) {
    let Some(services) = Services::own(test, kinds, Profile::Fast) else { return };
    let traces = traces(&services);
    assert!(traces.len() > 1 && traces.iter().all(|path| path.exists()), "{traces:?}");
    let panicked = thread::spawn(move || {
        let _held = services;
        panic!("on purpose");
    });
    assert!(panicked.join().is_err());
    let left: Vec<_> = traces.into_iter().filter(|path| fs::exists(path).unwrap()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_panic_leaves_nothing_of_postgresql_its_standby_and_pgbouncer() {
    let test = "a_panic_leaves_nothing_of_postgresql_its_standby_and_pgbouncer";
    nothing_is_left_of(&[Kind::Pg, Kind::PgHa, Kind::PgBouncer], test);
}

#[test]
fn a_panic_leaves_nothing_of_mariadb() {
    nothing_is_left_of(&[Kind::MariaDb], "a_panic_leaves_nothing_of_mariadb");
}

#[test]
fn a_panic_leaves_nothing_of_mysql() {
    nothing_is_left_of(&[Kind::MySql], "a_panic_leaves_nothing_of_mysql");
}

#[test]
fn a_panic_leaves_nothing_of_virtuoso() {
    nothing_is_left_of(&[Kind::Odbc], "a_panic_leaves_nothing_of_virtuoso");
}
