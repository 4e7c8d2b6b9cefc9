//! What is called like a plugin and is no regular file that can be read.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;

use aludel_tests::hostile::{Library, Stage, link};
use nix::sys::stat::Mode;

use crate::program::Program;

const FILE: &str = "env/libaludel_odd.so";

fn no_regular_file() -> String {
    format!(
        "error[P12]: ROOT/{FILE} is no regular file\n  help: a plugin is a file, or a link to one"
    )
}

fn unreadable(why: &str) -> String {
    format!(
        "error[P12]: ROOT/{FILE} cannot be read: {why}\n  \
         help: check that the file is there, that its links lead to one, and that its permissions \
         allow it"
    )
}

/// A stage with a directory of plugins, and the path in it that is to be odd.
fn stage() -> (Stage, std::path::PathBuf) {
    let stage = Stage::new();
    stage.dir("env");
    let path = stage.path(FILE);
    (stage, path)
}

#[test]
fn a_pipe_is_not_waited_for() {
    let (stage, path) = stage();
    nix::unistd::mkfifo(&path, Mode::S_IRWXU).unwrap();
    assert_eq!(stage.refusal("odd"), no_regular_file());
}

#[test]
fn a_socket_is_no_plugin() {
    let (stage, path) = stage();
    let _socket = UnixListener::bind(path).unwrap();
    assert_eq!(stage.refusal("odd"), no_regular_file());
}

#[test]
fn a_device_is_not_opened() {
    let (stage, path) = stage();
    link(Path::new("/dev/zero"), &path);
    assert_eq!(stage.refusal("odd"), no_regular_file());
}

#[test]
fn a_directory_is_no_plugin() {
    let (stage, path) = stage();
    std::fs::create_dir(path).unwrap();
    assert_eq!(stage.refusal("odd"), no_regular_file());
}

#[test]
fn a_link_to_itself_is_not_followed_for_ever() {
    let (stage, path) = stage();
    link(&path, &path);
    assert_eq!(stage.refusal("odd"), unreadable("Too many levels of symbolic links (os error 40)"));
}

#[test]
fn links_in_a_circle_are_not_followed_for_ever() {
    let (stage, path) = stage();
    let other = stage.path("env/other");
    link(&other, &path);
    link(&path, &other);
    assert_eq!(stage.refusal("odd"), unreadable("Too many levels of symbolic links (os error 40)"));
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let (stage, path) = stage();
    link(&stage.path("gone.so"), &path);
    assert_eq!(stage.refusal("odd"), unreadable("No such file or directory (os error 2)"));
}

#[test]
fn a_link_to_a_file_that_is_not_called_a_library_is_refused() {
    let (stage, path) = stage();
    let target = stage.put_as("env/libaludel_odd.txt", &Library::new("odd"));
    link(&target, &path);
    assert_eq!(
        stage.refusal("odd"),
        format!(
            "error[P12]: ROOT/{FILE} leads to ROOT/env/libaludel_odd.txt, which is no .so file\n  \
             help: link to the library itself"
        )
    );
}

#[test]
fn a_link_to_a_library_with_a_version_is_good() {
    let (stage, _) = stage();
    let target = stage.put_as("lib/libaludel_versioned.so.1.2", &Library::new("versioned"));
    link(&target, &stage.path("env/libaludel_versioned.so"));
    aludel_tests::hostile::assert_answers(stage.load("versioned").unwrap().dialect);
}

/// As another user when this is root, who may read everything.
#[test]
fn a_file_that_may_not_be_read_is_told() {
    let stage = Stage::new();
    let path = stage.put("env", &Library::new("odd"));
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    let ran = Program::copied(&stage, "bin/program").unprivileged().run(&["odd://"]);
    let message = unreadable("Permission denied (os error 13)");
    assert_eq!(stage.without_root(&ran.out), format!("{message}\n"));
    stage.assert_nothing_ran();
}

#[test]
fn a_directory_that_may_not_be_read_is_passed_over_and_told() {
    let stage = Stage::new();
    stage.put("env", &Library::new("odd"));
    stage.mode("env", 0o000);
    let ran = Program::copied(&stage, "bin/program").unprivileged().run(&["odd://"]);
    stage.mode("env", 0o755);
    let (first, searched) = ran.out.split_once("  searched: ").unwrap();
    assert_eq!(
        first,
        "error[P01]: no dialect for scheme `odd`\n  help: put libaludel_odd.so into one of the \
         places below, or its directory into ALUDEL_PLUGIN_PATH\n  url: odd://\n"
    );
    let searched = stage.without_root(searched);
    let env = "static: none · api: not set · env ROOT/env: cannot be read: Permission denied \
               (os error 13) · ";
    assert!(searched.starts_with(env), "{searched}");
    stage.assert_nothing_ran();
}
