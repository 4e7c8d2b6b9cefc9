//! Each ODBC driver loads and reaches its server, as isql shows.

use crate::session::said;
use aludel_test_services::{Vars, provided};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

/// Gives `input` to a client.
fn run(vars: &Vars, client: &str, words: &[&str], input: &str) -> Output {
    let mut child = Command::new(format!("{}/{client}", &vars["ALUDEL_SERVICES_BIN"]))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Whether the driver `name` is there, and then the variables.
fn driver(name: &str, test: &str) -> Option<Vars> {
    provided(&format!("odbc-{name}"), test)
}

fn adds(name: &str, vars: &Vars) {
    let source = format!("aludel_{name}");
    let output = run(vars, "isql", &["-v", "-b", &source], "select 40+2 as answer\n");
    let text = said(&output);
    assert!(output.status.success() && text.contains("42"), "{text}");
}

#[test]
fn the_driver_of_sqlite_answers_isql() {
    let Some(vars) = driver("sqlite", "the_driver_of_sqlite_answers_isql") else { return };
    adds("sqlite", &vars);
}

#[test]
fn only_their_owner_reads_the_data_sources() {
    let Some(vars) = driver("sqlite", "only_their_owner_reads_the_data_sources") else { return };
    let mode = std::fs::metadata(&vars["ODBCINI"]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "passwords stand there");
}

#[test]
fn the_driver_of_postgresql_answers_isql() {
    let Some(vars) = driver("pg", "the_driver_of_postgresql_answers_isql") else { return };
    adds("pg", &vars);
}

#[test]
fn the_driver_of_mariadb_answers_isql() {
    let Some(vars) = driver("mariadb", "the_driver_of_mariadb_answers_isql") else { return };
    adds("mariadb", &vars);
}

#[test]
fn freetds_loads_and_says_that_it_cannot_connect() {
    let Some(vars) = driver("tds", "freetds_loads_and_says_that_it_cannot_connect") else { return };
    let output = run(&vars, "isql", &["-v", "-b", "aludel_tds", "sa", "x"], "");
    let text = said(&output);
    assert!(!output.status.success(), "{text}");
    assert!(text.contains("[FreeTDS]") && text.contains("Unable to connect"), "{text}");
}

#[test]
fn virtuoso_answers_isql_and_its_own_client() {
    let name = "virtuoso_answers_isql_and_its_own_client";
    if provided("virtuoso", name).is_none() {
        return;
    }
    let Some(vars) = driver("virtuoso", name) else { return };
    let (port, password) = (&vars["ALUDEL_VIRTUOSO_PORT"], &vars["ALUDEL_VIRTUOSO_PASSWORD"]);
    let address = format!("127.0.0.1:{port}");
    let table = format!("answered_{}", std::process::id());
    let write = format!("create table {table} (a int)\ninsert into {table} values (42)\n");
    // Rows go through Virtuoso's own client: its driver overruns its stack when isql asks for the
    // width of a column.
    let output = run(&vars, "isql", &["-v", "-b", "aludel_virtuoso", "aludel", password], &write);
    assert!(output.status.success(), "{}", said(&output));
    let words = [address.as_str(), "aludel", password, "VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF"];
    let output = run(&vars, "isql-vt", &words, &format!("select a from {table};\n"));
    assert_eq!(said(&output).trim(), "42");
    let output = run(&vars, "isql-vt", &words, &format!("drop table {table};\n"));
    assert!(output.status.success(), "{}", said(&output));
    let wrong = run(&vars, "isql", &["-v", "-b", "aludel_virtuoso", "aludel", "wrong"], "");
    assert!(said(&wrong).contains("[28000]"), "{}", said(&wrong));
    let wrong = run(&vars, "isql-vt", &[&address, "aludel", "wrong"], "select 1;\n");
    assert!(said(&wrong).contains("28000"), "{}", said(&wrong));
}
