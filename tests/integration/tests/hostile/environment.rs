//! The environment of a program: what it may say, and what a privileged program hears of it.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};

use aludel::abi::{ABI_MAJOR, ABI_MINOR};
use aludel::plugin::{Environment, Policy, Search};
use aludel_tests::hostile::{Library, Stage};

use crate::program::{NOBODY, Program, is_root};

const PUT: &str = "\n  help: put libaludel_surrounded.so into one of the places below, or its \
     directory into ALUDEL_PLUGIN_PATH\n  url: surrounded://\n  ";

/// What was searched, without the directories of the system, which may hold anything.
fn without_system(text: &str) -> &str {
    text.split_once(" · system /").map_or(text, |(before, _)| before)
}

/// A stage with a plugin at every level that a user can fill.
fn stage() -> Stage {
    let stage = Stage::new();
    for dir in ["env", "user", "data/aludel/plugins"] {
        stage.put(dir, &Library::new("surrounded"));
    }
    stage
}

#[test]
fn a_privileged_program_ignores_the_levels_of_its_user() {
    let stage = stage();
    let environment = Environment { privileged: true, ..stage.environment() };
    let search = Search::new().with_environment(environment);
    assert_eq!(
        stage.refusal_with("surrounded", &search, &Policy::new()),
        format!(
            "error[P01]: no dialect for scheme `surrounded`{PUT}searched: static: none · api: not \
             set · env ALUDEL_PLUGIN_PATH: ignored in a privileged program · app: the program's \
             path is unknown · user: ignored in a privileged program · system ROOT/system: does \
             not exist"
        )
    );
}

/// A program that root has made setuid, run by another user: the system itself says so.
#[test]
fn a_setuid_program_ignores_the_levels_and_the_trace_of_its_user() {
    let stage = stage();
    if !is_root("setuid programs") {
        return;
    }
    let ran = setuid(&stage).env("ALUDEL_PLUGIN_TRACE", "1").run(&["surrounded://"]);
    assert_eq!(
        without_system(&stage.without_root(&ran.out)),
        format!(
            "error[P01]: no dialect for scheme `surrounded`{PUT}searched: static: none · api: not \
             set · env ALUDEL_PLUGIN_PATH: ignored in a privileged program · app ROOT/lib/aludel: \
             does not exist · app ROOT/bin/plugins: does not exist · user: ignored in a privileged \
             program"
        )
    );
    assert_eq!(ran.err, "");
    stage.assert_nothing_ran();
}

/// Who may make a hard link of a setuid program puts it beside plugins of his own.
#[test]
fn a_setuid_program_in_a_directory_of_its_user_does_not_trust_what_lies_there() {
    let stage = Stage::new();
    if !is_root("setuid programs in directories of others") {
        return;
    }
    let file = "bin/plugins/libaludel_beside.so";
    stage.put("bin/plugins", &Library::new("beside"));
    let program = setuid(&stage);
    for own in ["bin", "bin/plugins", file] {
        chown(stage.path(own), Some(NOBODY), Some(NOBODY)).unwrap();
    }
    let ran = program.run(&["beside://"]);
    assert_eq!(
        stage.without_root(&ran.out),
        format!(
            "error[P03]: refusing ROOT/{file}: it belongs to uid {NOBODY}, who is neither root nor \
             the user of this program (uid 0)\n  help: chown 0 ROOT/{file}\n"
        )
    );
    stage.assert_nothing_ran();
}

/// A copy of the program that runs as root whoever starts it, started by another user.
fn setuid(stage: &Stage) -> Program {
    let program = Program::copied(stage, "bin/program").unprivileged();
    fs::set_permissions(stage.path("bin/program"), Permissions::from_mode(0o4755)).unwrap();
    program
}

#[test]
fn the_user_level_is_searched_in_an_ordinary_program() {
    let stage = stage();
    let ran = Program::copied(&stage, "bin/program").without_path().run(&["surrounded://"]);
    assert_eq!(ran.out, "surrounded answers I64(42)\n");
    assert_eq!(stage.ran("data/aludel/plugins/libaludel_surrounded.so"), "constructor\ninit\n");
}

#[test]
fn the_trace_tells_what_was_searched_checked_and_loaded() {
    let stage = stage();
    let ran = Program::copied(&stage, "bin/program")
        .env("ALUDEL_PLUGIN_TRACE", "1")
        .run(&["surrounded://user:secret@host/db", "absent://"]);
    let err = stage.without_root(&ran.err);
    let (first, second) = err.split_once("aludel: absent://").unwrap();
    let (first, took) = first.rsplit_once(" in ").unwrap();
    assert!(took.trim_end().ends_with('s'), "{took}");
    let size = fs::metadata(stage.path("env/libaludel_surrounded.so")).unwrap().len();
    let needs = first.split_once("\n  needs: ").unwrap().1.split_once('\n').unwrap().0;
    assert!(needs.starts_with("libc.so.6; glibc 2."), "{needs}");
    let library = Library::new("surrounded");
    assert_eq!(
        first,
        format!(
            "aludel: surrounded://user:***@host/db (policy standard)\n  \
             searched: static: none · api: not set · env ROOT/env: surrounded\n  \
             chosen: ROOT/env/libaludel_surrounded.so (level env)\n  \
             file: ROOT/env/libaludel_surrounded.so, {size} bytes\n  \
             owners: nobody else may write the file or a directory above it\n  \
             image: a library for this machine, all of it inside the file\n  \
             note: surrounded 1.0, declares `surrounded`\n  \
             abi: {ABI_MAJOR}.{ABI_MINOR} layout {} {}\n  needs: {needs}\n  \
             loaded: surrounded 1.0",
            library.says("layout"),
            library.says("target")
        )
    );
    assert_eq!(
        without_system(second),
        " (policy standard)\n  failed: error[P01]: no dialect for scheme `absent`\n      \
         help: put libaludel_absent.so into one of the places below, or its directory into \
         ALUDEL_PLUGIN_PATH\n      url: absent://\n      \
         searched: static: none · api: not set · env ROOT/env: surrounded · app ROOT/lib/aludel: \
         does not exist · app ROOT/bin/plugins: does not exist · user ROOT/data/aludel/plugins: \
         surrounded"
    );
}

#[test]
fn the_trace_of_a_refusal_ends_with_the_whole_error() {
    let stage = Stage::new();
    stage.put("env", &Library::new("refused").edit(0, b"X"));
    let program = Program::copied(&stage, "bin/program");
    let ran = program
        .env("ALUDEL_PLUGIN_TRACE", "1")
        .env("ALUDEL_PLUGIN_POLICY", "system_only")
        .run(&["refused://:secret@host/db"]);
    assert_eq!(
        stage.without_root(&ran.err),
        "aludel: refused://:***@host/db (policy standard, ALUDEL_PLUGIN_POLICY \"system_only\")\n  \
         failed: error[P06]: ROOT/env/libaludel_refused.so is not an aludel plugin (it is no ELF \
         file)\n      \
         help: remove it, or build it with export_dialect! (Rust) or ALUDEL_NOTE (C)\n"
    );
}

#[test]
fn the_trace_says_what_a_policy_for_development_lets_pass() {
    let stage = stage();
    stage.mode("env", 0o777);
    let program = Program::new(&stage).env("ALUDEL_PLUGIN_TRACE", "1");
    let ran = program.run(&["development", "surrounded://"]);
    assert_eq!(ran.out, "surrounded answers I64(42)\n");
    let err = stage.without_root(&ran.err);
    let owners = format!(
        "\n  owners: not enforced: ROOT/env/libaludel_surrounded.so: directory ROOT/env is writable \
         by others (mode 0777, owner uid {}); the policy standard would refuse it\n",
        nix::unistd::geteuid()
    );
    assert!(err.starts_with("aludel: surrounded:// (policy development)\n"), "{err}");
    assert!(err.contains(&owners), "{err}");
}

#[test]
fn other_values_of_the_variable_for_the_trace_mean_nothing() {
    let stage = stage();
    for value in ["0", "", "yes", "11"] {
        let ran = Program::new(&stage).env("ALUDEL_PLUGIN_TRACE", value).run(&["surrounded://"]);
        assert_eq!(ran.err, "", "{value}");
    }
}
