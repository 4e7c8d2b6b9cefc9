//! The session: its options, its reset, and what is known of the server.

use aludel::dbapi::{Call, ServerInfo, TransactionState};
use aludel::dialect::option_value::{milliseconds, text, truth};
use aludel::dialect::{Capability, Dialect, SqlRules, option_key};
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

use super::postgresql::PostgresqlConnection;
use super::transaction::no_such_level;
use crate::dialect::Postgresql;

/// What brings a session back to its beginning and keeps its prepared statements, which DISCARD ALL
/// would not. Plans stay too: the server renews them when something that they depend on changes.
const RESET: &str = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
     SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

impl PostgresqlConnection {
    /// Rolls back and resets, in one flight; sends nothing when nothing ran since the last time.
    pub(super) fn reset(&mut self, call: &Call<'_>) -> Result<()> {
        self.give_up_bulk(call)?;
        let _running = self.start(call)?;
        self.link.forget_put_off();
        self.is_autocommit = false;
        self.two_phase = None;
        let role = self.link.role();
        (role.is_read_only_session, role.is_read_only_transaction) = (false, false);
        let is_idle = self.link.server_state() == TransactionState::Idle;
        if is_idle && !self.has_run {
            return Ok(());
        }
        let rollback = if is_idle { "" } else { "ROLLBACK; " };
        self.link.query(&format!("{rollback}{RESET}"))?;
        self.link.send()?;
        self.link.until_ready(None, |_| Ok(()))?;
        self.link.unasked().forget();
        self.has_run = false;
        Ok(())
    }

    pub(super) fn session_value(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        let _running = self.start(call)?;
        let sql = match key {
            option_key::ISOLATION_LEVEL if self.is_autocommit => {
                return Ok(Value::Text("AUTOCOMMIT".into()));
            }
            option_key::ISOLATION_LEVEL => {
                let level = self.ask("SHOW default_transaction_isolation")?;
                return Ok(Value::Text(level.to_ascii_uppercase()));
            }
            option_key::AUTOCOMMIT => return Ok(Value::Bool(self.is_autocommit)),
            option_key::READ_ONLY => {
                let setting = self.ask("SHOW default_transaction_read_only")?;
                return Ok(Value::Bool(setting == "on"));
            }
            option_key::TIMEOUT => {
                let setting = self.ask(TIMEOUT)?;
                return Ok(Value::I64(setting.parse().unwrap_or(0)));
            }
            option_key::SCHEMA => "SELECT pg_catalog.current_schema()",
            option_key::CATALOG => "SELECT pg_catalog.current_database()",
            option_key::APPLICATION_NAME => "SHOW application_name",
            _ => return Err(unknown(key)),
        };
        Ok(Value::Text(self.ask(sql)?))
    }

    pub(super) fn set_session_value(
        &mut self,
        key: &str,
        value: ValueRef<'_>,
        call: &Call<'_>,
    ) -> Result<()> {
        let _running = self.start(call)?;
        match key {
            option_key::ISOLATION_LEVEL => self.set_isolation_level(text(key, value)?),
            option_key::AUTOCOMMIT => {
                let on = truth(key, value)?;
                self.refuse_in_transaction(key)?;
                self.is_autocommit = on;
                Ok(())
            }
            option_key::READ_ONLY => {
                let on = truth(key, value)?;
                self.refuse_in_transaction(key)?;
                let setting = if on { "on" } else { "off" };
                self.tell(&format!("SET default_transaction_read_only TO {setting}"))?;
                self.link.role().is_read_only_session = on;
                Ok(())
            }
            option_key::TIMEOUT => {
                let millis = milliseconds(key, value, MAX_TIMEOUT)?.as_millis();
                self.tell(&format!("SET statement_timeout TO {millis}"))
            }
            option_key::SCHEMA => {
                let schema = SqlRules::STANDARD.quote_identifier(text(key, value)?);
                self.tell(&format!("SET search_path TO {schema}"))
            }
            option_key::APPLICATION_NAME => {
                let name = literal(text(key, value)?);
                self.tell(&format!("SET application_name TO {name}"))
            }
            _ => Err(unknown(key)),
        }
    }

    fn set_isolation_level(&mut self, name: &str) -> Result<()> {
        let level = name.to_ascii_uppercase().replace('_', " ");
        self.refuse_in_transaction(option_key::ISOLATION_LEVEL)?;
        match level.as_str() {
            "AUTOCOMMIT" => {
                self.is_autocommit = true;
                return Ok(());
            }
            "READ UNCOMMITTED" | "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE" => {}
            _ => return Err(no_such_level(name)),
        }
        let level = level.to_ascii_lowercase();
        self.tell(&format!("SET default_transaction_isolation TO '{level}'"))?;
        self.is_autocommit = false;
        Ok(())
    }

    /// The only value of a query of the dialect's own.
    pub(super) fn ask(&mut self, sql: &str) -> Result<String> {
        let rows = self.link.apart(|link| link.rows_of(sql))?;
        let value = rows.into_iter().flatten().flatten().next();
        Ok(value.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default())
    }

    /// Changes the session. A BEGIN that was put off stays so: a rollback must not undo this.
    fn tell(&mut self, sql: &str) -> Result<()> {
        self.has_run = true;
        self.link.apart(|link| link.command(sql)).map(drop)
    }

    fn refuse_in_transaction(&self, key: &str) -> Result<()> {
        if self.link.transaction_state() == TransactionState::Idle {
            return Ok(());
        }
        Err(Error::invalid_request(format!("`{key}` cannot be changed inside a transaction"))
            .with_sqlstate("25001")
            .with_help("commit or roll back first"))
    }

    /// What is known of the server, and what it lacks of the dialect's capabilities.
    pub(super) fn describe_server(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        let _running = self.start(call)?;
        let parameters = self.link.parameters();
        let version = parameters.get("server_version").cloned().unwrap_or_default();
        let mut info = ServerInfo::new("PostgreSQL", version);
        if parameters.get("standard_conforming_strings").is_some_and(|setting| setting == "off") {
            info.rules.push(("backslash_escapes".into(), "true".into()));
        }
        // An aborted transaction answers no question.
        let may_ask = self.link.server_state() != TransactionState::Aborted;
        if may_ask && self.ask("SHOW max_prepared_transactions")? == "0" {
            let all = Postgresql::INFO.capabilities.iter();
            let kept = all.filter(|capability| **capability != Capability::TwoPhase);
            info.capabilities = Some(kept.map(|capability| capability.name().into()).collect());
        }
        Ok(info)
    }
}

/// The longest timeout in milliseconds: the server's setting is an integer of 32 bits.
const MAX_TIMEOUT: u64 = i32::MAX as u64;

/// Milliseconds, whatever unit SHOW would choose.
const TIMEOUT: &str = "SELECT setting FROM pg_catalog.pg_settings WHERE name = 'statement_timeout'";

/// Text as a literal that means the same under every setting.
pub(super) fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cold]
fn unknown(key: &str) -> Error {
    Error::not_supported(format!("PostgreSQL has no session option `{key}`"))
        .with_sqlstate("0A000")
        .with_help(
            "it has isolation_level, autocommit, read_only, timeout, schema, application_name and \
             (to be read) catalog; set others by SET",
        )
}
