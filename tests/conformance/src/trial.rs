//! A run of a case: its connections, its tables, and what it notes.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aludel::abi::host::{DriverConnection, Limits};

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
    tables: Vec<String>,
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
            tables: Vec::new(),
            notes: Vec::new(),
            expansions: 0,
            is_partial: false,
        }
    }

    /// The dialect and its database.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// How the database does what not every database does alike.
    pub(crate) fn quirks(&self) -> Arc<Quirks> {
        Arc::clone(&self.quirks)
    }

    /// A new connection.
    pub(crate) fn connect(&mut self) -> Step<Session> {
        self.sessions += 1;
        self.journal.note(self.sessions, "connect");
        let connection = done("connect", self.target.connect(Limits::within(CONNECT)))?;
        Ok(Session::new(connection, self.journal.clone(), self.sessions))
    }

    /// A connection that the case itself has opened.
    pub(crate) fn adopt(&mut self, connection: DriverConnection) -> Session {
        self.sessions += 1;
        Session::new(connection, self.journal.clone(), self.sessions)
    }

    /// A name that nothing in the database has.
    pub(crate) fn name(&self) -> String {
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        format!("kit_{}_{number}", process::id())
    }

    /// A new table with these columns, whose types are written `{integer}`, `{text}` and so on.
    pub(crate) fn table(&mut self, columns: &str) -> Step<String> {
        let name = self.name();
        self.table_named(&name, columns)?;
        Ok(name)
    }

    /// A new table of this name, which is dropped when the case ends.
    pub(crate) fn table_named(&mut self, name: &str, columns: &str) -> Step<()> {
        let sql = format!("create table {name} ({})", self.quirks.spell(columns));
        self.will_drop(name);
        self.at_home(&sql)
    }

    /// A new table `n {integer}, s {text}` with the rows `(1, 'row 1')` and so on.
    pub(crate) fn filled_table(&mut self, rows: i64) -> Step<String> {
        let name = self.table("n {integer}, s {text}")?;
        let home = self.home()?;
        let prepared = home.prepare(&format!("insert into {name} (n, s) values (?, ?)"))?;
        for number in 1..=rows {
            home.execute(&prepared, &[number.into(), format!("row {number}").into()])?;
        }
        home.close_statement(prepared);
        Ok(name)
    }

    /// Notes a table that the case itself makes.
    pub(crate) fn will_drop(&mut self, name: &str) {
        self.tables.push(name.to_owned());
    }

    /// Executes on a connection that the case does not use otherwise.
    pub(crate) fn at_home(&mut self, sql: &str) -> Step<()> {
        self.home()?.run(sql, &[]).map(drop)
    }

    fn home(&mut self) -> Step<&mut Session> {
        if self.home.is_none() {
            self.home = Some(self.connect()?);
        }
        Ok(self.home.as_mut().expect("invariant: set just above"))
    }

    /// Notes a value or variant that was tried.
    pub(crate) fn tried(&mut self) {
        self.expansions += 1;
    }

    /// Notes what the database cannot represent: the case passes in part.
    pub(crate) fn cannot_represent(&mut self, what: impl Into<String>) {
        self.is_partial = true;
        self.notes.push(what.into());
    }

    /// The end of a case that cannot be made here.
    pub(crate) fn unsupported(&self, why: impl Into<String>) -> Flaw {
        Flaw::Unsupported(why.into())
    }

    /// Drops the tables of the case, last one first. What fails here is nobody's business: the case
    /// has said what it has to say.
    pub(crate) fn clean_up(&mut self) {
        self.home = None;
        let tables: Vec<String> = self.tables.drain(..).rev().collect();
        if tables.is_empty() {
            return;
        }
        let Ok(connection) = self.target.connect(Limits::within(CONNECT)) else { return };
        let mut session = Session::new(connection, self.journal.clone(), 0);
        for table in tables {
            let _ = session.run(&fill(self.quirks.drop_table, &[("table", &table)]), &[]);
        }
    }
}

/// Time for connecting.
const CONNECT: Duration = Duration::from_secs(10);
