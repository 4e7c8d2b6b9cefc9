//! The connection: its state, and aludel's trait over the parts in other files.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use aludel::dbapi::{
    BulkChunk, BulkSpec, Call, Cancel, Connection, Notice, Notification, PrepareOptions, Prepared,
    ReflectFilter, ReflectKind, Savepoint, ServerInfo, TransactionOptions, TransactionState,
    TwoPhase,
};
use aludel::error::{Error, Result};
use aludel::value::{Value, ValueRef};

use super::bulk::Bulk;
use super::cache::StatementCache;
use super::cancel::{PostgresqlCancel, RunningCall};
use super::catalog::Catalog;
use super::link::Link;
use super::many::Unfinished;
use super::open::Open;
use super::parts::close_portal;
use super::statement::PostgresqlStatement;
use crate::config::Config;
use crate::split::first_statement;
use crate::startup::Session;

/// Numbers of connections, so that a statement knows its own.
static NEXT_CONNECTION: AtomicU64 = AtomicU64::new(1);

/// A connection to a PostgreSQL server.
pub struct PostgresqlConnection {
    pub(super) id: u64,
    pub(super) link: Link,
    pub(super) cache: StatementCache,
    pub(super) catalog: Catalog,
    /// False when statements must not outlive their flight on the server, as behind a proxy.
    pub(super) named_statements: bool,
    /// The result that was left open last.
    pub(super) open: Option<Open>,
    /// The bulk operation that has begun and was not ended.
    pub(super) bulk: Option<Bulk>,
    /// The two-phase transaction that has begun and was not prepared.
    pub(super) two_phase: Option<String>,
    /// Nothing begins: each statement commits itself.
    pub(super) is_autocommit: bool,
    /// The executemany whose next rows are to come, in a transaction that it has begun itself.
    pub(super) unfinished: Option<Unfinished>,
    /// The session may differ from what it was after connecting.
    pub(super) has_run: bool,
    last_statement: u64,
}

impl PostgresqlConnection {
    pub(crate) fn new(session: Session, config: &Config) -> Self {
        let mut link = Link::new(session);
        link.role().must_write = config.target_session_attrs.must_write();
        PostgresqlConnection {
            id: NEXT_CONNECTION.fetch_add(1, Relaxed),
            link,
            // What is not kept on the server is described at least while it is used.
            cache: StatementCache::new(config.statement_cache_size.max(1)),
            catalog: Catalog::default(),
            named_statements: config.prepared_statements,
            open: None,
            bulk: None,
            two_phase: None,
            is_autocommit: false,
            unfinished: None,
            has_run: false,
            last_statement: 0,
        }
    }

    /// Begins a call that needs the connection for itself: an open result is abandoned, a bulk
    /// operation must have ended. The call can be cancelled until what is returned is dropped.
    ///
    /// # Errors
    /// When the connection is gone, or the deadline has passed.
    pub(super) fn start(&mut self, call: &Call<'_>) -> Result<RunningCall> {
        let running = self.start_within(call)?;
        if self.unfinished.take().is_some() {
            self.undo_own_transaction()?;
        }
        Ok(running)
    }

    /// The same within the transaction of an executemany that goes on.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub(super) fn start_within(&mut self, call: &Call<'_>) -> Result<RunningCall> {
        self.check_no_bulk()?;
        self.link.start(call)?;
        let running = self.link.running().enter(call);
        if self.link.pipeline_is_open {
            self.link.cut_short();
        }
        if let Some(open) = self.open.take() {
            self.abandon(&open)?;
        } else if !self.link.is_ready() {
            self.link.drain()?;
        }
        Ok(running)
    }

    /// Gets rid of the open result when nobody waits for what comes after it. Inside a transaction
    /// what does not come at once is left to the next call, which may have a deadline: a result that
    /// is dropped on a dead link must not block.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub(super) fn let_go(&mut self, call: &Call<'_>) -> Result<()> {
        self.link.start(call)?;
        let is_idle = self.link.server_state() == TransactionState::Idle;
        if !is_idle && !call.has_deadline() && !self.link.drain_soon()? {
            return Ok(());
        }
        self.start(call).map(drop)
    }

    /// Begins a call that goes on with the open result.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub(super) fn resume(&mut self, call: &Call<'_>) -> Result<RunningCall> {
        self.link.start(call)?;
        Ok(self.link.running().enter(call))
    }

    /// Gets rid of what is left of a result. Its errors concern nobody any more.
    ///
    /// A query whose rows go on and on is cancelled, unless that would abort a transaction: there it
    /// runs in [parts](super::parts). All others are read to their end, because stopping them would
    /// undo what they do.
    fn abandon(&mut self, open: &Open) -> Result<()> {
        let may_stop = open.is_query && self.link.server_state() == TransactionState::Idle;
        if may_stop && !self.link.drain_soon()? {
            self.link.drain_stopped()?;
        }
        self.link.drain()?;
        if open.parts.is_some() && !open.complete {
            close_portal(&mut self.link.closes);
        }
        Ok(())
    }
}

impl Connection for PostgresqlConnection {
    type Statement = PostgresqlStatement;

    /// Asks the server nothing: that travels with the first execution.
    fn prepare(
        &mut self,
        sql: &str,
        _options: PrepareOptions,
        call: &Call<'_>,
    ) -> Result<Prepared<PostgresqlStatement>> {
        call.check()?;
        if let Some(prepared) = self.cache.of_text(sql) {
            self.last_statement += 1;
            let statement = PostgresqlStatement::known(self.last_statement, self.id, prepared);
            return Ok(Prepared { statement: Some(statement), consumed: sql.len() });
        }
        if let Some(at) = sql.find('\0') {
            return Err(nul_byte(sql, at));
        }
        let Some(first) = first_statement(sql) else {
            return Ok(Prepared { statement: None, consumed: sql.len() });
        };
        self.last_statement += 1;
        let statement = PostgresqlStatement::new(self.last_statement, self.id, &first);
        Ok(Prepared { statement: Some(statement), consumed: first.consumed })
    }

    fn begin(&mut self, options: &TransactionOptions<'_>, call: &Call<'_>) -> Result<()> {
        self.begin_transaction(options, call)
    }

    fn commit(&mut self, call: &Call<'_>) -> Result<()> {
        self.commit_transaction(call)
    }

    fn rollback(&mut self, call: &Call<'_>) -> Result<()> {
        self.rollback_transaction(call)
    }

    fn savepoint(&mut self, operation: Savepoint, name: &str, call: &Call<'_>) -> Result<()> {
        self.use_savepoint(operation, name, call)
    }

    fn two_phase(&mut self, operation: TwoPhase, xid: &str, call: &Call<'_>) -> Result<()> {
        self.do_two_phase(operation, xid, call)
    }

    fn recover(&mut self, call: &Call<'_>) -> Result<Vec<String>> {
        self.prepared_transactions(call)
    }

    /// One Sync: no statement runs, and an aborted transaction does not mind.
    fn ping(&mut self, call: &Call<'_>) -> Result<()> {
        let _running = self.start(call)?;
        self.link.ping()
    }

    fn is_alive(&self) -> bool {
        self.link.is_alive()
    }

    fn transaction_state(&self) -> TransactionState {
        self.link.transaction_state()
    }

    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        Some(Box::new(PostgresqlCancel(Arc::clone(self.link.running()))))
    }

    fn next_notification(&mut self, call: &Call<'_>) -> Result<Option<Notification>> {
        if call.remaining() == Some(Duration::ZERO) {
            // Nothing is waited for, and what has come is given.
            let _running = self.start(&Call::UNLIMITED)?;
            return self.link.notification_now();
        }
        let _running = self.start(call)?;
        self.link.next_notification()
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.link.unasked().next_notice()
    }

    fn get_option(&mut self, key: &str, call: &Call<'_>) -> Result<Value> {
        self.session_value(key, call)
    }

    fn set_option(&mut self, key: &str, value: ValueRef<'_>, call: &Call<'_>) -> Result<()> {
        self.set_session_value(key, value, call)
    }

    fn reset_session(&mut self, call: &Call<'_>) -> Result<()> {
        self.reset(call)
    }

    fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        call: &Call<'_>,
    ) -> Result<PostgresqlStatement> {
        self.reflection(kind, filter, call)
    }

    fn server_info(&mut self, call: &Call<'_>) -> Result<ServerInfo> {
        self.describe_server(call)
    }

    fn bulk_begin(&mut self, spec: &BulkSpec<'_>, call: &Call<'_>) -> Result<()> {
        self.begin_bulk(spec, call)
    }

    fn bulk_write(&mut self, chunk: BulkChunk<'_>, call: &Call<'_>) -> Result<()> {
        self.write_bulk(chunk, call)
    }

    fn bulk_read(&mut self, call: &Call<'_>) -> Result<Option<&[u8]>> {
        self.read_bulk(call)
    }

    fn bulk_end(&mut self, commit: bool, call: &Call<'_>) -> Result<u64> {
        self.end_bulk(commit, call)
    }

    fn close(&mut self, call: &Call<'_>) -> Result<()> {
        if !self.link.is_alive() {
            return Ok(());
        }
        self.link.start(call)?;
        self.link.terminate()
    }
}

#[cold]
fn nul_byte(sql: &str, at: usize) -> Error {
    Error::programming("the statement holds a NUL byte, which PostgreSQL's texts cannot")
        .with_sqlstate("22021")
        .with_position(at as u64)
        .with_statement(sql)
}
