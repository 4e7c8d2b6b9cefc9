//! What an installation leaves, and what one leaves that is refused.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Destination, Installed, Replaced, install};
use crate::error::{Error, ErrorKind, Result};
use crate::plugin::{Environment, Level, Policy, Search, Shadow, sample};

/// Directories of the levels env, user and system below a temporary one, none of which exists.
struct Home {
    root: TempDir,
}

impl Home {
    fn new() -> Home {
        Home { root: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(name)
    }

    fn search(&self) -> Search {
        Search::new().with_environment(Environment {
            plugin_path: Some(self.path("env").into()),
            user_dir: Some(self.path("user/aludel/plugins")),
            system_dirs: vec![self.path("system"), self.path("system2")],
            ..Environment::empty()
        })
    }

    /// A file with this note, called as no plugin is.
    fn download(&self, note: &Value) -> PathBuf {
        let path = sample::write(&self.path("downloads"), "x", note);
        let download = path.with_file_name("toy-linux (2)");
        fs::rename(path, &download).unwrap();
        download
    }

    fn install(&self, note: &Value, destination: &Destination) -> Result<Installed> {
        install(&self.download(note), destination, &self.search(), &Policy::new())
    }

    fn user(&self, note: &Value) -> Result<Installed> {
        self.install(note, &Destination::User)
    }

    /// Every file and directory but the downloads.
    fn entries(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut dirs = vec![self.path("")];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    dirs.push(path.clone());
                }
                found.push(path);
            }
        }
        found.retain(|path| !path.starts_with(self.path("downloads")));
        found
    }
}

fn toy(version: &str) -> Value {
    let mut note = sample::note("toy", &["toy2"]);
    note["version"] = json!(version);
    note
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().mode() & 0o7777
}

fn refusal(outcome: Result<Installed>) -> Error {
    outcome.err().unwrap_or_else(|| panic!("it was installed"))
}

#[test]
fn a_download_is_installed_under_the_name_of_its_note() {
    let home = Home::new();
    let installed = home.user(&toy("1.0")).unwrap();
    let dir = home.path("user/aludel/plugins");
    assert_eq!(installed.path, dir.join("libaludel_toy.so"));
    assert_eq!((installed.note.name.as_str(), installed.level), ("toy", Some(Level::User)));
    assert_eq!((installed.replaced, installed.shadowed), (None, Vec::new()));
    assert_eq!(mode(&installed.path), 0o644);
    for made in ["user/aludel", "user/aludel/plugins"] {
        assert_eq!(mode(&home.path(made)), 0o755, "{made}");
    }
    let download = fs::read(home.path("downloads/toy-linux (2)")).unwrap();
    assert_eq!(fs::read(&installed.path).unwrap(), download);
    assert_eq!(fs::read_dir(dir).unwrap().count(), 1);
}

#[test]
fn the_modes_of_the_source_do_not_matter() {
    let home = Home::new();
    let download = home.download(&toy("1.0"));
    fs::set_permissions(&download, Permissions::from_mode(0o666)).unwrap();
    fs::set_permissions(home.path("downloads"), Permissions::from_mode(0o777)).unwrap();
    let installed = install(&download, &Destination::User, &home.search(), &Policy::new()).unwrap();
    assert_eq!(mode(&installed.path), 0o644);
}

#[test]
fn what_is_replaced_is_told_with_its_version() {
    let home = Home::new();
    home.user(&toy("1.0")).unwrap();
    let installed = home.user(&toy("2.0")).unwrap();
    assert_eq!(installed.replaced, Some(Replaced { version: Some("1.0".into()) }));
    fs::write(&installed.path, "text").unwrap();
    let installed = home.user(&toy("3.0")).unwrap();
    assert_eq!(installed.replaced, Some(Replaced { version: None }));
    assert_eq!(installed.note.version, "3.0");
}

#[test]
fn a_link_is_replaced_and_not_what_it_leads_to() {
    let home = Home::new();
    let elsewhere = sample::write(&home.path("downloads/opt"), "toy", &toy("1.0"));
    fs::create_dir_all(home.path("user/aludel/plugins")).unwrap();
    symlink(&elsewhere, home.path("user/aludel/plugins/libaludel_toy.so")).unwrap();
    let before = fs::read(&elsewhere).unwrap();
    let installed = home.user(&toy("2.0")).unwrap();
    assert_eq!(installed.replaced, Some(Replaced { version: Some("1.0".into()) }));
    assert!(!installed.path.is_symlink());
    assert_eq!(fs::read(elsewhere).unwrap(), before);
}

#[test]
fn what_is_refused_leaves_nothing() {
    let home = Home::new();
    for (key, value, code) in [
        ("abi", json!([0, 99]), "P04"),
        ("layout", json!("00ff"), "P04"),
        ("target", json!("vax-dec-ultrix"), "P05"),
        ("panic", json!("abort"), "P04"),
        ("name", json!("../toy"), "P06"),
    ] {
        let mut note = toy("1.0");
        note[key] = value;
        assert_eq!(refusal(home.user(&note)).code(), Some(code), "{key}");
        assert_eq!(home.entries(), [] as [PathBuf; 0], "{key}");
    }
    let text = home.path("downloads/text");
    fs::write(&text, "no library").unwrap();
    let outcome = install(&text, &Destination::User, &home.search(), &Policy::new());
    let error = refusal(outcome);
    assert_eq!(error.code(), Some("P06"));
    // Not to remove it: it is in nobody's way.
    let help = "a plugin is built with export_dialect! (Rust) or ALUDEL_NOTE (C)";
    assert_eq!(error.help(), Some(help));
    let whole = fs::read(home.download(&toy("1.0"))).unwrap();
    fs::write(&text, &whole[..whole.len() - 1]).unwrap();
    let outcome = install(&text, &Destination::User, &home.search(), &Policy::new());
    assert_eq!(refusal(outcome).code(), Some("P07"));
    assert_eq!(home.entries(), [] as [PathBuf; 0]);
}

#[test]
fn a_refused_file_leaves_the_old_one_in_its_place() {
    let home = Home::new();
    let installed = home.user(&toy("1.0")).unwrap();
    let before = (home.entries(), fs::read(&installed.path).unwrap());
    let mut note = toy("2.0");
    note["abi"] = json!([0, 99]);
    refusal(home.user(&note));
    fs::set_permissions(home.path("user/aludel"), Permissions::from_mode(0o777)).unwrap();
    let error = refusal(home.user(&toy("2.0")));
    assert_eq!(
        error.to_string(),
        format!(
            "error[P03]: refusing {}: directory {} is writable by others (mode 0777, owner uid \
             {})\n  help: chmod go-w {1}",
            installed.path.display(),
            home.path("user/aludel").display(),
            installed.path.metadata().unwrap().uid()
        )
    );
    assert_eq!((home.entries(), fs::read(&installed.path).unwrap()), before);
}

#[test]
fn a_directory_that_others_may_write_is_refused_before_anything_lies_in_it() {
    let home = Home::new();
    let open = home.path("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
    let destination = Destination::Directory(open.join("a/b"));
    let error = refusal(home.install(&toy("1.0"), &destination));
    assert_eq!(error.code(), Some("P03"), "{error}");
    assert!(!error.to_string().contains(".aludel-"), "{error}");
    assert_eq!(home.entries(), [open]);
    let policy = Policy::new().development();
    let source = home.download(&toy("1.0"));
    let installed = install(&source, &destination, &home.search(), &policy).unwrap();
    let [warning] = &installed.warnings[..] else { panic!("{:?}", installed.warnings) };
    assert!(warning.contains("is writable by others"), "{warning}");
    assert!(warning.contains("a/b/libaludel_toy.so"), "{warning}");
}

#[test]
fn another_file_of_the_level_with_one_of_its_schemes_is_refused() {
    let home = Home::new();
    home.user(&sample::note("duck", &["toy2"])).unwrap();
    let before = home.entries();
    let error = refusal(home.user(&toy("1.0")));
    let dir = home.path("user/aludel/plugins");
    assert_eq!(
        format!("{error:#}"),
        format!(
            "error[P08]: scheme `toy2` is claimed by two files at level user: {0}/libaludel_toy.so \
             and {0}/libaludel_duck.so",
            dir.display()
        )
    );
    assert_eq!(home.entries(), before);
    // In the second directory of a level too.
    sample::write(&home.path("system2"), "toy", &toy("1.0"));
    let error = refusal(home.install(&toy("1.0"), &Destination::System));
    assert_eq!(error.code(), Some("P08"), "{error}");
    assert!(!home.path("system").exists());
}

#[test]
fn a_directory_that_is_not_searched_has_no_level_in_a_message() {
    let home = Home::new();
    let dir = home.path("elsewhere");
    let duck = sample::write(&dir, "duck", &sample::note("duck", &["toy2"]));
    let error = refusal(home.install(&toy("1.0"), &Destination::Directory(dir.clone())));
    assert_eq!(
        error.to_string(),
        format!(
            "error[P08]: scheme `toy2` is claimed by two files of one directory: {} and {}\n  \
             help: remove one of them, or install into another directory",
            dir.join("libaludel_toy.so").display(),
            duck.display()
        )
    );
}

#[test]
fn what_a_killed_installation_left_is_removed_when_nobody_can_be_writing_it() {
    let home = Home::new();
    let dir = home.user(&toy("1.0")).unwrap().path.parent().unwrap().to_owned();
    let aged = |name: &str, minutes: u64| {
        let path = dir.join(name);
        let file = fs::File::create(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60 * minutes)).unwrap();
        path
    };
    let old = aged(".aludel-aB3xYz.so", 61);
    let kept = [
        aged(".aludel-young0.so", 55),
        aged(".aludel-notes.txt", 100_000),
        aged("libaludel_other.so.old", 100_000),
        aged(".cache.so", 100_000),
    ];
    let link = dir.join(".aludel-link00.so");
    symlink(home.path("downloads"), &link).unwrap();
    // A refusal changes nothing.
    let mut note = toy("2.0");
    note["abi"] = json!([0, 99]);
    refusal(home.user(&note));
    assert!(old.exists());
    home.user(&toy("2.0")).unwrap();
    assert!(!old.exists());
    assert!(kept.iter().all(|file| file.exists()) && link.is_symlink());
}

#[test]
fn what_is_found_before_it_is_told() {
    let home = Home::new();
    let duck = sample::write(&home.path("env"), "duck", &sample::note("duck", &["toy2"]));
    let installed = home.user(&toy("1.0")).unwrap();
    let by_env = Shadow { level: Level::Env, path: Some(duck) };
    assert_eq!(installed.shadowed, [("toy2".to_owned(), by_env)]);
}

#[test]
fn a_directory_belongs_to_its_level_or_to_none() {
    let home = Home::new();
    let to = |name: &str| {
        let destination = Destination::Directory(home.path(name));
        home.install(&toy("1.0"), &destination).unwrap().level
    };
    assert_eq!(to("env"), Some(Level::Env));
    assert_eq!(to("elsewhere/deep"), None);
    symlink(home.path("env"), home.path("link")).unwrap();
    assert_eq!(to("link"), Some(Level::Env));
}

#[test]
fn the_system_is_roots() {
    let home = Home::new();
    let outcome = home.install(&toy("1.0"), &Destination::System);
    if nix::unistd::geteuid().is_root() {
        let installed = outcome.unwrap();
        assert_eq!(installed.path, home.path("system/libaludel_toy.so"));
        assert_eq!(installed.level, Some(Level::System));
    } else {
        assert_eq!(refusal(outcome).code(), Some("P03"));
        assert_eq!(home.entries(), [] as [PathBuf; 0]);
    }
}

#[test]
fn destinations_that_there_are_not_are_arguments() {
    let home = Home::new();
    let source = home.download(&toy("1.0"));
    let search = Search::new().with_environment(Environment::empty());
    let relative = Destination::Directory("plugins".into());
    for destination in [Destination::User, Destination::System, relative] {
        let error = refusal(install(&source, &destination, &search, &Policy::new()));
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
        assert!(error.help().is_some());
    }
    let privileged =
        Environment { user_dir: Some(home.path("user")), privileged: true, ..Environment::empty() };
    let search = Search::new().with_environment(privileged);
    let error = refusal(install(&source, &Destination::User, &search, &Policy::new()));
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[test]
fn a_directory_that_cannot_be_made_or_written_is_told() {
    let home = Home::new();
    fs::write(home.path("file"), "").unwrap();
    for (to, what) in [("file/below", "cannot make directory"), ("file", "cannot write into")] {
        let destination = Destination::Directory(home.path(to));
        let error = refusal(home.install(&toy("1.0"), &destination));
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.message().starts_with(what), "{error}");
    }
    fs::create_dir_all(home.path("user/aludel/plugins/libaludel_toy.so/x")).unwrap();
    let before = home.entries();
    let error = refusal(home.user(&toy("1.0")));
    assert!(error.message().contains("libaludel_toy.so cannot be put in place: "), "{error}");
    assert!(error.help().is_some_and(|help| help.starts_with("remove what lies there")), "{error}");
    assert_eq!(home.entries(), before);
}

#[test]
fn only_regular_files_are_installed() {
    let home = Home::new();
    for path in ["/dev/null", "/dev/zero", "/"] {
        let outcome = install(path.as_ref(), &Destination::User, &home.search(), &Policy::new());
        assert_eq!(refusal(outcome).code(), Some("P12"), "{path}");
    }
}
