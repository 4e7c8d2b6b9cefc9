//! Counting instructions with callgrind.
//!
//! The benchmark runs itself again with `--instructions --child …`; only what happens inside
//! [`measured_region`] counts.

use std::path::Path;
use std::process::Command;

/// Runs `work` where callgrind looks.
#[inline(never)]
pub fn measured_region(work: &mut dyn FnMut() -> u64) -> u64 {
    // Kept from being merged into its caller, whose setting up must not count.
    std::hint::black_box(work())
}

/// Instructions of a workload's variant, by running this program again under callgrind.
///
/// # Errors
/// When valgrind is missing, or what it prints is not understood.
pub fn count_instructions(workload: &str, variant: &str) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    count_instructions_of(&program, workload, variant)
}

/// Instructions of a workload's variant in another build of this program.
///
/// # Errors
/// When valgrind is missing, or what it prints is not understood.
pub fn count_instructions_of(program: &Path, workload: &str, variant: &str) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=*measured_region*")
        .arg(program)
        .args(["--instructions", "--child", workload, variant])
        .output()
        .map_err(|error| format!("valgrind cannot be run ({error}): apt install valgrind"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{workload}/{variant} failed under valgrind:\n{text}"));
    }
    let collected = text.lines().find_map(|line| line.split("Collected : ").nth(1));
    collected
        .and_then(|count| count.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| format!("valgrind printed no count:\n{text}"))
}
