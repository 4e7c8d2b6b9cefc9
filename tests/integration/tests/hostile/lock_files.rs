//! The policy `pinned` with a file of sums.

use std::fs;

use aludel::plugin::{Environment, Policy, Search, plan_of_file, verify};
use aludel_tests::hostile::{Library, Stage, assert_answers, link};

use crate::program::Program;

const FILE: &str = "env/libaludel_locked.so";
const LOCK: &str = "locks/aludel.lock";
const WRITE: &str = "help: write it with `sha256sum libaludel_*.so`";

/// A stage with a good plugin, and a lock file with this text.
fn stage(lock: &str) -> Stage {
    let stage = Stage::new();
    stage.put("env", &Library::new("locked"));
    stage.dir("locks");
    fs::write(stage.path(LOCK), lock).unwrap();
    stage
}

fn refusal(stage: &Stage) -> String {
    stage.refusal_with("locked", &stage.search(), &Policy::new().pinned_by(stage.path(LOCK)))
}

fn sum(stage: &Stage, file: &str) -> String {
    let plan = plan_of_file(&stage.path(file), &stage.search()).unwrap();
    verify(plan, &Policy::new()).unwrap().sha256().unwrap()
}

fn not_pinned(stage: &Stage, lock: &str) -> String {
    format!(
        "error[P20]: refusing ROOT/{FILE}: its SHA-256 sum is not among those of ROOT/{lock}\n  \
         help: install the file that is meant, or pin this one after you have examined it\n  \
         sha256: {}",
        sum(stage, FILE)
    )
}

#[test]
fn a_file_whose_sum_stands_in_the_lock_file_is_loaded() {
    let stage = stage("");
    let file = "env/libaludel_sum_in_lock.so";
    stage.put("env", &Library::new("sum_in_lock"));
    let lock = format!("# plugins\n\n{}  {file}\r\n", sum(&stage, file).to_uppercase());
    fs::write(stage.path(LOCK), lock).unwrap();
    let policy = Policy::new().pinned_by(stage.path(LOCK));
    let found = stage.load_with("sum_in_lock", &stage.search(), &policy).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn a_file_whose_sum_does_not_stand_in_the_lock_file_is_refused() {
    let other = "cd".repeat(32);
    for lock in ["", "# nothing\n", &format!("{other}  libaludel_locked.so\n")] {
        let stage = stage(lock);
        assert_eq!(refusal(&stage), not_pinned(&stage, LOCK));
    }
}

#[test]
fn a_lock_file_with_a_line_that_has_no_sum_is_refused() {
    let sum = "ab".repeat(32);
    for (lock, line) in [
        ("libaludel_locked.so\n".to_owned(), 1),
        (format!("{sum}\n# more\n{sum}0  file\n"), 3),
        (format!("{sum}\n\n\n{}  file\n", "xy".repeat(32)), 4),
        (format!("SHA256 (libaludel_locked.so) = {sum}\n"), 1),
        (format!("\u{feff}{sum}  file\n"), 1),
    ] {
        assert_eq!(
            refusal(&stage(&lock)),
            format!("error[P23]: lock file ROOT/{LOCK} has no sum in line {line}\n  {WRITE}")
        );
    }
}

#[test]
fn a_lock_file_that_is_no_text_or_too_long_is_refused() {
    let stage = stage("");
    fs::write(stage.path(LOCK), b"\xff\xfe").unwrap();
    assert_eq!(
        refusal(&stage),
        format!(
            "error[P23]: lock file ROOT/{LOCK} cannot be read: stream did not contain valid \
             UTF-8\n  {WRITE}"
        )
    );
    fs::File::create(stage.path(LOCK)).unwrap().set_len(1 << 40).unwrap();
    assert_eq!(
        refusal(&stage),
        format!("error[P23]: lock file ROOT/{LOCK} is longer than 1048576 bytes\n  {WRITE}")
    );
}

#[test]
fn a_lock_file_that_others_may_write_is_refused() {
    let uid = nix::unistd::geteuid();
    let stage = stage("");
    stage.mode(LOCK, 0o666);
    assert_eq!(
        refusal(&stage),
        format!(
            "error[P03]: refusing ROOT/{LOCK}: it is writable by others (mode 0666, owner uid \
             {uid})\n  help: chmod go-w ROOT/{LOCK}"
        )
    );
    stage.mode(LOCK, 0o644);
    stage.mode("locks", 0o777);
    let open = format!(
        "error[P03]: refusing ROOT/{LOCK}: directory ROOT/locks is writable by others (mode 0777, \
         owner uid {uid})\n  help: chmod go-w ROOT/locks"
    );
    assert_eq!(refusal(&stage), open);
    link(&stage.path(LOCK), &stage.path("link.lock"));
    let policy = Policy::new().pinned_by(stage.path("link.lock"));
    assert_eq!(stage.refusal_with("locked", &stage.search(), &policy), open);
}

#[test]
fn a_lock_file_that_is_not_there_or_no_file_is_refused() {
    let stage = stage("");
    fs::remove_file(stage.path(LOCK)).unwrap();
    assert_eq!(
        refusal(&stage),
        format!(
            "error[P23]: lock file ROOT/{LOCK} cannot be read: No such file or directory (os error \
             2)\n  {WRITE}"
        )
    );
    link("/dev/zero".as_ref(), &stage.path(LOCK));
    assert_eq!(
        refusal(&stage),
        format!("error[P23]: lock file ROOT/{LOCK} is no regular file\n  {WRITE}")
    );
}

#[test]
fn a_relative_lock_file_is_refused_and_not_looked_for_here() {
    let stage = stage("");
    let policy = Policy::new().pinned_by("aludel.lock");
    assert_eq!(
        stage.refusal_with("locked", &stage.search(), &policy),
        "error[P23]: lock file aludel.lock is not an absolute path\n  \
         help: give the file from the root on"
    );
}

#[test]
fn without_a_lock_file_beside_the_program_nothing_is_pinned_and_all_is_refused() {
    let stage = stage("");
    let program = Program::copied(&stage, "app/bin/program").env("ALUDEL_PLUGIN_POLICY", "pinned");
    let ran = program.run(&["locked://"]);
    assert_eq!(
        stage.without_root(&ran.out),
        "error[P23]: policy pinned is asked for and there is no lock file: \
         ROOT/app/bin/aludel.lock, ROOT/app/lib/aludel/aludel.lock\n  \
         help: write one beside the program: sha256sum libaludel_*.so > aludel.lock\n"
    );
    stage.assert_nothing_ran();

    // Nor does a program that does not know where it is find one.
    let plugin_policy = Some("pinned".into());
    let environment = Environment { plugin_policy, ..stage.environment() };
    let search = Search::new().with_environment(environment);
    assert_eq!(
        stage.refusal_with("locked", &search, &Policy::new()),
        "error[P23]: policy pinned is asked for and the program's path is unknown, beside which its \
         lock file would lie\n  help: write one beside the program: sha256sum libaludel_*.so > aludel.lock"
    );
}

#[test]
fn the_lock_file_beside_the_program_decides() {
    for lock in ["app/bin/aludel.lock", "app/lib/aludel/aludel.lock"] {
        let stage = stage("");
        stage.dir("app/lib/aludel");
        let run = |text: String| {
            fs::create_dir_all(stage.path("app/bin")).unwrap();
            fs::write(stage.path(lock), text).unwrap();
            let program = Program::copied(&stage, "app/bin/program");
            let ran = program.env("ALUDEL_PLUGIN_POLICY", "pinned").run(&["locked://"]);
            stage.without_root(&ran.out)
        };
        assert_eq!(run(String::new()), format!("{}\n", not_pinned(&stage, lock)));
        stage.assert_nothing_ran();
        assert_eq!(run(sum(&stage, FILE)), "locked answers I64(42)\n");
    }
}
