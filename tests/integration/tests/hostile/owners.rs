//! Files that somebody else could have written.

use std::os::unix::fs::chown;

use aludel_tests::hostile::{Library, Stage};

use crate::program::{NOBODY, Program, is_root};

const FILE: &str = "env/libaludel_owned.so";
/// A user and a group that no system is likely to know.
const STRANGER: u32 = 54_321;

fn refusing(what: &str, help: &str) -> String {
    format!("error[P03]: refusing ROOT/{FILE}: {what}\n  help: {help}")
}

/// A stage with a good plugin, which is then spoilt.
fn stage() -> Stage {
    let stage = Stage::new();
    stage.put("env", &Library::new("owned"));
    stage
}

fn uid() -> u32 {
    nix::unistd::geteuid().as_raw()
}

#[test]
fn a_file_that_others_may_write_is_refused() {
    let stage = stage();
    for mode in [0o666, 0o777, 0o602] {
        stage.mode(FILE, mode);
        assert_eq!(
            stage.refusal("owned"),
            refusing(
                &format!("it is writable by others (mode {mode:04o}, owner uid {})", uid()),
                &format!("chmod go-w ROOT/{FILE}")
            )
        );
    }
}

#[test]
fn a_directory_that_others_may_write_is_refused() {
    let stage = stage();
    stage.mode("env", 0o777);
    assert_eq!(
        stage.refusal("owned"),
        refusing(
            &format!("directory ROOT/env is writable by others (mode 0777, owner uid {})", uid()),
            "chmod go-w ROOT/env"
        )
    );
}

#[test]
fn a_directory_far_above_that_others_may_write_is_refused() {
    let stage = stage();
    stage.mode("", 0o757);
    assert_eq!(
        stage.refusal("owned"),
        refusing(
            &format!("directory ROOT is writable by others (mode 0757, owner uid {})", uid()),
            "chmod go-w ROOT"
        )
    );
}

/// What is said of an owner who is neither root nor this user.
fn foreign(what: &str, uid: u32) -> String {
    let own = self::uid();
    format!(
        "{what} belongs to uid {uid}, who is neither root nor the user of this program (uid {own})"
    )
}

/// What root is advised about the directory of a user.
fn instead_of_root(uid: u32) -> String {
    format!(
        "run the program as uid {uid}, or install the plugin for all users: aludel plugins install \
         --system <file>"
    )
}

#[test]
fn a_file_of_a_stranger_is_refused() {
    let stage = stage();
    if !is_root("a file of a stranger") {
        return;
    }
    chown(stage.path(FILE), Some(STRANGER), None).unwrap();
    assert_eq!(
        stage.refusal("owned"),
        refusing(&foreign("it", STRANGER), &format!("chown 0 ROOT/{FILE}"))
    );
}

#[test]
fn a_directory_of_a_stranger_is_refused() {
    let stage = stage();
    if !is_root("a directory of a stranger") {
        return;
    }
    chown(stage.path("env"), Some(STRANGER), None).unwrap();
    assert_eq!(
        stage.refusal("owned"),
        refusing(&foreign("directory ROOT/env", STRANGER), &instead_of_root(STRANGER))
    );
}

#[test]
fn a_directory_far_above_of_a_stranger_is_refused() {
    let stage = stage();
    if !is_root("a directory far above of a stranger") {
        return;
    }
    chown(stage.path(""), Some(STRANGER), None).unwrap();
    let message = refusing(&foreign("directory ROOT", STRANGER), &instead_of_root(STRANGER));
    assert_eq!(stage.refusal("owned"), message);
}

#[test]
fn in_a_user_namespace_what_is_roots_outside_is_a_strangers() {
    let stage = stage();
    let program = Program::copied(&stage, "bin/program").unprivileged();
    let Some(program) = program.in_user_namespace() else { return };
    if nix::unistd::geteuid().is_root() {
        for own in ["", "env", FILE] {
            chown(stage.path(own), Some(NOBODY), None).unwrap();
        }
    }
    let ran = program.run(&["owned://"]);
    assert_eq!(
        stage.without_root(&ran.out),
        refusing(
            &format!(
                "directory / belongs to uid {NOBODY}, who is neither root nor the user of this \
                 program (uid 0)"
            ),
            &format!("{}\n", instead_of_root(NOBODY))
        )
    );
    stage.assert_nothing_ran();
}

#[test]
fn what_a_foreign_group_may_write_is_refused() {
    let stage = stage();
    if !is_root("a foreign group") {
        return;
    }
    for (relative, what) in [(FILE, "it".to_owned()), ("env", "directory ROOT/env".to_owned())] {
        chown(stage.path(relative), None, Some(STRANGER)).unwrap();
        stage.mode(relative, 0o775);
        assert_eq!(
            stage.refusal("owned"),
            refusing(
                &format!("{what} is writable by group gid {STRANGER} (mode 0775, owner uid 0)"),
                &format!("chmod g-w ROOT/{relative}")
            )
        );
        stage.mode(relative, 0o755);
    }
    stage.mode(FILE, 0o664);
    assert_eq!(
        stage.refusal("owned"),
        refusing(
            &format!("it is writable by group gid {STRANGER} (mode 0664, owner uid 0)"),
            &format!("chmod g-w ROOT/{FILE}")
        )
    );
}
