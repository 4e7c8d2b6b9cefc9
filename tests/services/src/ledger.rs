//! Where tests note what they ran against, for the table at the end of `cargo xtask test`.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;
use std::thread;

/// The variable that names the file.
pub const RAN: &str = "ALUDEL_SERVICES_RAN";

/// Counts `test` as having run against `server`, which a test that knows it says the version of.
/// Does nothing when `cargo xtask test` is not around.
///
/// # Panics
///
/// When the file cannot be written.
pub fn ran(server: &str, version: Option<&str>, test: &str) {
    let Some(ledger) = env::var_os(RAN) else { return };
    let version = version.unwrap_or_default();
    // One write, so that lines of tests that run at the same time do not mix.
    let line = format!("{server}\t{test}\t{version}\n");
    let file = OpenOptions::new().create(true).append(true).open(ledger);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("the ledger can be written");
}

/// Counts the test on whose thread this is called as having run against `server`.
///
/// # Panics
///
/// Like [`ran`].
pub fn this_ran(server: &str) {
    // The harness gives a test's thread its name; others are none or those of the test's own.
    if let Some(test) = thread::current().name() {
        ran(server, None, test);
    }
}
