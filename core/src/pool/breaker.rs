//! The breaker: while the database is known to be down, one attempt at a time asks for all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::core::Core;
use super::manager::Manager;
use super::settings::Breaker;
use super::status::Outage;
use crate::error::{Error, Result};
use tracing::Level;

/// Attempts follow each other this soon at first, and at last.
const SOONEST: Duration = Duration::from_millis(10);
const LATEST: Duration = Duration::from_secs(5);
/// At last, while somebody waits or is refused.
const LATEST_AWAITED: Duration = Duration::from_millis(500);

#[derive(Default)]
pub(super) struct BreakerState(Mutex<Failures>);

#[derive(Default)]
struct Failures {
    in_a_row: u32,
    down: Option<Down>,
}

#[derive(Clone, Copy)]
struct Down {
    since: Instant,
    retry_at: Instant,
    backoff: Duration,
    probing: bool,
    /// Somebody was refused since the last attempt: he would wait, if he were allowed to.
    refused: bool,
}

impl BreakerState {
    fn lock(&self) -> MutexGuard<'_, Failures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M: Manager> Core<M> {
    fn has_breaker(&self) -> bool {
        self.config.breaker == Breaker::Fail
    }

    /// Whether a connect may be tried now.
    pub(super) fn may_connect(&self) -> Result<()> {
        if !self.has_breaker() {
            return Ok(());
        }
        let down = {
            let mut failures = self.breaker.lock();
            let Some(down) = &mut failures.down else { return Ok(()) };
            if !down.probing && Instant::now() >= down.retry_at {
                down.probing = true;
                return Ok(());
            }
            down.refused = true;
            *down
        };
        self.stats.refused_down.add();
        let wait = down.retry_at.saturating_duration_since(Instant::now());
        let mut error = Error::operational(format!(
            "the database has been down for {:.1} s; the next attempt to connect is made in {} ms",
            down.since.elapsed().as_secs_f64(),
            wait.as_millis()
        ));
        if let Some(trouble) = &*self.trouble() {
            error = error.with_note("last connect error", trouble.text.clone());
        }
        Err(error)
    }

    /// Since when the database counts as down, if it does.
    pub(super) fn outage(&self) -> Option<Outage> {
        let down = self.breaker.lock().down?;
        let now = Instant::now();
        Some(Outage {
            lasts: now.saturating_duration_since(down.since),
            retry_in: down.retry_at.saturating_duration_since(now),
            probing: down.probing,
        })
    }

    pub(super) fn connect_succeeded(&self) {
        if !self.has_breaker() {
            return;
        }
        let was_down = std::mem::take(&mut *self.breaker.lock()).down.is_some();
        if was_down {
            self.say(Level::INFO, format_args!("The database is back"));
            self.tell(|listener| listener.breaker(false));
        }
    }

    pub(super) fn connect_failed(&self) {
        if !self.has_breaker() {
            return;
        }
        let waits = self.gate.counts().waiting > 0;
        let now = Instant::now();
        let mut failures = self.breaker.lock();
        failures.in_a_row = failures.in_a_row.saturating_add(1);
        if failures.in_a_row < self.config.breaker_threshold {
            return;
        }
        let before = failures.down;
        let awaited = waits || before.is_some_and(|down| down.refused);
        let latest = if awaited { LATEST_AWAITED } else { LATEST };
        let backoff = before.map_or(SOONEST, |down| down.backoff * 2).min(latest);
        // Not sooner than a tenth, so that attempts stay countable.
        let pause = backoff.mul_f64(0.1 + 0.9 * super::jitter::fraction());
        let since = before.map_or(now, |down| down.since);
        let retry_at = now + pause;
        failures.down = Some(Down { since, retry_at, backoff, probing: false, refused: false });
        drop(failures);
        if before.is_none() {
            self.say(Level::WARN, format_args!("The database counts as down"));
            self.tell(|listener| listener.breaker(true));
        }
    }
}
