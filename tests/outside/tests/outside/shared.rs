//! README's first command as it is written, in a clone that a group shares, and a bind mount.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use crate::command::{Ran, run, succeed, tool};
use crate::trust::{Clone, GROUP, OWNER, THIRD, as_root, is_root};
use crate::workshop::Workshop;

/// Makes the clone as a member of the group would. What others have published is compiled already:
/// only the packages of the repository are built anew.
const CLONE: &str = "\
set -e
umask 002
git -c safe.directory=* clone --quiet \"$1\" clone
mkdir -p clone/target/debug
for folder in .fingerprint build deps; do
    cp --recursive --preserve=timestamps \"$2/debug/$folder\" clone/target/debug
done
rm -f clone/target/debug/deps/*aludel*
find clone/target -type d -exec chmod g+ws {} +
";

/// The first line of the first commands in README.
fn first_command(source: &Path) -> String {
    let readme = fs::read_to_string(source.join("README.md")).expect("it is there");
    let (_, commands) = readme.split_once("```sh\n").expect("it has commands");
    let first = commands.lines().next().expect("there is one");
    assert!(first.starts_with("cargo run -- sqlite:"), "{first}");
    first.to_owned()
}

/// A directory of the group, below the workshop for the sake of its configuration of cargo.
fn shared_directory(workshop: &Workshop) -> PathBuf {
    let place = workshop.path("shared");
    let _absent = fs::remove_dir_all(&place);
    fs::create_dir(&place).expect("the workshop is writable");
    if is_root() {
        chown(&place, None, Some(GROUP)).expect("root may give files away");
    }
    crate::trust::set_mode(&place, 0o2775);
    place
}

#[test]
fn the_first_command_of_the_readme_works_in_a_clone_under_umask_002_in_a_setgid_directory() {
    let workshop = Workshop::open();
    workshop.program();
    let place = shared_directory(&workshop);
    let mut make = tool("sh");
    make.args(["-c", CLONE, "sh"]).arg(workshop.source.path()).arg(workshop.target_of_source());
    succeed(make.current_dir(&place));

    let command = first_command(workshop.source.path());
    let cargo = workshop.cargo_online(&place.join("clone"));
    let mut shell = tool("sh");
    shell.args(["-c", &format!("umask 002\n{command}")]).current_dir(place.join("clone"));
    shell.envs(cargo.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let ran = run(shell.env("CARGO_NET_OFFLINE", "true"));
    assert!(ran.success && ran.stdout.contains('1'), "{}{}", ran.stdout, ran.stderr);

    let group = fs::metadata(&place).expect("it is there").gid();
    for file in ["aludel", "deps", "deps/libaludel_sqlite.so"] {
        let path = place.join("clone/target/debug").join(file);
        let metadata = fs::metadata(&path).expect("cargo has built it");
        assert_ne!(metadata.mode() & 0o020, 0, "{file} is writable for the group");
        assert_eq!(metadata.gid(), group, "{file} belongs to the group of the directory");
    }
    fs::remove_dir_all(&place).expect("it is ours");
}

/// A command in a mount namespace in which the one directory lies where the other is.
fn mounted(from: &Path, to: &Path) -> std::process::Command {
    let script = "mount --bind \"$1\" \"$2\" && shift 2 && cd / && exec \"$@\"";
    let mut command = tool("unshare");
    command.args(["--mount", "sh", "-c", script, "sh"]).arg(from).arg(to);
    command
}

/// README's first query in an empty environment, as this user, where the clone is mounted.
fn query_mounted(clone: &Clone, place: &Path, user: u32) -> Ran {
    let mut command = mounted(&clone.path(""), place);
    let [uid, gid] = ["--reuid", "--regid"].map(|option| format!("{option}={user}"));
    command.args(["setpriv", &uid, &gid, "--clear-groups", "env", "-i"]);
    command.arg(place.join("target/debug/aludel")).args(["sqlite:///:memory:", "select 1"]);
    run(&mut command)
}

#[test]
#[allow(clippy::print_stdout, reason = "what is not shown has to be said")]
fn a_clone_of_another_owner_works_through_a_bind_mount() {
    as_root("shared::a_clone_of_another_owner_works_through_a_bind_mount", || {
        let workshop = Workshop::open();
        let clone = Clone::new(&workshop);
        clone.give(OWNER, OWNER);
        let place = tempfile::tempdir().expect("there is a place for temporary files");
        crate::trust::set_mode(place.path(), 0o755);
        if !run(mounted(&clone.path(""), place.path()).arg("true")).success {
            println!("1 case not shown: a bind mount is not allowed here");
            return;
        }
        for user in [0, OWNER, THIRD] {
            let ran = query_mounted(&clone, place.path(), user);
            assert!(ran.success && ran.stdout.contains('1'), "{user}: {}", ran.stderr);
        }
        chown(clone.plugin(), Some(THIRD), None).expect("root may give files away");
        let ran = query_mounted(&clone, place.path(), OWNER);
        let refused = format!("error[P03]: refusing {}", place.path().display());
        assert!(!ran.success && ran.stderr.starts_with(&refused), "{}", ran.stderr);
    });
}
