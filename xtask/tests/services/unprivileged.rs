//! Neither root nor a readable home is needed.

use crate::session::{XTASK, is_missing, is_root, postgres_is_at_hand, said};
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The user who is not root.
pub(crate) const NOBODY: u32 = 65534;

/// A private folder with a copy of the program, whose owner alone can enter it.
pub(crate) fn private_copy(name: &str, owner: Option<u32>) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("aludel-{name}-{}", std::process::id()));
    DirBuilder::new().mode(0o700).create(&folder).unwrap();
    fs::copy(XTASK, folder.join("xtask")).unwrap();
    chown(&folder, owner, owner).unwrap();
    folder
}

/// Asks the server who it runs as, and the client over TLS.
pub(crate) const SCRIPT: &str = "\
stat -c 'runs as %u' /proc/$ALUDEL_PG_PID &&
PGPASSWORD=\"$ALUDEL_PG_PASSWORD\" PGSSLMODE=verify-full PGSSLROOTCERT=\"$ALUDEL_PG_CA\" \
\"$ALUDEL_SERVICES_BIN/psql\" -XAt -h localhost -p $ALUDEL_PG_PORT -U aludel -c \
\"select 'answers ' || ssl from pg_stat_ssl where pid = pg_backend_pid()\"";

#[test]
fn a_normal_user_starts_servers_with_a_home_of_their_own() {
    if !is_root() || !postgres_is_at_hand() {
        eprintln!("skipped: only root can become another user");
        return;
    }
    let home = private_copy("user", Some(NOBODY));
    let output = Command::new("setpriv")
        .args([&format!("--reuid={NOBODY}"), &format!("--regid={NOBODY}"), "--clear-groups", "--"])
        .arg(home.join("xtask"))
        .args(["services", "run", "pg", "--", "sh", "-c", SCRIPT])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", &home)
        .env("ALUDEL_SERVICES_OFFLINE", "1")
        .current_dir(&home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    fs::remove_dir_all(&home).unwrap();
    let text = said(&output);
    if is_missing(&text) {
        eprintln!("skipped: PostgreSQL is at hand for root alone");
        return;
    }
    assert!(text.contains(&format!("runs as {NOBODY}")), "{text}");
    assert!(text.contains("answers true"), "{text}");
}

#[test]
fn root_starts_servers_as_nobody_from_a_folder_that_nobody_can_read() {
    if !is_root() || !postgres_is_at_hand() {
        eprintln!("skipped: this is about root");
        return;
    }
    let home = private_copy("root", None);
    let output = Command::new(home.join("xtask"))
        .args(["services", "run", "pg", "--", "sh", "-c", SCRIPT])
        .env("HOME", &home)
        .env("TMPDIR", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("ALUDEL_SERVICES_OFFLINE", "1")
        .current_dir(&home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    fs::remove_dir_all(&home).unwrap();
    let text = said(&output);
    assert!(text.contains(&format!("runs as {NOBODY}")), "{text}");
    assert!(text.contains("answers true"), "{text}");
}
