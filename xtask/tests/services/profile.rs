//! The profile decides when a commit is acknowledged.

use crate::session::{printed, services};

/// Asks each server that is up.
const SCRIPT: &str = r#"
if [ -n "$ALUDEL_PG_PID" ]; then
    PGPASSWORD="$ALUDEL_PG_PASSWORD" "$ALUDEL_SERVICES_BIN/psql" -XAt -h 127.0.0.1 \
        -p "$ALUDEL_PG_PORT" -U aludel -c "select 'pg ' || current_setting('synchronous_commit')"
else
    echo "pg -"
fi
ask() {
    if [ -n "$2" ]; then
        MYSQL_PWD="$3" "$ALUDEL_SERVICES_BIN/$1" -S "$2" -N -ualudel \
            -e "select concat('$1 ', @@innodb_flush_log_at_trx_commit)"
    else
        echo "$1 -"
    fi
}
ask mariadb "$ALUDEL_MARIADB_SOCKET" "$ALUDEL_MARIADB_PASSWORD"
ask mysql "$ALUDEL_MYSQL_SOCKET" "$ALUDEL_MYSQL_PASSWORD"
"#;

/// Checks what servers of `options` answer; one that cannot be had answers nothing.
fn commits(options: &[&str], expected: [&str; 3]) {
    let mut command = services(&["run"]);
    command.args(options).args(["pg", "mariadb", "mysql", "--", "sh", "-c", SCRIPT]);
    // Servers that run beside the test are not those that it starts.
    let names = std::env::vars().map(|(name, _)| name);
    for name in names.filter(|name| name.starts_with("ALUDEL_")) {
        // Where the programs are stays.
        if name != "ALUDEL_SERVICES_CACHE" {
            command.env_remove(name);
        }
    }
    let answers = printed(command.env("ALUDEL_SERVICES_OFFLINE", "1"));
    assert_eq!(answers.lines().count(), expected.len(), "{answers}");
    for ((answer, server), setting) in answers.lines().zip(["pg", "mariadb", "mysql"]).zip(expected)
    {
        if answer == format!("{server} -") {
            eprintln!("skipped: {server} cannot be had");
        } else {
            assert_eq!(answer, format!("{server} {setting}"));
        }
    }
}

#[test]
fn a_durable_commit_is_written_before_it_is_acknowledged() {
    commits(&["--durable"], ["on", "2", "2"]);
}

#[test]
fn a_fast_commit_is_acknowledged_at_once() {
    commits(&[], ["off", "0", "0"]);
}
