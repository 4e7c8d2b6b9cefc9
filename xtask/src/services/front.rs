//! Starts servers for tests, benches and the command line, after fetching what is missing.

use super::fetch;
use super::report::Report;
use super::sweep;
use aludel_test_services::{Kind, Profile, Services};
use std::time::Instant;

/// Clears what killed starts left, fetches what is missing, and starts the servers of `kinds`.
/// Says on standard error how far it is, and gives `heard` what came of a server as soon as it is
/// known, also when in the end this fails.
///
/// # Errors
///
/// When no directory can be made, or the certificates cannot; see [`Services::start_by`].
pub(crate) fn start(
    kinds: &[Kind],
    profile: Profile,
    mut heard: impl FnMut(&Report),
) -> Result<Services, String> {
    let begin = Instant::now();
    sweep::clear_abandoned();
    let kinds = Kind::closure(kinds);
    fetch::ensure(&kinds)?;
    // Not by its path, where a build may have put another program since this one started.
    let services = Services::start_by("/proc/self/exe", &kinds, profile, |report| {
        eprintln!("{}", report.describe());
        heard(report);
    })?;
    let reports = services.reports();
    let up = reports.iter().filter(|report| report.result.is_ok()).count();
    eprintln!("{up} of {} up in {:.1} s", reports.len(), begin.elapsed().as_secs_f64());
    Ok(services)
}
