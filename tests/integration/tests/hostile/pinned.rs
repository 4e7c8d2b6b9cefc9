//! The policy `pinned`: a file is loaded when its sum is known, and only then.

use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use aludel::plugin::{Environment, Policy, Search};
use aludel_tests::hostile::{Library, Stage, assert_answers};

use crate::program::{Program, copy, is_root};

/// A user that owns nothing else.
const STRANGER: u32 = 61_001;

/// A line as `sha256sum` writes it.
fn line(file: &Path) -> String {
    let output = Command::new("sha256sum").arg(file).output().expect("coreutils are installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the path is UTF-8")
}

fn sum(file: &Path) -> String {
    line(file)[..64].to_owned()
}

/// P20, with the sum that the file has.
fn not_pinned(file: &str, source: &str, sum: &str) -> String {
    format!(
        "error[P20]: refusing ROOT/{file}: its SHA-256 sum is not among those of {source}\n  \
         help: install the file that is meant, or pin this one after you have examined it\n  \
         sha256: {sum}"
    )
}

/// A stage with a plugin, and the line of `sha256sum` for it.
fn staged(name: &str) -> (Stage, String) {
    let stage = Stage::new();
    let line = line(&stage.put("env", &Library::new(name)));
    (stage, line)
}

fn write(stage: &Stage, file: &str, text: &str) {
    stage.dir(file.rsplit_once('/').map_or("", |(dir, _)| dir));
    std::fs::write(stage.path(file), text).expect("the directory is ours");
    stage.mode(file, 0o644);
}

/// The stage as a program finds it that lies in `bin`, with `ALUDEL_PLUGIN_POLICY=pinned`.
fn tightened(stage: &Stage) -> Search {
    let program = Some(stage.path("bin/program"));
    let plugin_policy = Some("pinned".into());
    let environment = Environment { program, plugin_policy, ..stage.environment() };
    Search::new().with_environment(environment)
}

#[test]
fn a_file_whose_sum_the_program_lists_is_loaded_and_another_refused() {
    let (stage, line) = staged("pin_listed");
    let own = &line[..64];
    let other = Policy::new().pinned(["0".repeat(64)]);
    assert_eq!(
        stage.refusal_with("pin_listed", &stage.search(), &other),
        not_pinned("env/libaludel_pin_listed.so", "the program", own)
    );
    let none = Policy::new().pinned([""; 0]);
    assert!(stage.refusal_with("pin_listed", &stage.search(), &none).starts_with("error[P20]"));
    let both = Policy::new().pinned(["0".repeat(64), own.to_uppercase()]);
    let found = stage.load_with("pin_listed", &stage.search(), &both).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn a_listed_text_that_is_no_sum_is_an_error_and_pins_nothing() {
    let (stage, line) = staged("pin_text");
    for text in ["", "abc", &format!("{}  x.so", &line[..64]), &"g".repeat(64)] {
        let policy = Policy::new().pinned([&line[..64], text]);
        assert_eq!(
            stage.refusal_with("pin_text", &stage.search(), &policy),
            format!(
                "error[P23]: {text:?} is pinned and is no SHA-256 sum\n  \
                 help: write 64 hexadecimal digits, as `sha256sum` prints them"
            )
        );
    }
}

#[test]
fn a_lock_file_that_the_program_names_decides() {
    let (stage, line) = staged("pin_lock");
    let policy = Policy::new().pinned_by(stage.path("my.lock"));
    let refusal = || stage.refusal_with("pin_lock", &stage.search(), &policy);
    assert!(refusal().starts_with("error[P23]: lock file ROOT/my.lock "), "{}", refusal());
    assert!(refusal().contains("cannot be read: No such file or directory"), "{}", refusal());

    write(&stage, "my.lock", &format!("# none of these\n{}  x.so\n", "0".repeat(64)));
    let expected = not_pinned("env/libaludel_pin_lock.so", "ROOT/my.lock", &line[..64]);
    assert_eq!(refusal(), expected);
    write(&stage, "my.lock", "");
    assert_eq!(refusal(), expected);
    write(&stage, "my.lock", &format!("{line}no sum\n"));
    let help = "help: write it with `sha256sum libaludel_*.so`";
    let malformed = format!("error[P23]: lock file ROOT/my.lock has no sum in line 2\n  {help}");
    assert_eq!(refusal(), malformed);
    std::fs::write(stage.path("my.lock"), vec![b'\n'; 1024 * 1024 + 1]).unwrap();
    let long = "error[P23]: lock file ROOT/my.lock is longer than 1048576 bytes";
    assert_eq!(refusal(), format!("{long}\n  {help}"));

    write(&stage, "my.lock", &line);
    let found = stage.load_with("pin_lock", &stage.search(), &policy).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn a_file_that_was_changed_after_it_was_pinned_is_refused() {
    let (stage, line) = staged("pin_changed");
    write(&stage, "my.lock", &line);
    let changed = Library::new("pin_changed").set("description", "another");
    let changed = sum(&stage.put("env", &changed));
    let policy = Policy::new().pinned_by(stage.path("my.lock"));
    assert_eq!(
        stage.refusal_with("pin_changed", &stage.search(), &policy),
        not_pinned("env/libaludel_pin_changed.so", "ROOT/my.lock", &changed)
    );
}

#[test]
fn a_lock_file_that_others_may_write_is_refused() {
    let (stage, line) = staged("pin_loose");
    write(&stage, "locks/my.lock", &line);
    let policy = Policy::new().pinned_by(stage.path("locks/my.lock"));
    let refusal = || stage.refusal_with("pin_loose", &stage.search(), &policy);
    stage.mode("locks/my.lock", 0o666);
    let writable = "error[P03]: refusing ROOT/locks/my.lock: it is writable by others (mode 0666";
    assert!(refusal().starts_with(writable), "{}", refusal());
    stage.mode("locks/my.lock", 0o644);
    stage.mode("locks", 0o777);
    let writable = "error[P03]: refusing ROOT/locks/my.lock: directory ROOT/locks is writable by";
    assert!(refusal().starts_with(writable), "{}", refusal());
}

#[test]
fn a_lock_file_of_another_owner_is_refused() {
    if !is_root("a lock file of another owner") {
        return;
    }
    let (stage, line) = staged("pin_foreign");
    write(&stage, "my.lock", &line);
    chown(stage.path("my.lock"), Some(STRANGER), None).unwrap();
    let policy = Policy::new().pinned_by(stage.path("my.lock"));
    let refusal = stage.refusal_with("pin_foreign", &stage.search(), &policy);
    let foreign = "error[P03]: refusing ROOT/my.lock: it belongs to uid 61001, who is neither root";
    assert!(refusal.starts_with(foreign), "{refusal}");
}

#[test]
fn a_lock_file_that_is_a_pipe_or_a_directory_is_refused_at_once() {
    let (stage, _) = staged("pin_pipe");
    let policy = Policy::new().pinned_by(stage.path("my.lock"));
    let is_refused = || {
        let refusal = stage.refusal_with("pin_pipe", &stage.search(), &policy);
        let is_told = refusal.contains("ROOT/my.lock is no regular file");
        assert!(refusal.starts_with("error[P23]: lock file ROOT/my.lock ") && is_told, "{refusal}");
    };
    let pipe = stage.path("my.lock");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRUSR).unwrap();
    is_refused();
    std::fs::remove_file(pipe).unwrap();
    stage.dir("my.lock");
    is_refused();
}

#[test]
fn the_environment_asks_for_the_lock_file_of_the_program() {
    let (stage, line) = staged("pin_beside");
    let search = tightened(&stage);
    for policy in [Policy::new(), Policy::new().development()] {
        assert_eq!(
            stage.refusal_with("pin_beside", &search, &policy),
            "error[P23]: policy pinned is asked for and there is no lock file: \
             ROOT/bin/aludel.lock, ROOT/lib/aludel/aludel.lock\n  \
             help: write one beside the program: sha256sum libaludel_*.so > aludel.lock"
        );
    }
    write(&stage, "lib/aludel/aludel.lock", &line);
    let found = stage.load_with("pin_beside", &search, &Policy::new()).unwrap();
    assert_answers(found.dialect);
}

#[test]
fn the_lock_file_beside_the_program_comes_before_that_of_its_plugins() {
    let (stage, line) = staged("pin_first");
    write(&stage, "lib/aludel/aludel.lock", &line);
    write(&stage, "bin/aludel.lock", "# nothing\n");
    assert_eq!(
        stage.refusal_with("pin_first", &tightened(&stage), &Policy::new()),
        not_pinned("env/libaludel_pin_first.so", "ROOT/bin/aludel.lock", &line[..64])
    );
}

#[test]
fn sums_that_the_program_gives_are_not_replaced_by_the_environment() {
    let (stage, line) = staged("pin_own");
    write(&stage, "bin/aludel.lock", &line);
    let policy = Policy::new().pinned(["0".repeat(64)]);
    assert_eq!(
        stage.refusal_with("pin_own", &tightened(&stage), &policy),
        not_pinned("env/libaludel_pin_own.so", "the program", &line[..64])
    );
}

#[test]
fn a_program_reads_the_policy_from_its_environment() {
    let (stage, line) = staged("pin_program");
    let ask = || {
        let program = Program::copied(&stage, "bin/program").env("ALUDEL_PLUGIN_POLICY", "pinned");
        stage.without_root(&program.run(&["pin_program://"]).out)
    };
    let missing = "error[P23]: policy pinned is asked for and there is no lock file: ROOT/bin";
    assert!(ask().starts_with(missing), "{}", ask());
    write(&stage, "bin/aludel.lock", &format!("{}  libaludel_x.so\n", "0".repeat(64)));
    let (file, lock) = ("env/libaludel_pin_program.so", "ROOT/bin/aludel.lock");
    assert_eq!(ask(), not_pinned(file, lock, &line[..64]) + "\n");
    stage.assert_nothing_ran();
    write(&stage, "bin/aludel.lock", &line);
    assert_eq!(ask(), "pin_program answers I64(42)\n");
}

#[test]
fn the_owner_of_a_program_may_write_its_lock_file_and_nobody_else() {
    if !is_root("the lock file of a program of another owner") {
        return;
    }
    let (stage, line) = staged("pin_owner");
    write(&stage, "bin/aludel.lock", &line);
    let program = copy(&stage, "bin/program");
    let give = |file: &Path, owner| chown(file, Some(owner), None).unwrap();
    let ask = || {
        let program = Program::at(&program, &stage).env("ALUDEL_PLUGIN_POLICY", "pinned");
        stage.without_root(&program.run(&["pin_owner://"]).out)
    };
    give(&stage.path("bin/aludel.lock"), STRANGER);
    let foreign = "error[P03]: refusing ROOT/bin/aludel.lock: it belongs to uid 61001, who is";
    assert!(ask().starts_with(foreign), "{}", ask());
    stage.assert_nothing_ran();
    give(&program, STRANGER);
    assert_eq!(ask(), "pin_owner answers I64(42)\n");
}
