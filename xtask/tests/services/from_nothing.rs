//! A user without rights on a system without servers has one running by one command.

use crate::repository::{Control, Repository};
use crate::session::{is_missing, is_root, printed, said};
use crate::unprivileged::{NOBODY, SCRIPT, private_copy};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A user of a home with nothing but a copy of the program, who has no part in what is installed.
struct User {
    home: PathBuf,
}

impl User {
    fn new(name: &str) -> Self {
        Self { home: private_copy(name, is_root().then_some(NOBODY)) }
    }

    /// Starts PostgreSQL, asks it, and stops it, whatever came of it.
    fn try_postgresql(&self) -> Command {
        let script = format!(
            "trap './xtask services down' EXIT\n\
             ./xtask services up pg && eval \"$(./xtask services env)\" &&\n\
             echo dir $ALUDEL_SERVICES_DIR && {SCRIPT}"
        );
        let mut command = Command::new(if is_root() { "setpriv" } else { "env" });
        if is_root() {
            let ids = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
            command.args(ids).args(["--clear-groups", "--"]);
        }
        command.args(["sh", "-c", &script]).env_clear().env("PATH", "/usr/bin:/bin");
        command.env("HOME", &self.home).env("ALUDEL_SERVICES_UNPACKED", "1");
        command.current_dir(&self.home).stdin(Stdio::null());
        command
    }

    /// Checks that the server came from the user's own cache, and that only the cache is left.
    fn had_it(&self, text: &str) {
        if is_root() {
            assert!(text.contains(&format!("runs as {NOBODY}")), "{text}");
        }
        assert!(text.contains("answers true"), "{text}");
        let cache = self.home.join(".cache/aludel");
        assert!(cache.join("trees/postgresql/usr/lib/postgresql").is_dir(), "{text}");
        assert_eq!(fs::read_dir(cache.join("up")).unwrap().count(), 0, "{text}");
        let dir = text.lines().find_map(|line| line.strip_prefix("dir ")).unwrap();
        assert!(!Path::new(dir).exists(), "{dir}: {text}");
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// Adds what is installed of PostgreSQL as packages, and says which version it is.
fn add_postgresql(repository: &Repository) -> Option<String> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let versions = versions.filter(|entry| entry.path().join("bin/initdb").is_file());
    let number = versions.filter_map(|entry| entry.file_name().into_string().ok()).max()?;
    let copy = |package: &str, folder: &str| {
        let stage = repository.stage(package);
        let to = stage.join(folder.trim_start_matches('/'));
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        printed(Command::new("cp").args(["-a", folder]).arg(&to));
    };
    let (server, client) = (format!("postgresql-{number}"), format!("postgresql-client-{number}"));
    copy(&server, &format!("/usr/lib/postgresql/{number}"));
    copy(&server, &format!("/usr/share/postgresql/{number}"));
    for name in [&server, &client] {
        repository.build(&Control { name, version: "99-1", depends: "" });
    }
    // An older one is not taken, nor one that only others mention.
    let older = Control { name: "postgresql-1", version: "1-1", depends: "" };
    repository.add(&older, &[]);
    let other = Control { name: "aludel-other", version: "1-1", depends: "postgresql-999" };
    repository.add(&other, &[]);
    let openssl = printed(Command::new("sh").args(["-c", "command -v openssl"]));
    let stage = repository.stage("openssl").join("usr/bin");
    fs::create_dir_all(&stage).unwrap();
    fs::copy(openssl.trim(), stage.join("openssl")).unwrap();
    repository.build(&Control { name: "openssl", version: "99-1", depends: "" });
    Some(number)
}

#[test]
fn a_user_has_postgresql_from_an_archive_of_packages() {
    let Some(repository) = Repository::make() else { return };
    let Some(number) = add_postgresql(&repository) else {
        eprintln!("skipped: no PostgreSQL is installed to make packages of");
        return;
    };
    let user = User::new("archive");
    let text = said(&repository.lead(&mut user.try_postgresql()).output().unwrap());
    assert!(text.contains(&format!("postgresql-{number} 99-1 (")), "{text}");
    user.had_it(&text);
}

#[test]
fn a_user_has_postgresql_from_the_mirror() {
    if std::env::var_os("ALUDEL_SERVICES_OFFLINE").is_some_and(|value| value == "1") {
        eprintln!("skipped: ALUDEL_SERVICES_OFFLINE forbids fetching");
        return;
    }
    let user = User::new("mirror");
    let text = said(&user.try_postgresql().output().unwrap());
    let unreachable = ["Failed to fetch", "this system has no apt", "apt has no source"];
    if is_missing(&text) && unreachable.iter().any(|reason| text.contains(reason)) {
        eprintln!("skipped: {text}");
        return;
    }
    user.had_it(&text);
}
