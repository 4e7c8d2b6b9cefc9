//! A run of a case: its connections, its tables, and what it notes.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aludel::abi::host::{DriverConnection, DriverCursor, ExecuteOptions, Limits};
use aludel::dbapi::TwoPhase;

use crate::flaw::{Flaw, Step};
use crate::journal::Journal;
use crate::quirks::Quirks;
use crate::session::{Session, done};
use crate::sql::fill;
use crate::target::Target;

/// How often a case does what it checks, so that a fault that shows only every seventh time shows.
/// Each round makes a number of calls that is no multiple of seven.
pub const ROUNDS: i64 = 8;

/// Numbers names, so that no two cases of a process meet.
static NAMES: AtomicU32 = AtomicU32::new(1);

/// What a case gets.
#[derive(Debug)]
pub struct Trial {
    target: Arc<Target>,
    quirks: Arc<Quirks>,
    journal: Journal,
    sessions: usize,
    /// Makes the tables; kept, because an in-memory database may live only as long as it.
    home: Option<Session>,
    /// What undoes what the case leaves in the database.
    remains: Vec<String>,
    /// Two-phase transactions that it may leave between the phases.
    xids: Vec<String>,
    pub(crate) notes: Vec<String>,
    pub(crate) expansions: usize,
    pub(crate) is_partial: bool,
}

impl Trial {
    pub(crate) fn new(target: Arc<Target>, quirks: Arc<Quirks>, journal: Journal) -> Self {
        Trial {
            target,
            quirks,
            journal,
            sessions: 0,
            home: None,
            remains: Vec::new(),
            xids: Vec::new(),
            notes: Vec::new(),
            expansions: 0,
            is_partial: false,
        }
    }

    /// The dialect and its database.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// How the database does what not every database does alike.
    pub fn quirks(&self) -> Arc<Quirks> {
        Arc::clone(&self.quirks)
    }

    /// A new connection.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn connect(&mut self) -> Step<Session> {
        self.sessions += 1;
        self.journal.note(self.sessions, "connect");
        let connection = done("connect", self.target.connect(Limits::within(CONNECT)))?;
        Ok(Session::new(connection, self.journal.clone(), self.sessions))
    }

    /// A connection that the case itself has opened.
    pub fn adopt(&mut self, connection: DriverConnection) -> Session {
        self.sessions += 1;
        Session::new(connection, self.journal.clone(), self.sessions)
    }

    /// A name that nothing in the database has.
    pub fn name(&self) -> String {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        format!("kit_{}_{number}", process::id())
    }

    /// A new table with these columns, whose types are written `{integer}`, `{text}` and so on.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn table(&mut self, columns: &str) -> Step<String> {
        let name = self.name();
        self.table_named(&name, columns)?;
        Ok(name)
    }

    /// A new table of this name, which is dropped when the case ends.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn table_named(&mut self, name: &str, columns: &str) -> Step<()> {
        let sql = format!("create table {name} ({})", self.quirks.spell(columns));
        self.will_drop(name);
        self.at_home(&sql)
    }

    /// A new table `n {integer}, s {text}` with the rows `(1, 'row 1')` and so on.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn filled_table(&mut self, rows: i64) -> Step<String> {
        let name = self.table("n {integer}, s {text}")?;
        let home = self.home()?;
        let prepared = home.prepare(&format!("insert into {name} (n, s) values (?, ?)"))?;
        for number in 1..=rows {
            home.execute(&prepared, &[number.into(), format!("row {number}").into()])?;
        }
        home.close_statement(prepared);
        Ok(name)
    }

    /// An identifier for a two-phase transaction, which is rolled back when the case ends.
    pub fn xid(&mut self) -> String {
        let xid = self.name();
        self.will_end(&xid);
        xid
    }

    /// Notes a two-phase transaction, so that it is rolled back when the case ends.
    pub fn will_end(&mut self, xid: &str) {
        self.xids.push(xid.to_owned());
    }

    /// Notes a table that the case itself makes, so that it is dropped when the case ends.
    pub fn will_drop(&mut self, table: &str) {
        self.will_run(fill(self.quirks.drop_table, &[("table", table)]));
    }

    /// Notes a statement that is executed when the case ends, also when it fails; the last one
    /// first.
    pub fn will_run(&mut self, sql: impl Into<String>) {
        self.remains.push(sql.into());
    }

    /// Executes on a connection that the case does not use otherwise.
    ///
    /// # Errors
    /// A [`Flaw`](crate::Flaw) when the dialect refuses.
    pub fn at_home(&mut self, sql: &str) -> Step<()> {
        self.home()?.run(sql, &[]).map(drop)
    }

    fn home(&mut self) -> Step<&mut Session> {
        if self.home.is_none() {
            self.home = Some(self.connect()?);
        }
        Ok(self.home.as_mut().expect("invariant: set just above"))
    }

    /// Notes a value or variant that was tried.
    pub fn tried(&mut self) {
        self.expansions += 1;
    }

    /// Notes what the database cannot represent: the case passes in part.
    pub fn cannot_represent(&mut self, what: impl Into<String>) {
        self.is_partial = true;
        self.notes.push(what.into());
    }

    /// The end of a case that cannot be made here.
    pub fn unsupported(&self, why: impl Into<String>) -> Flaw {
        Flaw::Unsupported(why.into())
    }

    /// Removes what the case has left, last one first. What fails here is nobody's business: the
    /// case has said what it has to say.
    pub(crate) fn clean_up(&mut self) {
        self.home = None;
        let remains: Vec<String> = self.remains.drain(..).rev().collect();
        if remains.is_empty() && self.xids.is_empty() {
            return;
        }
        let Ok(connection) = self.target.connect(Limits::within(CONNECT)) else { return };
        let mut session = Session::new(connection, self.journal.clone(), 0);
        // A transaction between the phases holds locks.
        for xid in self.xids.drain(..) {
            let _ = session.raw().two_phase(TwoPhase::Rollback, &xid, Limits::within(CONNECT));
        }
        for sql in remains {
            let options = ExecuteOptions::default().limits(Limits::within(CONNECT));
            if let Ok(prepared) = session.prepare(&sql) {
                // What still runs for the case may hold a lock on it.
                let connection = session.raw();
                let _ = connection
                    .execute(&prepared.statement, &(), options)
                    .and_then(DriverCursor::finish);
                session.close_statement(prepared);
            }
        }
    }
}

/// Time for connecting, and for each step of cleaning up.
const CONNECT: Duration = Duration::from_secs(10);
