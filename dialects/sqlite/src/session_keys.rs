//! Session options by their keys.

use std::time::Duration;

use aludel::dbapi::{Call, IsolationLevel};
use aludel::dialect::option_key;
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

use crate::begin_mode::BeginMode;
use crate::connection::SqliteConnection;
use crate::transaction::no_such_level;

const BEGIN: &str = "begin";
const BUSY_TIMEOUT: &str = "busy_timeout";
const FOREIGN_KEYS: &str = "foreign_keys";

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
                self.set_statement_timeout(milliseconds(key, value)?);
                Ok(())
            }
            BEGIN => {
                self.session.begin = BeginMode::parse("session option `begin`", text(key, value)?)?;
                Ok(())
            }
            BUSY_TIMEOUT => {
                self.set_busy_timeout(milliseconds(key, value)?);
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

#[cold]
fn wrong(key: &str, wanted: &str, value: ValueRef<'_>) -> Error {
    Error::argument(format!("session option `{key}` must be {wanted}, not {}", value.kind_name()))
}

fn text<'v>(key: &str, value: ValueRef<'v>) -> Result<&'v str> {
    match value {
        ValueRef::Text(text) => Ok(text),
        _ => Err(wrong(key, "text", value)),
    }
}

fn truth(key: &str, value: ValueRef<'_>) -> Result<bool> {
    match value {
        ValueRef::Bool(truth) => Ok(truth),
        ValueRef::I64(number @ (0 | 1)) => Ok(number == 1),
        _ => Err(wrong(key, "true or false", value)),
    }
}

fn milliseconds(key: &str, value: ValueRef<'_>) -> Result<Duration> {
    let millis = match value {
        ValueRef::I64(millis) => u64::try_from(millis).ok(),
        ValueRef::U64(millis) => Some(millis),
        _ => return Err(wrong(key, "a number of milliseconds", value)),
    };
    millis.map(Duration::from_millis).ok_or_else(|| {
        Error::argument(format!("session option `{key}` must be a number of milliseconds from 0"))
    })
}
