//! Session options by their keys.

use std::time::Duration;

use aludel::dbapi::{Call, IsolationLevel};
use aludel::dialect::option_key;
use aludel::dialect::option_value::{milliseconds, text, truth};
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

use crate::begin_mode::BeginMode;
use crate::connection::SqliteConnection;
use crate::transaction::no_such_level;

const BEGIN: &str = "begin";
const BUSY_TIMEOUT: &str = "busy_timeout";
const FOREIGN_KEYS: &str = "foreign_keys";

/// Longest time that is read back as it was set.
const MAX_MILLIS: u64 = i64::MAX as u64;

impl SqliteConnection {
    pub(crate) fn session_value(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        self.start(call)?;
        let session = &self.session;
        let millis =
            |time: Duration| Value::I64(i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
        Ok(match key {
            option_key::ISOLATION_LEVEL => {
                let level = match (session.autocommit, session.read_uncommitted) {
                    (true, _) => IsolationLevel::Autocommit,
                    (false, true) => IsolationLevel::ReadUncommitted,
                    (false, false) => IsolationLevel::Serializable,
                };
                Value::Text(level.name().into())
            }
            option_key::AUTOCOMMIT => Value::Bool(session.autocommit),
            option_key::READ_ONLY => Value::Bool(session.read_only),
            option_key::TIMEOUT => millis(session.statement_timeout),
            BEGIN => Value::Text(session.begin.name().into()),
            BUSY_TIMEOUT => millis(session.busy_timeout),
            FOREIGN_KEYS => Value::Bool(self.db.foreign_keys()),
            _ => return Err(unknown(key)),
        })
    }

    pub(crate) fn set_session_value(
        &mut self,
        key: &str,
        value: ValueRef<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        self.start(call)?;
        match key {
            option_key::ISOLATION_LEVEL => self.set_isolation_level(text(key, value)?),
            option_key::AUTOCOMMIT => {
                self.set_isolation(self.session.read_uncommitted, truth(key, value)?)
            }
            option_key::READ_ONLY => self.set_read_only(truth(key, value)?),
            option_key::TIMEOUT => {
                self.set_statement_timeout(milliseconds(key, value, MAX_MILLIS)?);
                Ok(())
            }
            BEGIN => {
                self.session.begin = BeginMode::parse("session option `begin`", text(key, value)?)?;
                Ok(())
            }
            BUSY_TIMEOUT => {
                self.set_busy_timeout(milliseconds(key, value, MAX_MILLIS)?);
                Ok(())
            }
            FOREIGN_KEYS => self.set_foreign_keys(truth(key, value)?),
            _ => Err(unknown(key)),
        }
    }

    fn set_isolation_level(&mut self, name: &str) -> Result<()> {
        match name.to_ascii_uppercase().replace('_', " ").as_str() {
            "SERIALIZABLE" => self.set_isolation(false, false),
            "READ UNCOMMITTED" => self.set_isolation(true, false),
            "AUTOCOMMIT" => self.set_isolation(self.session.read_uncommitted, true),
            _ => Err(no_such_level(name)),
        }
    }
}

#[cold]
fn unknown(key: &str) -> Error {
    Error::not_supported(format!("SQLite has no session option `{key}`"))
        .with_sqlstate("0A000")
        .with_help(
            "it has isolation_level, autocommit, read_only, timeout, busy_timeout, begin and \
             foreign_keys",
        )
}
