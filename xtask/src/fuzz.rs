//! `cargo xtask fuzz`: the fuzz targets of fuzz/, each for a while, on a corpus that grows.

use crate::probe::{CARGO_FUZZ, NIGHTLY};
use crate::steps::Steps;
use std::io;
use std::path::{Path, PathBuf};

/// Seconds for each target when the command line does not say.
pub(crate) const SECONDS: u32 = 600;

/// Names a library of the fuzzer that is built already; it need not be there until it is linked.
const NO_LIBFUZZER: (&str, &str) = ("CUSTOM_LIBFUZZER_PATH", "/not-linked");

/// Runs one target or all of them. What the fuzzer writes lies below the target directory; what it
/// found there before is its starting point beside the committed seeds.
pub(crate) fn run(steps: &mut Steps, target: Option<&str>, seconds: u32) {
    for tool in [&NIGHTLY, &CARGO_FUZZ] {
        if !tool.installed() {
            steps.fail("fuzz", tool.missing);
            return;
        }
    }
    let known = match targets(&steps.root().join("fuzz/fuzz_targets")) {
        Ok(known) => known,
        Err(error) => return steps.fail("fuzz", &format!("cannot list the targets: {error}")),
    };
    let wanted: Vec<&String> =
        known.iter().filter(|known| target.is_none_or(|target| target == *known)).collect();
    if wanted.is_empty() {
        let named = target.unwrap_or_default();
        let message = format!("there is no target {named:?}; there are {}", known.join(", "));
        return steps.fail("fuzz", &message);
    }
    let place = place(steps.root());
    for target in wanted {
        if let Err(error) = fuzz(steps, &place, target, seconds) {
            steps.fail(&format!("fuzz {target}"), &format!("cannot make a directory: {error}"));
        }
    }
}

/// Lints the targets, which no ordinary build compiles. Takes no nightly and no fuzzer.
pub(crate) fn lint(steps: &mut Steps) {
    let place = place(steps.root()).join("check").display().to_string();
    let fixed = ["cargo", "clippy", "--manifest-path", "fuzz/Cargo.toml", "--locked"];
    let rest = ["--all-targets", "--target-dir", &place, "--", "-D", "warnings"];
    // Nothing is linked, so that the fuzzer's own C++ does not have to be compiled.
    steps.run_with("clippy of fuzz", &[&fixed[..], &rest].concat(), &[NO_LIBFUZZER]);
}

fn fuzz(steps: &mut Steps, place: &Path, target: &str, seconds: u32) -> io::Result<()> {
    let corpus = place.join("corpus").join(target);
    let artifacts = place.join("artifacts").join(target);
    std::fs::create_dir_all(&corpus)?;
    std::fs::create_dir_all(&artifacts)?;
    let command = command(place, target, seconds, &corpus, &artifacts);
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    steps.run(&format!("fuzz {target}"), &words);
    // cargo-fuzz makes this directory although it is told of another; it stays when it holds something.
    let unused = steps.root().join("fuzz/artifacts");
    let _kept = std::fs::remove_dir(unused.join(target)).and_then(|()| std::fs::remove_dir(unused));
    Ok(())
}

fn command(
    place: &Path,
    target: &str,
    seconds: u32,
    corpus: &Path,
    artifacts: &Path,
) -> Vec<String> {
    let fixed = ["rustup", "run", "nightly", "cargo", "fuzz", "run", "--fuzz-dir", "fuzz"];
    let mut words: Vec<String> = fixed.map(str::to_owned).to_vec();
    words.extend([
        "--target-dir".to_owned(),
        place.join("target").display().to_string(),
        target.to_owned(),
        corpus.display().to_string(),
        format!("fuzz/seeds/{target}"),
        "--".to_owned(),
        format!("-max_total_time={seconds}"),
        format!("-artifact_prefix={}/", artifacts.display()),
        // A parser of a few kilobytes that needs a second, or this much memory, has lost a bound.
        "-timeout=5".to_owned(),
        "-rss_limit_mb=1024".to_owned(),
        // Totals at the end, and not a line for each input that leads to new code.
        "-verbosity=0".to_owned(),
        "-print_final_stats=1".to_owned(),
    ]);
    words
}

/// The names of the targets, which are those of their files.
fn targets(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn place(root: &Path) -> PathBuf {
    let base = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root.join(base).join("fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_are_those_that_have_a_file() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let targets = targets(&root.join("fuzz/fuzz_targets")).expect("the folder is there");
        assert_eq!(targets, ["elf", "macho", "note", "pe", "postgresql", "scheme", "text", "url"]);
    }

    #[test]
    fn nothing_is_written_into_the_repository() {
        let place = Path::new("/t/fuzz");
        let command = command(place, "elf", 7, &place.join("c"), &place.join("a"));
        let line = command.join(" ");
        assert!(line.contains("--target-dir /t/fuzz/target elf /t/fuzz/c fuzz/seeds/elf -- "));
        assert!(line.contains(" -max_total_time=7 -artifact_prefix=/t/fuzz/a/ "), "{line}");
    }
}
