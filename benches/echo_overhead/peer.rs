//! The same benchmark with all telling compiled out of the engine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What compiles the telling out.
const FLAG: &str = "--cfg aludel_without_echo";

/// Builds the benchmark without the echo, in `without-echo` of this one's target directory: minutes
/// the first time, and nothing later.
///
/// # Errors
/// When cargo fails, which says why on standard error.
pub(crate) fn build(own: &Path) -> Result<PathBuf, String> {
    // target/release/deps/program
    let target = own.ancestors().nth(3).ok_or("the program lies in no target directory")?;
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    println!("  building without the echo, in {}/without-echo", target.display());
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["bench", "--package", "aludel-benches", "--bench", "echo_overhead", "--no-run"])
        .args(["--message-format", "json-render-diagnostics", "--target-dir"])
        .arg(target.join("without-echo"))
        .env("RUSTFLAGS", format!("{flags} {FLAG}"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo ended with {}", output.status));
    }
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    program.ok_or_else(|| "cargo has built no program".to_owned())
}

/// What the program says when it runs a variant.
///
/// # Errors
/// When it fails.
pub(crate) fn answer(program: &Path, variant: &str) -> Result<String, String> {
    let output = Command::new(program).args(["--child", "select 1", variant]).output();
    let output = output.map_err(|error| format!("{} cannot be run: {error}", program.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn is_valgrind_there() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}
