//! Options of the session: the standard keys, each with its type, and one that takes any value.

use std::collections::BTreeMap;

use aludel::dialect::option_key;
use aludel::{Error, Result, Value, ValueRef};

use crate::dialect::LEVELS;

/// Key of the option that keeps any value.
const ANYTHING: &str = "anything";

/// Options that were set.
#[derive(Default)]
pub(crate) struct Options {
    set: BTreeMap<String, Value>,
}

impl Options {
    /// The value of an option, or its default.
    pub(crate) fn get(&self, key: &str) -> Result<Value> {
        let default = match key {
            option_key::ISOLATION_LEVEL => Value::from("SERIALIZABLE"),
            option_key::AUTOCOMMIT | option_key::READ_ONLY => Value::Bool(false),
            option_key::SCHEMA | option_key::CATALOG => Value::from("main"),
            option_key::TIMEOUT => Value::I64(0),
            option_key::APPLICATION_NAME => Value::from(""),
            ANYTHING => Value::Null,
            _ => return Err(unknown(key)),
        };
        Ok(self.set.get(key).cloned().unwrap_or(default))
    }

    /// Sets an option.
    pub(crate) fn set(&mut self, key: &str, value: ValueRef<'_>) -> Result<()> {
        let fits = match key {
            option_key::ISOLATION_LEVEL => {
                matches!(value, ValueRef::Text(name) if LEVELS.iter().any(|l| l.name() == name))
            }
            option_key::AUTOCOMMIT | option_key::READ_ONLY => matches!(value, ValueRef::Bool(_)),
            option_key::SCHEMA | option_key::CATALOG | option_key::APPLICATION_NAME => {
                matches!(value, ValueRef::Text(_))
            }
            option_key::TIMEOUT => matches!(value, ValueRef::I64(0..)),
            ANYTHING => true,
            _ => return Err(unknown(key)),
        };
        if !fits {
            return Err(Error::argument(format!("{value:?} does not fit the option `{key}`")));
        }
        self.set.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    /// True when transactions must not write.
    pub(crate) fn read_only(&self) -> bool {
        self.set.get(option_key::READ_ONLY) == Some(&Value::Bool(true))
    }

    /// Back to the defaults.
    pub(crate) fn reset(&mut self) {
        self.set.clear();
    }
}

fn unknown(key: &str) -> Error {
    Error::not_supported(format!("there is no option `{key}`"))
}
