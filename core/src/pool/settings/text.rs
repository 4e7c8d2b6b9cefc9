//! Settings from text, as configuration files have them.

use std::time::Duration;

use super::{
    Breaker, ConnectMode, EchoPool, PoolClass, PoolOrder, PoolSettings, Prefill, ResetOnReturn,
};
use crate::error::{Error, Result};

impl PoolSettings {
    /// Sets the setting `name` from text. Times are seconds, `0.5` too; `none` (and `-1` where
    /// SQLAlchemy writes it) means no limit; switches are `true` or `false`; the rest are words.
    /// `Ok(false)` when no setting of a pool has this name.
    ///
    /// ```
    /// # use aludel::pool::PoolSettings;
    /// let mut settings = PoolSettings::new();
    /// assert!(settings.set_text("pool_recycle", "3600")?);
    /// assert!(!settings.set_text("query_cache_size", "100")?);
    /// assert!(settings.set_text("pool_size", "many").is_err());
    /// # Ok::<(), aludel::Error>(())
    /// ```
    ///
    /// # Errors
    /// An [`Argument`](crate::ErrorKind::Argument) error when the text is not of the setting's type.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<bool> {
        let text = text.trim();
        let read = Reader { name, text };
        match name {
            "poolclass" => self.poolclass = read.word(PoolClass::from_word, PoolClass::WORDS)?,
            "pool_order" => self.pool_order = read.word(PoolOrder::from_word, PoolOrder::WORDS)?,
            "pool_reset_on_return" => self.pool_reset_on_return = Some(read.reset()?),
            "echo_pool" => self.echo_pool = Some(read.echo()?),
            "pool_prefill" => self.pool_prefill = read.word(Prefill::from_word, Prefill::WORDS)?,
            "pool_connect_mode" => {
                self.pool_connect_mode = read.word(ConnectMode::from_word, ConnectMode::WORDS)?;
            }
            "pool_breaker" => self.pool_breaker = read.word(Breaker::from_word, Breaker::WORDS)?,
            "pool_logging_name" => self.pool_logging_name = Some(text.to_owned()),
            "pool_pre_ping" => self.pool_pre_ping = Some(read.switch()?),
            "pool_use_lifo" => self.pool_use_lifo = Some(read.switch()?),
            "pool_histograms" => self.pool_histograms = Some(read.switch()?),
            "pool_max_lifetime_jitter" => {
                self.pool_max_lifetime_jitter = Some(read.parse("a fraction")?);
            }
            _ => return self.set_number(&read),
        }
        Ok(true)
    }

    fn set_number(&mut self, read: &Reader<'_>) -> Result<bool> {
        match read.name {
            "pool_size" => self.pool_size = Some(read.parse(WHOLE)?),
            "max_overflow" => self.max_overflow = Some(read.parse("a whole number from -1")?),
            "pool_min_idle" => self.pool_min_idle = Some(read.parse(WHOLE)?),
            "pool_max_waiters" => self.pool_max_waiters = Some(read.limit()?),
            "pool_max_connecting" => self.pool_max_connecting = Some(read.limit()?),
            "pool_breaker_threshold" => self.pool_breaker_threshold = Some(read.parse(WHOLE)?),
            "pool_timeout" => self.pool_timeout = Some(read.time()?),
            "pool_recycle" => self.pool_recycle = Some(read.time()?),
            "pool_idle_timeout" => self.pool_idle_timeout = Some(read.time()?),
            "pool_keepalive" => self.pool_keepalive = Some(read.time()?),
            "pool_connect_timeout" => self.pool_connect_timeout = Some(read.time()?),
            "pool_leak_threshold" => self.pool_leak_threshold = Some(read.time()?),
            "pool_bypass" => self.pool_bypass = Some(read.seconds()?),
            "pool_ping_idle" => self.pool_ping_idle = Some(read.seconds()?),
            "pool_ping_timeout" => self.pool_ping_timeout = Some(read.seconds()?),
            "pool_reset_timeout" => self.pool_reset_timeout = Some(read.seconds()?),
            "pool_close_timeout" => self.pool_close_timeout = Some(read.seconds()?),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

const WHOLE: &str = "a whole number from 0";

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn parse<T: std::str::FromStr>(&self, what: &str) -> Result<T> {
        self.text.parse().map_err(|_| self.refuse(what))
    }

    fn word<T>(&self, from: fn(&str) -> Option<T>, words: &[&str]) -> Result<Option<T>> {
        match from(self.text) {
            Some(choice) => Ok(Some(choice)),
            None => Err(self.refuse(&format!("one of {}", words.join(", ")))),
        }
    }

    fn switch(&self) -> Result<bool> {
        match self.text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "y" | "t" | "1" => Ok(true),
            "false" | "no" | "off" | "n" | "f" | "0" => Ok(false),
            _ => Err(self.refuse("`true` or `false`")),
        }
    }

    fn echo(&self) -> Result<EchoPool> {
        match EchoPool::from_word(self.text) {
            Some(echo) => Ok(echo),
            None => self
                .switch()
                .map(EchoPool::from)
                .map_err(|_| self.refuse(&format!("one of {}", EchoPool::WORDS.join(", ")))),
        }
    }

    fn reset(&self) -> Result<ResetOnReturn> {
        match self.text.to_ascii_lowercase().as_str() {
            "true" => Ok(ResetOnReturn::Rollback),
            "false" => Ok(ResetOnReturn::None),
            _ => ResetOnReturn::from_word(self.text)
                .ok_or_else(|| self.refuse("one of rollback, commit, none")),
        }
    }

    fn is_none(&self) -> bool {
        self.text.eq_ignore_ascii_case("none") || self.text == "-1"
    }

    fn limit(&self) -> Result<Option<u32>> {
        if self.is_none() { Ok(None) } else { self.parse(WHOLE).map(Some) }
    }

    fn time(&self) -> Result<Option<Duration>> {
        if self.is_none() { Ok(None) } else { self.seconds().map(Some) }
    }

    fn seconds(&self) -> Result<Duration> {
        let what = "a number of seconds from 0";
        let seconds: f64 = self.parse(what)?;
        Duration::try_from_secs_f64(seconds).map_err(|_| self.refuse(what))
    }

    #[cold]
    fn refuse(&self, what: &str) -> Error {
        Error::argument(format!("`{}` is `{}`, which is not {what}", self.name, self.text))
    }
}
