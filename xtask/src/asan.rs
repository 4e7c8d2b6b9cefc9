//! `cargo xtask asan`: the tests of aludel, the SQLite dialect and aludel-tests under AddressSanitizer.

use crate::probe::NIGHTLY;
use crate::steps::Steps;
use std::path::PathBuf;

/// Named explicitly, so that build scripts and macros are compiled without the sanitizer.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Instruments all Rust code of [`TARGET`]. The sanitizer's runtime is in the programs alone, which
/// export it, so that the plugins that they load find it.
const SANITIZER: (&str, &str) =
    ("RUSTFLAGS", "-Zsanitizer=address -Clink-arg=-Wl,--export-dynamic");

/// SQLite is linked into some tests and into its plugin, which is no violation of one definition:
/// plugins keep their symbols to themselves.
const OPTIONS: (&str, &str) = ("ASAN_OPTIONS", "detect_odr_violation=0");

/// Builds the plugins and runs the tests, in a target directory of their own.
pub(crate) fn run(steps: &mut Steps) {
    if !NIGHTLY.installed() {
        steps.fail("asan", NIGHTLY.missing);
        return;
    }
    let target_dir = target_dir(steps);
    let target_dir = target_dir.to_string_lossy();
    let cargo = |verb: &[&'static str]| -> Vec<String> {
        let head = ["rustup", "run", "nightly", "cargo"];
        let tail = ["--target", TARGET, "--target-dir", &target_dir];
        head.iter().chain(verb).chain(&tail).map(|word| (*word).to_owned()).collect()
    };
    let build = cargo(&["build", "--workspace", "--exclude", "xtask"]);
    let test = cargo(&[
        "test",
        "--no-fail-fast",
        "-p",
        "aludel",
        "-p",
        "aludel-dialect-sqlite",
        "-p",
        "aludel-tests",
        "--tests",
    ]);
    if run_sanitized(steps, "asan build", &build) {
        run_sanitized(steps, "asan tests", &test);
    } else {
        steps.skip("asan tests", "the build failed");
    }
}

fn run_sanitized(steps: &mut Steps, name: &str, command: &[String]) -> bool {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    let meant = steps.root().join("xtask/lsan.supp");
    let leaks = format!("suppressions={}:print_suppressions=0", meant.display());
    steps.run_with(name, &words, &[SANITIZER, OPTIONS, ("LSAN_OPTIONS", &leaks)])
}

fn target_dir(steps: &Steps) -> PathBuf {
    let base = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    steps.root().join(base).join("asan")
}
