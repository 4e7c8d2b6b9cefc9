//! Connections: every method there is, each a few lines over the modules that hold the behaviour.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aludel::dbapi::{
    BulkChunk, BulkSpec, Call, Cancel, Connection, Notice, Notification, ParamDirection,
    PrepareOptions, Prepared, ReflectFilter, ReflectKind, Savepoint, ScriptOutcome, ServerInfo,
    TransactionOptions, TransactionState, TwoPhase,
};
use aludel::dialect::{Capability, ConnectArgs, Dialect as _};
use aludel::{Error, Result, Value, ValueRef};

use crate::bulk::Bulk;
use crate::cancel::{Handle, Waiting};
use crate::database::{self, Database};
use crate::dialect::Everything;
use crate::options::Options;
use crate::probe::Probe;
use crate::script::{self, Command};
use crate::statement::EverythingStatement;
use crate::transaction::Transaction;
use crate::{command, coverage, failure, reflection};

static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// A connection to a database in memory.
pub struct EverythingConnection {
    pub(crate) number: u64,
    pub(crate) database: Arc<Database>,
    pub(crate) probe: Arc<Probe>,
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) transaction: Transaction,
    pub(crate) options: Options,
    pub(crate) notices: VecDeque<Notice>,
    pub(crate) alive: bool,
    pub(crate) flushes: u64,
    bulk: Option<Bulk>,
    /// Notifications that were heard.
    heard: usize,
    arguments: Vec<(String, String)>,
}

impl EverythingConnection {
    pub(crate) fn open(args: &ConnectArgs<'_>, call: &Call<'_>) -> Result<Self> {
        let database = database::open(args.database);
        let waiting: Arc<Waiting> = Arc::default();
        waiting.wait(args.seconds_option("wait")?.unwrap_or(Duration::ZERO), call)?;
        Ok(EverythingConnection {
            number: CONNECTIONS.fetch_add(1, Ordering::Relaxed) + 1,
            heard: database.notification_count(),
            database,
            probe: Arc::default(),
            waiting,
            transaction: Transaction::default(),
            options: Options::default(),
            notices: VecDeque::new(),
            alive: true,
            flushes: 0,
            bulk: None,
            arguments: describe(args),
        })
    }

    /// The table as this connection sees it.
    pub(crate) fn table(&self) -> Vec<Vec<Value>> {
        let committed = self.database.entries().into_iter();
        let all = committed.chain(self.transaction.entries().iter().cloned());
        all.map(|(key, value)| vec![key, value]).collect()
    }

    pub(crate) fn arguments(&self) -> Vec<Vec<Value>> {
        let pairs = self.arguments.iter();
        pairs.map(|(name, value)| vec![name.as_str().into(), value.as_str().into()]).collect()
    }

    fn statement(&self, command: Command) -> EverythingStatement {
        EverythingStatement::new(Arc::clone(&self.probe), command)
    }

    fn bulk(&mut self) -> Result<&mut Bulk> {
        self.bulk.as_mut().ok_or_else(|| Error::programming("no bulk operation has begun"))
    }
}

/// What the connection was opened with. It is a test's password, not a secret.
fn describe(args: &ConnectArgs<'_>) -> Vec<(String, String)> {
    let mut pairs = vec![("scheme".to_owned(), args.scheme.to_owned())];
    for host in &args.hosts {
        pairs.push(("host".into(), format!("{}:{:?}", host.host(), host.port())));
    }
    let parts =
        [("username", args.username), ("password", args.password), ("database", args.database)];
    pairs.extend(parts.map(|(name, part)| (name.to_owned(), format!("{part:?}"))));
    pairs.extend(args.options.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    if args.engine != 0 {
        pairs.push(("engine".into(), args.engine.to_string()));
    }
    if args.is_untrusted {
        pairs.push(("untrusted".into(), "true".into()));
    }
    pairs
}

impl Connection for EverythingConnection {
    type Statement = EverythingStatement;

    fn prepare(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        _: &Call<'_>,
    ) -> Result<Prepared<EverythingStatement>> {
        self.probe.enter("ConnectionVt.prepare");
        if options.one_shot && sql.starts_with("select") {
            self.notices.push_back(Notice { message: "one shot".into(), ..Notice::default() });
        }
        let (command, consumed) = script::first(sql)?;
        Ok(Prepared { statement: command.map(|command| self.statement(command)), consumed })
    }

    fn prepare_call(
        &mut self,
        procedure: &str,
        directions: &[ParamDirection],
        _: &Call<'_>,
    ) -> Result<EverythingStatement> {
        self.probe.enter("ConnectionVt.prepare_call");
        let known = [ParamDirection::In, ParamDirection::InOut, ParamDirection::Out];
        if procedure != "add" || directions != known {
            let message = format!("there is no procedure {procedure} of {directions:?}");
            return Err(Error::programming(message).with_sqlstate("42883"));
        }
        Ok(self.statement(Command::Call(procedure.to_owned())))
    }

    fn execute_script(
        &mut self,
        sql: &str,
        outcome: &mut ScriptOutcome,
        call: &Call<'_>,
    ) -> Result<()> {
        self.probe.enter("ConnectionVt.execute_script");
        while outcome.consumed < sql.len() {
            let (command, consumed) = script::first(&sql[outcome.consumed..])?;
            if let Some(command) = command {
                for answer in command::run(&command, self, aludel::dbapi::Params::EMPTY, call)? {
                    outcome.affected += answer.affected.unwrap_or(0);
                }
            }
            outcome.consumed += consumed;
        }
        Ok(())
    }

    fn begin(&mut self, options: &TransactionOptions<'_>, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.begin");
        self.transaction.begin(options)
    }

    fn commit(&mut self, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.commit");
        self.transaction.commit(&self.database)
    }

    fn rollback(&mut self, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.rollback");
        self.transaction.rollback();
        Ok(())
    }

    fn savepoint(&mut self, operation: Savepoint, name: &str, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.savepoint");
        self.transaction.savepoint(operation, name)
    }

    fn two_phase(&mut self, operation: TwoPhase, xid: &str, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.two_phase");
        self.transaction.two_phase(operation, xid, &self.database)
    }

    fn recover(&mut self, _: &Call<'_>) -> Result<Vec<String>> {
        self.probe.enter("ConnectionVt.recover");
        Ok(self.database.prepared())
    }

    fn ping(&mut self, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.ping");
        if self.alive { Ok(()) } else { Err(failure::gone()) }
    }

    fn reset_session(&mut self, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.reset_session");
        self.transaction.rollback();
        self.options.reset();
        self.notices.clear();
        Ok(())
    }

    fn is_alive(&self) -> bool {
        self.probe.enter("ConnectionVt.is_alive");
        self.alive
    }

    fn transaction_state(&self) -> TransactionState {
        self.probe.enter("ConnectionVt.transaction_state");
        self.transaction.state()
    }

    fn cancel_handle(&self) -> Option<Box<dyn Cancel>> {
        self.probe.enter("ConnectionVt.cancel_handle");
        let (waiting, probe) = (Arc::clone(&self.waiting), Arc::clone(&self.probe));
        Some(Box::new(Handle { waiting, probe }))
    }

    fn get_option(&mut self, key: &str, _: &Call<'_>) -> Result<Value> {
        self.probe.enter("ConnectionVt.get_option");
        self.options.get(key)
    }

    fn set_option(&mut self, key: &str, value: ValueRef<'_>, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.set_option");
        coverage::received(value);
        self.options.set(key, value)
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.probe.enter("ConnectionVt.next_notice");
        self.notices.pop_front()
    }

    fn next_notification(&mut self, call: &Call<'_>) -> Result<Option<Notification>> {
        self.probe.enter("ConnectionVt.next_notification");
        let next = self.database.wait(self.heard, call);
        self.heard += usize::from(next.is_some());
        Ok(next)
    }

    fn bulk_begin(&mut self, spec: &BulkSpec<'_>, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.bulk_begin");
        let entries = self.table().into_iter().map(|mut row| (row.remove(0), row.remove(0)));
        self.bulk = Some(Bulk::begin(spec, entries.collect())?);
        Ok(())
    }

    fn bulk_write(&mut self, chunk: BulkChunk<'_>, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.bulk_write");
        self.bulk()?.write(chunk)
    }

    fn bulk_read(&mut self, _: &Call<'_>) -> Result<Option<&[u8]>> {
        self.probe.enter("ConnectionVt.bulk_read");
        self.bulk()?.read()
    }

    fn bulk_end(&mut self, commit: bool, _: &Call<'_>) -> Result<u64> {
        self.probe.enter("ConnectionVt.bulk_end");
        self.bulk()?;
        let bulk = self.bulk.take().filter(|_| commit);
        let (entries, moved) = bulk.map_or(Ok((Vec::new(), 0)), Bulk::end)?;
        self.transaction.insert(entries, self.options.read_only(), &self.database)?;
        Ok(moved)
    }

    fn reflect(
        &mut self,
        kind: ReflectKind,
        filter: &ReflectFilter<'_>,
        _: &Call<'_>,
    ) -> Result<EverythingStatement> {
        self.probe.enter("ConnectionVt.reflect");
        let answer = reflection::answer(kind, filter)?;
        Ok(EverythingStatement::answered(Arc::clone(&self.probe), answer))
    }

    fn server_info(&mut self, _: &Call<'_>) -> Result<ServerInfo> {
        self.probe.enter("ConnectionVt.server_info");
        let mut info = ServerInfo::new("Everything", Everything::INFO.version);
        let all = Capability::ALL.iter().map(|capability| capability.name().to_owned());
        info.capabilities = Some(all.collect());
        info.rules = vec![("backslash_escapes".into(), "true".into())];
        Ok(info)
    }

    fn close(&mut self, _: &Call<'_>) -> Result<()> {
        self.probe.enter("ConnectionVt.close");
        if self.alive { Ok(()) } else { Err(failure::gone()) }
    }
}

impl Drop for EverythingConnection {
    fn drop(&mut self) {
        self.probe.enter("ConnectionVt.free");
    }
}
