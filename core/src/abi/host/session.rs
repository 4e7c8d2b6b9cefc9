//! The session: scripts, ping, reset, options, notices, notifications, reflection.

use core::ffi::c_void;

use super::connection::DriverConnection;
use super::dialect::{collect, server_info};
use super::execute::ExecuteOptions;
use super::limits::Limits;
use super::params::unencodable;
use super::statement::DriverStatement;
use crate::abi::data::{Cell, NoticeOut, NotificationOut, RawStatement, ReflectArgs, Str};
use crate::abi::encode::{Blocks, encode};
use crate::dbapi::{
    Notice, Notification, PrepareOptions, ReflectFilter, ReflectKind, ScriptOutcome, ServerInfo,
};
use crate::error::{Error, ErrorKind, Result};
use crate::value::{Value, ValueRef};

/// True for errors that say that the dialect does not have something.
fn is_absent<T>(result: &Result<T>) -> bool {
    result.as_ref().err().is_some_and(|error| error.kind() == ErrorKind::NotSupported)
}

impl DriverConnection {
    /// Executes all statements of the text and discards their rows. `outcome` tells how far it
    /// came, also when a statement fails.
    ///
    /// # Errors
    /// That of the first statement that fails.
    pub fn execute_script(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        limits: Limits,
    ) -> Result<()> {
        let Some(entry) = self.table.execute_script else {
            return self.execute_script_singly(sql, outcome, limits);
        };
        let (mut consumed, mut affected) = (0, 0);
        let result = self.call(limits, |data, call, error| {
            let sql = Str::new(sql);
            // SAFETY: live connection, valid pointers, no other call on the connection; so in all
            // of this file.
            unsafe { entry(data, sql, call, &raw mut consumed, &raw mut affected, error) }
        });
        let consumed = consumed.min(sql.len());
        if !sql.is_char_boundary(consumed) {
            return Err(self.lie("says that a script ended inside a character"));
        }
        *outcome = ScriptOutcome { consumed, affected };
        result.map(drop).map_err(|error| error.with_statement(sql))
    }

    fn execute_script_singly(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        limits: Limits,
    ) -> Result<()> {
        while outcome.consumed < sql.len() {
            let rest = sql.get(outcome.consumed..).unwrap_or("");
            let (statement, consumed) =
                self.prepare(rest, PrepareOptions { one_shot: true }, limits)?;
            let Some(statement) = statement else { break };
            let options = ExecuteOptions::default().limits(limits);
            let affected = self.start(&statement, &(), options).and_then(|mut progress| {
                self.drain(&mut progress).map(|_| progress.affected().unwrap_or(0))
            });
            self.close_statement(statement);
            outcome.affected = outcome
                .affected
                .saturating_add(affected.map_err(|error| error.with_statement(rest))?);
            if consumed == 0 {
                return Err(Error::internal("the dialect prepared a statement of no length"));
            }
            outcome.consumed += consumed;
        }
        outcome.consumed = sql.len();
        Ok(())
    }

    /// Asks the server for a sign of life. Dialects without a ping of their own execute their ping
    /// statement.
    ///
    /// # Errors
    /// A [disconnect](crate::Error::is_disconnect) when there is none.
    pub fn ping(&mut self, limits: Limits) -> Result<()> {
        if let Some(ping) = self.table.ping {
            // SAFETY: see `execute_script`.
            let result = self.call(limits, |data, call, error| unsafe { ping(data, call, error) });
            if !is_absent(&result) {
                return result.map(drop);
            }
        }
        let sql = self.info().ping_statement;
        self.execute_script_singly(sql, &mut ScriptOutcome::default(), limits)
    }

    /// Rolls back and brings the session to its state after connecting. Dialects without it roll
    /// back only.
    ///
    /// # Errors
    /// What the database reports; the connection should then be discarded.
    pub fn reset_session(&mut self, limits: Limits) -> Result<()> {
        if let Some(reset) = self.table.reset_session {
            // SAFETY: see `execute_script`.
            let result = self.call(limits, |data, call, error| unsafe { reset(data, call, error) });
            if !is_absent(&result) {
                return result.map(drop);
            }
        }
        let result = self.rollback(limits);
        if is_absent(&result) { Ok(()) } else { result }
    }

    /// Reads a session option.
    ///
    /// # Errors
    /// `NotSupported` when the dialect does not have it.
    pub fn get_option(&mut self, key: &str, limits: Limits) -> Result<Value> {
        let entry = self.table.get_option.ok_or_else(|| self.missing("session options"))?;
        let mut cell = Cell::NULL;
        self.call(limits, |data, call, error| {
            // SAFETY: see `execute_script`.
            unsafe { entry(data, Str::new(key), call, &raw mut cell, error) }
        })?;
        // SAFETY: the dialect lends the value until the next call; it is copied here.
        let value = unsafe { cell.value() };
        value.map(|value| value.to_owned()).map_err(|error| Error::conversion(error.to_string()))
    }

    /// Sets a session option.
    ///
    /// # Errors
    /// `NotSupported` when the dialect does not have it; `Argument` for values out of range.
    pub fn set_option(&mut self, key: &str, value: ValueRef<'_>, limits: Limits) -> Result<()> {
        let entry = self.table.set_option.ok_or_else(|| self.missing("session options"))?;
        let mut blocks = Blocks::default();
        let cell = encode(value, &mut blocks).ok_or_else(unencodable)?;
        self.call(limits, |data, call, error| {
            // SAFETY: see `execute_script`; the blocks live until after the call.
            unsafe { entry(data, Str::new(key), &raw const cell, call, error) }
        })
        .map(drop)
    }

    /// The oldest notice of the server that has not been taken yet. Never waits.
    ///
    /// # Errors
    /// Only when the dialect fails.
    pub fn next_notice(&mut self) -> Result<Option<Notice>> {
        let Some(entry) = self.table.next_notice else { return Ok(None) };
        let mut out = NoticeOut {
            severity: Str::EMPTY,
            message: Str::EMPTY,
            sqlstate: [0; 8],
            native_code: 0,
            reserved: [0; 2],
        };
        // SAFETY: see `execute_script`.
        let there =
            self.call(Limits::NONE, |data, _, error| unsafe { entry(data, &raw mut out, error) })?;
        let sqlstate = out.sqlstate[..5].to_vec();
        // SAFETY: the dialect lends the texts until the next call; they are copied here.
        Ok(there.then(|| unsafe {
            Notice {
                severity: out.severity.text().into_owned(),
                message: out.message.text().into_owned(),
                sqlstate: String::from_utf8(sqlstate).ok().filter(|state| !state.starts_with('\0')),
                native_code: (out.native_code != 0).then_some(out.native_code),
            }
        }))
    }

    /// The next notification; waits until the deadline, `None` when none came.
    ///
    /// # Errors
    /// `NotSupported` when the database has none.
    pub fn next_notification(&mut self, limits: Limits) -> Result<Option<Notification>> {
        let entry = self.table.next_notification.ok_or_else(|| self.missing("notifications"))?;
        let mut out = NotificationOut {
            channel: Str::EMPTY,
            payload: Str::EMPTY,
            sender: 0,
            reserved: [0; 2],
        };
        // SAFETY: see `execute_script`.
        let there = self
            .call(limits, |data, call, error| unsafe { entry(data, call, &raw mut out, error) })?;
        // SAFETY: the dialect lends the texts until the next call; they are copied here.
        Ok(there.then(|| unsafe {
            Notification {
                channel: out.channel.text().into_owned(),
                payload: out.payload.text().into_owned(),
                sender: (out.sender != 0).then_some(out.sender),
            }
        }))
    }

    /// A statement whose rows answer a question about the schema.
    ///
    /// # Errors
    /// `NotSupported` when the dialect cannot answer it.
    pub fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        limits: Limits,
    ) -> Result<DriverStatement> {
        let entry = self.table.reflect.ok_or_else(|| self.missing("reflection"))?;
        let args = ReflectArgs {
            size: size_of::<ReflectArgs>(),
            kind: kind.code(),
            flags: 0,
            catalog: Str::new(filter.catalog),
            schema: Str::new(filter.schema),
            table: Str::new(filter.table),
            reserved: [0; 2],
        };
        let mut raw = RawStatement { data: core::ptr::null_mut(), vt: core::ptr::null() };
        self.call(limits, |data, call, error| {
            // SAFETY: see `execute_script`.
            unsafe { entry(data, &raw const args, call, &raw mut raw, error) }
        })?;
        self.adopt_statement(raw)
    }

    /// What is known of the server.
    ///
    /// # Errors
    /// `NotSupported` when the dialect cannot tell.
    pub fn server_info(&mut self, limits: Limits) -> Result<ServerInfo> {
        let entry = self.table.server_info.ok_or_else(|| self.missing("server information"))?;
        let mut pairs: Vec<(String, String)> = Vec::new();
        let context = (&raw mut pairs).cast::<c_void>();
        // SAFETY: see `execute_script`; `collect` expects this context.
        self.call(limits, |data, call, error| unsafe {
            entry(data, collect, context, call, error)
        })?;
        Ok(server_info(pairs))
    }
}
