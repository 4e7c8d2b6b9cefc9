//! Who may write, judged entry by entry; no user has to exist for it.

use std::path::{Path, PathBuf};

use super::{Entry, Fault, Host, Kind, quoted};
use crate::plugin::Level;

const USER: u32 = 1000;
const STRANGER: u32 = 1234;
/// The private group of the user.
const PRIVATE: u32 = 1000;
const TEAM: u32 = 50;

fn file(uid: u32, gid: u32, mode: u32) -> Entry {
    Entry { path: "/p/lib.so".into(), kind: Kind::File, uid, gid, mode }
}

fn dir(uid: u32, gid: u32, mode: u32) -> Entry {
    Entry { path: "/p".into(), kind: Kind::Directory, ..file(uid, gid, mode) }
}

fn is_private(gid: u32, uid: u32) -> bool {
    (gid, uid) == (PRIVATE, USER)
}

fn host(level: Level) -> Host<'static> {
    Host { user: USER, level, program: None, is_private_group: &is_private }
}

fn fault(entry: &Entry) -> Option<Fault> {
    host(Level::User).fault(entry)
}

#[test]
fn root_and_the_user_are_trusted_and_nobody_else() {
    for entry in [file(0, 0, 0o755), file(USER, TEAM, 0o644), dir(0, 0, 0o755), dir(USER, 0, 0o700)]
    {
        assert_eq!(fault(&entry), None, "{entry:?}");
    }
    for entry in [file(STRANGER, 0, 0o600), dir(STRANGER, 0, 0o700), dir(65534, 0, 0o755)] {
        assert_eq!(fault(&entry), Some(Fault::Owner), "{entry:?}");
    }
}

#[test]
fn level_system_is_roots_alone() {
    let system = host(Level::System);
    assert_eq!(system.fault(&file(0, 0, 0o755)), None);
    assert_eq!(system.fault(&file(USER, PRIVATE, 0o755)), Some(Fault::Owner));
    assert_eq!(system.fault(&file(0, PRIVATE, 0o775)), Some(Fault::WritableByGroup));
    assert_eq!(system.fault(&file(0, 0, 0o775)), None);
}

#[test]
fn write_for_others_is_refused_but_in_a_sticky_directory_of_roots() {
    for entry in [file(USER, PRIVATE, 0o666), file(0, 0, 0o777), dir(0, 0, 0o777)] {
        assert_eq!(fault(&entry), Some(Fault::WritableByOthers), "{entry:?}");
    }
    assert_eq!(fault(&dir(0, 0, 0o1777)), None);
    assert_eq!(fault(&dir(USER, PRIVATE, 0o1777)), Some(Fault::WritableByOthers));
    assert_eq!(fault(&file(0, 0, 0o1777)), Some(Fault::WritableByOthers));
}

#[test]
fn write_for_a_group_is_for_private_groups_and_roots() {
    assert_eq!(fault(&file(USER, PRIVATE, 0o775)), None);
    assert_eq!(fault(&dir(USER, 0, 0o2775)), None);
    assert_eq!(fault(&dir(USER, TEAM, 0o2775)), Some(Fault::WritableByGroup));
    // The user's private group says nothing about what root owns.
    assert_eq!(fault(&dir(0, PRIVATE, 0o775)), Some(Fault::WritableByGroup));
}

fn beside(program: (u32, u32, u32), program_dir: (u32, u32, u32)) -> Host<'static> {
    let entry = |path: &str, kind, (uid, gid, mode)| Entry {
        path: PathBuf::from(path),
        kind,
        uid,
        gid,
        mode,
    };
    let program = (
        entry("/srv/c/target/app", Kind::File, program),
        entry("/srv/c/target", Kind::Directory, program_dir),
    );
    Host { program: Some(program), ..host(Level::App) }
}

#[test]
fn beside_a_program_of_another_user_its_files_are_as_good_as_the_program() {
    let host = beside((STRANGER, TEAM, 0o755), (STRANGER, TEAM, 0o755));
    assert!(host.is_as_trusted_as_program(&file(STRANGER, TEAM, 0o755)));
    assert!(!host.is_as_trusted_as_program(&file(STRANGER, TEAM, 0o775)));
    assert!(!host.is_as_trusted_as_program(&file(STRANGER + 1, TEAM, 0o755)));
}

#[test]
fn a_file_is_no_more_writable_than_the_program_and_its_directory() {
    let host = beside((USER, TEAM, 0o775), (USER, TEAM, 0o2775));
    assert!(host.is_as_trusted_as_program(&file(USER, TEAM, 0o775)));
    assert!(!host.is_as_trusted_as_program(&file(USER, TEAM + 1, 0o775)));
    assert!(!host.is_as_trusted_as_program(&file(USER, TEAM, 0o777)));
    let open = beside((USER, TEAM, 0o777), (USER, TEAM, 0o755));
    assert!(open.is_as_trusted_as_program(&file(USER, TEAM, 0o777)));
}

#[test]
fn a_sticky_directory_of_roots_lends_the_program_no_openness() {
    let host = beside((USER, TEAM, 0o755), (0, 0, 0o1777));
    assert!(!host.is_as_trusted_as_program(&file(USER, TEAM, 0o777)));
}

#[test]
fn directories_above_the_program_could_replace_it_anyway() {
    let host = beside((USER, PRIVATE, 0o755), (USER, PRIVATE, 0o755));
    let above = Entry { path: "/srv".into(), ..dir(STRANGER, TEAM, 0o777) };
    assert!(host.is_as_trusted_as_program(&above));
    let other = Entry { path: "/srv/c/lib".into(), ..above.clone() };
    assert!(!host.is_as_trusted_as_program(&other));
    // Not a directory whose name only begins alike.
    assert!(!host.is_as_trusted_as_program(&Entry { path: "/srv/c/tar".into(), ..above }));
}

#[test]
fn other_levels_do_not_look_at_the_program() {
    assert!(!host(Level::Env).is_as_trusted_as_program(&file(USER, TEAM, 0o775)));
}

#[test]
fn the_message_names_the_entry_and_the_command() {
    let drv = Entry { path: "/srv/drv".into(), ..dir(1001, 1001, 0o777) };
    let file = Path::new("/srv/drv/libaludel_x.so");
    let host = Host { user: 1001, ..host(Level::Env) };
    assert_eq!(
        host.check(file, &drv).unwrap_err().to_string(),
        "error[P03]: refusing /srv/drv/libaludel_x.so: directory /srv/drv is writable by others \
         (mode 0777, owner uid 1001)\n  help: chmod go-w /srv/drv"
    );
    let own = Entry { path: file.to_owned(), ..super::tests::file(STRANGER, 0, 0o644) };
    assert_eq!(
        host.check(file, &own).unwrap_err().to_string(),
        "error[P03]: refusing /srv/drv/libaludel_x.so: it belongs to uid 1234, who is neither \
         root nor the user of this program (uid 1001)\n  \
         help: use a copy of your own; of a plugin: aludel plugins install <file>"
    );
}

#[test]
fn nobody_is_advised_to_take_what_belongs_to_another() {
    let file = Path::new("/home/me/.local/libaludel_x.so");
    let advice = |euid, level, entry: &Entry| {
        let error = Host { user: euid, ..host(level) }.check(file, entry).unwrap_err();
        error.help().unwrap().to_owned()
    };
    let home = Entry { path: "/home/me".into(), ..dir(USER, PRIVATE, 0o755) };
    let own = Entry { path: file.to_owned(), ..super::tests::file(USER, PRIVATE, 0o644) };
    assert_eq!(
        advice(0, Level::User, &home),
        "run the program as uid 1000, or install the plugin for all users: aludel plugins install \
         --system <file>"
    );
    assert_eq!(advice(0, Level::User, &own), "chown 0 /home/me/.local/libaludel_x.so");
    for entry in [&home, &own] {
        assert_eq!(
            advice(STRANGER, Level::Env, entry),
            "use a copy of your own; of a plugin: aludel plugins install <file>"
        );
    }
    assert_eq!(advice(0, Level::System, &home), "chown root /home/me");
}

#[test]
fn a_path_in_a_command_is_one_word() {
    assert_eq!(quoted(Path::new("/a/b.so")), "/a/b.so");
    assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
}
