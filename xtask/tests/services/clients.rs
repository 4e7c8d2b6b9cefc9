//! Each server answers its own client over TCP with TLS and over the socket, and only the right user.

use crate::session::{printed, said};
use aludel_test_services::{Vars, provided, translated};
use std::ffi::OsStr;
use std::process::{Command, Stdio};

fn client(vars: &Vars, name: &str) -> Command {
    let mut command = Command::new(format!("{}/{name}", &vars["ALUDEL_SERVICES_BIN"]));
    command.stdin(Stdio::null());
    command
}

/// psql with the password of `url` in its environment: other users see the words of a command.
pub(crate) fn psql(vars: &Vars, url: &str, sql: &str) -> Command {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (login, place) = rest.split_once('@').unwrap();
    let (user, password) = login.split_once(':').unwrap();
    let mut command = client(vars, "psql");
    command.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql]);
    command.arg(format!("{scheme}://{user}@{place}")).env("PGPASSWORD", password);
    let visible = |word: &OsStr| word.to_string_lossy().contains(password);
    assert!(!command.get_args().any(visible), "the password stands in {command:?}");
    command
}

/// Asks over TLS and over the socket, and with a wrong password.
fn answers_psql(vars: &Vars, prefix: &str) {
    let url = |kind: &str| vars[&format!("ALUDEL_{prefix}_{kind}")].to_owned();
    for kind in ["URL", "TLS_URL", "SOCKET_URL"] {
        let user = printed(&mut psql(vars, &url(kind), "select current_user"));
        assert_eq!(user.trim(), "aludel", "{kind}");
        let password = url(kind).replacen("aludel:", "aludel:x", 1);
        let user = url(kind).replacen("aludel:", "nobody:", 1);
        for wrong in [password, user] {
            let output = psql(vars, &wrong, "select 1").output().unwrap();
            assert!(!output.status.success(), "{kind} let {wrong} in");
            assert!(said(&output).contains("authentication failed"), "{}", said(&output));
        }
    }
    let stranger = url("TLS_URL").replace(&url("CA"), &vars["ALUDEL_STRANGER_CA"]);
    let output = psql(vars, &stranger, "select 1").output().unwrap();
    assert!(said(&output).contains("certificate verify failed"), "{}", said(&output));
}

#[test]
fn postgresql_answers_psql_over_tls_and_the_socket() {
    let Some(vars) = provided("pg", "postgresql_answers_psql") else { return };
    answers_psql(&vars, "PG");
    let encrypted = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    assert_eq!(printed(&mut psql(&vars, &vars["ALUDEL_PG_TLS_URL"], encrypted)).trim(), "t");
}

#[test]
fn postgresql_speaks_a_second_language_to_the_user_who_wants_it() {
    let Some(vars) = provided("pg", "postgresql_speaks_a_second_language") else { return };
    let Some(translated) = translated(&vars, "postgresql_speaks_a_second_language") else { return };
    let output = psql(&vars, translated, "select 1/0").output().unwrap();
    assert!(said(&output).contains("Division durch Null"), "{}", said(&output));
    let output = psql(&vars, &vars["ALUDEL_PG_URL"], "select 1/0").output().unwrap();
    assert!(said(&output).contains("division by zero"), "{}", said(&output));
}

#[test]
fn the_standby_follows_and_the_primary_waits_for_it() {
    let Some(vars) = provided("pg-ha", "the_standby_follows") else { return };
    answers_psql(&vars, "PG_HA_PRIMARY");
    answers_psql(&vars, "PG_HA_STANDBY");
    let primary = &vars["ALUDEL_PG_HA_PRIMARY_URL"];
    let standby = &vars["ALUDEL_PG_HA_STANDBY_URL"];
    let state = "select sync_state from pg_stat_replication";
    let admin = &vars["ALUDEL_PG_HA_PRIMARY_ADMIN_URL"];
    assert_eq!(printed(&mut psql(&vars, admin, state)).trim(), "sync");
    let table = format!("followed_{}", std::process::id());
    // With remote_apply a commit is acknowledged when the standby shows it.
    let write = format!("set synchronous_commit = remote_apply; create table {table} (a int)");
    printed(&mut psql(&vars, primary, &write));
    let count = format!("select count(*) from {table}");
    assert_eq!(printed(&mut psql(&vars, standby, &count)).trim(), "0");
    let output = psql(&vars, standby, &format!("drop table {table}")).output().unwrap();
    assert!(said(&output).contains("read-only"), "{}", said(&output));
    printed(&mut psql(&vars, primary, &format!("drop table {table}")));
}

#[test]
fn pgbouncer_lends_sessions_for_a_transaction() {
    let Some(vars) = provided("pgbouncer", "pgbouncer_lends_sessions") else { return };
    answers_psql(&vars, "PGBOUNCER");
    let config = printed(&mut psql(&vars, &vars["ALUDEL_PGBOUNCER_ADMIN_URL"], "show config"));
    assert!(config.contains("pool_mode|transaction"), "{config}");
}

/// How the clients of MariaDB and MySQL are told to check the certificate.
type Tls = fn(&str) -> Vec<String>;

fn answers_mysql(vars: &Vars, prefix: &str, name: &str, tls: Tls) {
    let value = |kind: &str| vars[&format!("ALUDEL_{prefix}_{kind}")].to_owned();
    let query = |words: &[String], password: &str, sql: &str| {
        let mut command = client(vars, name);
        // Not among the words, which other users see.
        command
            .env("MYSQL_PWD", password)
            .args(words)
            .args(["-N", "-ualudel", "-e", sql, "aludel"]);
        command
    };
    let mut tcp = vec!["-h127.0.0.1".to_owned(), format!("-P{}", value("PORT"))];
    tcp.extend(tls(&value("CA")));
    let socket = vec![format!("-S{}", value("SOCKET"))];
    let password = value("PASSWORD");
    for words in [&tcp, &socket] {
        let user = printed(&mut query(words, &password, "select current_user()"));
        assert_eq!(user.trim(), "aludel@%");
        let output = query(words, "wrong", "select 1").output().unwrap();
        assert!(said(&output).contains("Access denied"), "{}", said(&output));
    }
    for words in [&tcp, &socket, &tcp[..2].to_vec()] {
        for user in ["root", "nobody"] {
            let mut command = client(vars, name);
            command.args(words).args([&format!("--user={user}"), "-e", "select 1"]);
            let output = command.env_remove("MYSQL_PWD").output().unwrap();
            assert!(said(&output).contains("Access denied"), "{user:?}: {}", said(&output));
        }
    }
    let cipher = printed(&mut query(&tcp, &password, "show session status like 'Ssl_version'"));
    assert!(cipher.contains("TLSv1."), "{cipher}");
    let mut stranger = tcp[..2].to_vec();
    stranger.extend(tls(&vars["ALUDEL_STRANGER_CA"]));
    let output = query(&stranger, &password, "select 1").output().unwrap();
    assert!(!output.status.success(), "a stranger's certificate was accepted");
    assert!(said(&output).contains("certificate"), "{}", said(&output));
}

#[test]
fn mariadb_answers_its_client_over_tls_and_the_socket() {
    let Some(vars) = provided("mariadb", "mariadb_answers_its_client") else { return };
    answers_mysql(&vars, "MARIADB", "mariadb", |ca| {
        vec![format!("--ssl-ca={ca}"), "--ssl-verify-server-cert".into()]
    });
    let mut command = client(&vars, "mariadb");
    command.arg(format!("-S{}", &vars["ALUDEL_MARIADB_SOCKET"])).args(["-N", "-ualudel", "-e"]);
    command.arg("select host from mysql.user where user in ('root', '')");
    let hosts = printed(command.env("MYSQL_PWD", &vars["ALUDEL_MARIADB_PASSWORD"]));
    assert_eq!(hosts.trim(), "localhost", "root has one account");
}

#[test]
fn mariadb_knows_a_user_who_signs() {
    let Some(vars) = provided("mariadb", "mariadb_knows_a_user_who_signs") else {
        return;
    };
    let Some(url) = vars.get("ALUDEL_MARIADB_ED25519_URL") else {
        eprintln!("skipped: the plugin could not be fetched");
        return;
    };
    assert!(url.starts_with("mariadb://aludel_ed25519:"), "{url}");
    let sql = "select plugin from mysql.user where user = 'aludel_ed25519'";
    let mut command = client(&vars, "mariadb");
    command
        .arg(format!("-S{}", &vars["ALUDEL_MARIADB_SOCKET"]))
        .args(["-N", "-ualudel", "-e", sql]);
    let plugin = printed(command.env("MYSQL_PWD", &vars["ALUDEL_MARIADB_PASSWORD"]));
    assert_eq!(plugin.trim(), "ed25519");
    for (password, expected) in [(&vars["ALUDEL_MARIADB_PASSWORD"], true), ("wrong", false)] {
        let mut command = client(&vars, "mariadb");
        command.arg(format!("-S{}", &vars["ALUDEL_MARIADB_SOCKET"]));
        command.args(["-ualudel_ed25519", "-e", "select 1"]).env("MYSQL_PWD", password);
        let output = command.output().unwrap();
        assert_eq!(output.status.success(), expected, "{}", said(&output));
    }
}

#[test]
fn mysql_answers_its_client_over_tls_and_the_socket() {
    let Some(vars) = provided("mysql", "mysql_answers_its_client") else { return };
    answers_mysql(&vars, "MYSQL", "mysql", |ca| {
        vec![format!("--ssl-ca={ca}"), "--ssl-mode=VERIFY_IDENTITY".into()]
    });
    let mut command = client(&vars, "mysql");
    command.arg(format!("-S{}", &vars["ALUDEL_MYSQL_SOCKET"])).args(["-N", "-ualudel", "-e"]);
    command.arg("select plugin from mysql.user where user = 'aludel'");
    let plugin = printed(command.env("MYSQL_PWD", &vars["ALUDEL_MYSQL_PASSWORD"]));
    assert_eq!(plugin.trim(), "caching_sha2_password");
}
