//! `cargo xtask test` and `cargo xtask bench`: servers around them, a table at the end, nothing left.

use crate::session::{gone, kill, postgres_is_at_hand, processes, processes_below, said};
use crate::workshop::Workshop;
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// The row of the table that is about `server`.
fn row<'a>(text: &'a str, server: &str) -> &'a str {
    let table = text.split("\nserver ").nth(1).unwrap_or_else(|| panic!("no table: {text}"));
    let begins = |line: &&str| line.split_whitespace().next() == Some(server);
    table.lines().find(begins).unwrap_or_else(|| panic!("no row of {server}: {text}"))
}

#[test]
fn a_server_that_does_not_start_fails_the_tests_which_run_all_the_same() {
    let workshop = Workshop::open("failing");
    for name in ["mariadbd", "mariadb-install-db", "mariadb"] {
        workshop.program(name, "#!/bin/sh\necho broken\nexit 3\n");
    }
    let output = workshop.xtask(&["test"]).output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("\nfailed: services\n"), "nothing else failed: {text}");
    let step = text.lines().find(|line| line.starts_with("services  ")).unwrap();
    assert!(step.contains("FAILED"), "{step}");
    assert!(step.contains("mariadb: ") && step.ends_with("exit status: 3: broken"), "{step}");
    assert!(workshop.asked().contains("nextest run --workspace"), "{}", workshop.asked());
    let mariadb = row(&text, "mariadb");
    assert!(mariadb.contains("-  failed: "), "{mariadb}");
    assert!(mariadb.ends_with("exit status: 3: broken"), "{mariadb}");
    assert!(row(&text, "sqlite-static").ends_with("1  3.50"), "{text}");
    assert!(row(&text, "sqlite-loaded").ends_with("-  skipped: no test ran"), "{text}");
    gone(Path::new(&workshop.given("ALUDEL_SERVICES_DIR").unwrap()));
}

#[test]
fn when_no_server_can_be_started_the_tests_run_and_the_table_says_so() {
    let workshop = Workshop::open("certificates");
    workshop.program("openssl", "#!/bin/sh\necho no curves\nexit 4\n");
    let output = workshop.xtask(&["test"]).output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("\nfailed: services\n"), "nothing else failed: {text}");
    assert!(row(&text, "sqlite-static").ends_with("1  3.50"), "{text}");
    let step = text.lines().find(|line| line.starts_with("services  ")).unwrap();
    assert!(step.contains("ended with exit status: 4: no curves"), "{step}");
    for server in ["pg", "pg-ha", "pgbouncer", "mariadb", "mysql", "virtuoso"] {
        assert!(row(&text, server).ends_with("-  failed: the servers were not started"), "{text}");
    }
    assert_eq!(workshop.given("ALUDEL_SERVICES_DIR"), None);
}

#[test]
fn when_the_build_fails_no_server_starts_and_the_table_says_so() {
    let workshop = Workshop::open("build");
    let output = workshop.xtask(&["test"]).env("BUILD", "101").output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("\nfailed: build\n"), "{text}");
    for server in ["sqlite-static", "sqlite-loaded", "pg", "virtuoso"] {
        assert!(row(&text, server).ends_with("-  skipped: the build failed"), "{text}");
    }
    assert!(!workshop.asked().contains("nextest run"), "{}", workshop.asked());
}

/// What a terminal does on Ctrl-C: everything in the foreground group gets the signal.
fn ends_on_ctrl_c(name: &str, args: &[&str]) {
    let workshop = Workshop::open(name);
    let (mut child, dir) = workshop.waiting(args);
    kill("INT", &format!("-{}", child.id()));
    assert_eq!(child.wait().unwrap().code(), None, "ended by the signal");
    gone(&dir);
}

#[test]
fn ctrl_c_in_the_middle_of_the_tests_leaves_nothing() {
    ends_on_ctrl_c("interrupted", &["test"]);
}

#[test]
fn ctrl_c_in_the_middle_of_a_bench_leaves_nothing() {
    ends_on_ctrl_c("interrupted-bench", &["bench", "rows_mariadb_mysql_odbc"]);
}

#[test]
fn a_panic_in_the_middle_of_the_tests_leaves_nothing() {
    let workshop = Workshop::open("panicked");
    let (mut child, dir) = workshop.waiting(&["test"]);
    // Nobody reads what it prints any more, on which printing the next step panics.
    drop(child.stdout.take());
    workshop.go();
    let output = child.wait_with_output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(101), "{text}");
    assert!(text.contains("panicked at"), "{text}");
    assert!(!dir.exists() && processes(&dir).is_empty(), "gone with the one who panicked");
}

#[test]
fn a_panic_beside_the_servers_of_a_bench_leaves_nothing() {
    let workshop = Workshop::open("unheard");
    let mut command = workshop.xtask(&["bench", "rows_mariadb_mysql_odbc"]);
    command.env("TMPDIR", workshop.folder()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The first that it prints there comes when the servers are up.
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(101), "{text}");
    assert!(text.contains(" up in ") && text.contains("panicked at"), "{text}");
    assert_eq!(workshop.asked(), "", "the bench was not reached");
    assert_eq!(processes_below(workshop.folder()), Vec::<u32>::new());
    let mut left = fs::read_dir(workshop.folder()).unwrap().flatten();
    assert!(!left.any(|entry| entry.file_name().to_string_lossy().starts_with("al-")));
}

#[test]
fn a_bench_gets_the_servers_that_its_name_mentions_and_no_others() {
    if !postgres_is_at_hand() {
        return;
    }
    let servers = ["PG", "PG_HA", "PGBOUNCER", "MARIADB", "MYSQL", "ODBC_SQLITE"];
    let expected: [(&str, &[&str]); 5] = [
        ("rows_pg", &["PG"]),
        ("rows_postgresql", &["PG"]),
        ("failover_pg_ha", &["PG_HA"]),
        ("rows_pgbouncer", &["PG", "PGBOUNCER"]),
        ("rows_sqlite", &[]),
    ];
    for (bench, wanted) in expected {
        let workshop = Workshop::open(bench);
        let output = workshop.xtask(&["bench", bench, "--", "--test"]).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        // Benches of servers stand beside other drivers, which nothing else compiles.
        let peers = if wanted.is_empty() { "" } else { " --features peers" };
        let asked = format!("bench -p aludel-benches --bench {bench}{peers} -- --test");
        assert_eq!(workshop.asked().trim(), asked);
        let given = |server: &&str| workshop.given(&format!("ALUDEL_{server}_URL")).is_some();
        assert_eq!(servers.into_iter().filter(given).collect::<Vec<_>>(), wanted, "{bench}");
    }
}

#[test]
fn a_bench_of_pools_needs_no_server_and_stands_beside_other_pools() {
    let workshop = Workshop::open("pool-bench");
    let words = ["bench", "pool_spike", "--", "--quick"];
    let output = workshop.xtask(&words).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let asked = "bench -p aludel-bench-pools --bench pool_spike --features peers -- --quick";
    assert_eq!(workshop.asked().trim(), asked);
    assert_eq!(workshop.given("ALUDEL_PG_URL"), None);
}

#[test]
fn without_a_name_the_servers_are_those_of_all_benches() {
    if !postgres_is_at_hand() {
        return;
    }
    let workshop = Workshop::open("every-bench");
    // Words of the path, of the package and of other tables mean nothing.
    let root = workshop.folder().join("mariadb");
    fs::create_dir_all(root.join("benches")).unwrap();
    let manifest = "[package]\nname = \"benches_mysql\"\n\n[[bench]]\nname = \"rows_sqlite\"\n\n\
                    [[bench]]\nname = \"rows_pg\"\npath = \"mysql/main.rs\"\nharness = false\n";
    fs::write(root.join("benches/Cargo.toml"), manifest).unwrap();
    let mut command = workshop.xtask(&["bench"]);
    let output = command.env("CARGO_MANIFEST_DIR", root.join("xtask")).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(workshop.asked().trim(), "bench -p aludel-benches --features peers");
    assert!(workshop.given("ALUDEL_PG_URL").is_some(), "{}", said(&output));
    for server in ["PG_HA", "PGBOUNCER", "MARIADB", "MYSQL", "ODBC_SQLITE"] {
        assert_eq!(workshop.given(&format!("ALUDEL_{server}_URL")), None);
    }
}
