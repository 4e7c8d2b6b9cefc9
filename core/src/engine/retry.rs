//! Running a transaction again when it is worth it.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use super::connection::Connection;
use super::handle::Engine;
use crate::error::{Error, Result};

/// How often a transaction is run, and how long to wait between.
///
/// Before the second run it waits a random time of at most [`backoff`](RetryPolicy::backoff), before
/// each further one of at most twice the time before, up to [`max_backoff`](RetryPolicy::max_backoff)
/// (exponential backoff with full jitter). The randomness keeps those apart that failed together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    attempts: u32,
    backoff: Duration,
    max_backoff: Duration,
    retries_disconnects: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            attempts: 5,
            backoff: Duration::from_millis(20),
            max_backoff: Duration::from_secs(1),
            retries_disconnects: true,
        }
    }
}

impl RetryPolicy {
    /// At most 5 runs, waits of at most 20 ms, 40 ms, 80 ms and 160 ms, also after a disconnect.
    pub fn new() -> Self {
        Self::default()
    }

    /// Most runs, the first included; 0 is taken as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Longest wait before the second run.
    #[must_use]
    pub fn backoff(mut self, time: Duration) -> Self {
        self.backoff = time;
        self
    }

    /// Longest wait of all.
    #[must_use]
    pub fn max_backoff(mut self, time: Duration) -> Self {
        self.max_backoff = time;
        self
    }

    /// Whether to run again when the connection was lost, beside deadlocks, serialization failures
    /// and locks.
    #[must_use]
    pub fn retry_disconnects(mut self, retries: bool) -> Self {
        self.retries_disconnects = retries;
        self
    }

    /// True when a transaction that failed with this may succeed when it is run again.
    fn covers(&self, error: &Error) -> bool {
        error.is_retryable() || (self.retries_disconnects && error.is_disconnect())
    }

    /// The wait after this many runs.
    fn wait(&self, runs: u32) -> Duration {
        let factor = 1_u32.checked_shl(runs - 1).unwrap_or(u32::MAX);
        let longest = self.backoff.saturating_mul(factor).min(self.max_backoff);
        // Hashers are seeded at random; 32 bits of one are a fraction.
        let random = RandomState::new().hash_one(runs) as u32;
        longest.mul_f64(f64::from(random) / f64::from(u32::MAX))
    }
}

impl Engine {
    /// Runs `work` in a transaction as [`begin`](Engine::begin) does, and again, as often as the
    /// policy says, when it fails by a deadlock, a serialization failure or a lock
    /// ([`Error::is_retryable`]), or by the loss of the connection ([`Error::is_disconnect`]). Each
    /// run is a transaction of its own on a connection that works. Blocks while it waits.
    ///
    /// `work` runs more than once: what it does outside the database is to be harmless twice. A
    /// commit whose answer was lost with the connection is not repeated, because the database may
    /// have committed; neither is a run that has committed on its connection before it failed.
    ///
    /// ```
    /// # fn main() -> aludel::Result<()> {
    /// # aludel::register(aludel_dialect_sqlite::dialect())?;
    /// # let engine = aludel::create_engine("sqlite://")?;
    /// # engine.execute("create table account (id integer, balance integer)", ())?;
    /// use aludel::engine::RetryPolicy;
    ///
    /// let policy = RetryPolicy::new().attempts(3);
    /// engine.begin_retrying(&policy, |conn| {
    ///     let balance: Option<i64> =
    ///         conn.execute("select balance from account where id = 1", ())?.scalar()?;
    ///     let more = balance.unwrap_or(0) + 10;
    ///     conn.execute("update account set balance = ? where id = 1", (more,)).map(drop)
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// That of the last run, with a note that says how many there were; at once when it is of
    /// another kind. `InvalidRequest` with [AUTOCOMMIT](crate::dbapi::IsolationLevel::Autocommit),
    /// where a run that failed would leave what it did.
    #[track_caller]
    pub fn begin_retrying<T>(
        &self,
        policy: &RetryPolicy,
        mut work: impl FnMut(&mut Connection) -> Result<T>,
    ) -> Result<T> {
        let mut runs = 1;
        loop {
            let (error, is_over) = match self.run_once(&mut work) {
                Ok(value) => return Ok(value),
                Err((error, is_decided)) => (error, !is_decided || runs >= policy.attempts),
            };
            if !policy.covers(&error) {
                return Err(error);
            }
            if is_over {
                return Err(error.with_note("runs", runs.to_string()));
            }
            tracing::debug!(%error, runs, "the transaction is run again");
            std::thread::sleep(policy.wait(runs));
            runs += 1;
        }
    }

    /// One run; with an error whether it is certain that nothing was committed.
    #[track_caller]
    fn run_once<T>(
        &self,
        work: &mut impl FnMut(&mut Connection) -> Result<T>,
    ) -> Result<T, (Error, bool)> {
        let surely_not = |error| (error, true);
        let mut transaction = self.transaction().map_err(surely_not)?;
        if !transaction.is_active() {
            return Err(surely_not(commits_itself()));
        }
        let value = work(&mut transaction).map_err(|error| {
            let is_decided = transaction.kept_nothing(&error);
            let is_lost = !is_decided && error.is_disconnect();
            (if is_lost { undecided(error) } else { error }, is_decided)
        })?;
        if !transaction.is_active() {
            return Ok(value);
        }
        transaction.commit().map_err(|error| {
            let is_decided = !error.is_disconnect();
            (if is_decided { error } else { undecided(error) }, is_decided)
        })?;
        Ok(value)
    }
}

#[cold]
fn commits_itself() -> Error {
    Error::invalid_request("with AUTOCOMMIT there is no transaction that could be run again")
        .with_help("give the engine another isolation level: execution_options()")
}

#[cold]
fn undecided(error: Error) -> Error {
    error.with_help(
        "whether the transaction was committed is not known: look before it is run again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_longest_and_differ() {
        let policy = RetryPolicy::new().max_backoff(Duration::from_millis(50));
        for runs in [1, 2, 3, 40, u32::MAX] {
            let longest = Duration::from_millis(20 << (runs - 1).min(2)).min(policy.max_backoff);
            let waits: Vec<Duration> = (0..64).map(|_| policy.wait(runs)).collect();
            assert!(waits.iter().all(|wait| *wait <= longest), "{runs}: {waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "{runs}: all are the same");
        }
    }

    #[test]
    fn only_errors_that_may_pass_are_covered() {
        let (once, lost) = (Error::operational("deadlock").retryable(), Error::operational("gone"));
        let lost = lost.disconnected();
        assert!(RetryPolicy::new().covers(&once) && RetryPolicy::new().covers(&lost));
        assert!(!RetryPolicy::new().retry_disconnects(false).covers(&lost));
        assert!(!RetryPolicy::new().covers(&Error::integrity("unique")));
    }
}
