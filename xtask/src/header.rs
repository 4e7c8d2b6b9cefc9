//! `cargo xtask header`: writes core/include/aludel.h from the ABI's structs.

use crate::steps::Steps;

/// The test that compares the header with the structs, and writes it when it may.
const COMMAND: &[&str] = &["cargo", "test", "-p", "aludel-tests", "--test", "abi", "header"];

/// Lets [`COMMAND`] write.
const UPDATE: (&str, &str) = ("ALUDEL_UPDATE", "1");

/// Runs the test that writes the header.
pub(crate) fn run(steps: &mut Steps) {
    steps.run_with("header", COMMAND, &[UPDATE]);
}
