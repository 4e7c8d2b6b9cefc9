//! What an engine asks of its first connection, once, and again after a failure.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};

use aludel::abi::static_dialect;
use aludel::dbapi::{
    Call, Column, Connection, IsolationLevel, Params, PrepareOptions, Prepared, RowWriter,
    ServerInfo, Statement,
};
use aludel::dialect::{Capability, ConnectArgs, Dialect, DialectInfo};
use aludel::{Engine, Error, Result};

use crate::memory;

/// A dialect whose databases are named after what happens when one is asked for the server.
struct Asked;

struct AskedConnection {
    database: String,
}

/// There are no statements.
struct Nothing;

static ONCE: AtomicU32 = AtomicU32::new(0);
static FAILS_ONCE: AtomicU32 = AtomicU32::new(0);

impl Dialect for Asked {
    type Connection = AskedConnection;
    const INFO: DialectInfo = DialectInfo {
        capabilities: &[Capability::Streaming, Capability::TwoPhase],
        ..DialectInfo::new("asked", "1.0.0")
    };

    fn connect(args: &ConnectArgs<'_>, _: &Call<'_>) -> Result<AskedConnection> {
        Ok(AskedConnection { database: args.database.unwrap_or_default().to_owned() })
    }
}

impl Connection for AskedConnection {
    type Statement = Nothing;

    fn prepare(&mut self, _: &str, _: PrepareOptions, _: &Call<'_>) -> Result<Prepared<Nothing>> {
        Err(Error::not_supported("there are no statements"))
    }

    fn server_info(&mut self, _: &Call<'_>) -> Result<ServerInfo> {
        match self.database.as_str() {
            "once" => drop(ONCE.fetch_add(1, Ordering::SeqCst)),
            "fails_once" if FAILS_ONCE.fetch_add(1, Ordering::SeqCst) == 0 => {
                let error = Error::operational("the server is starting up");
                return Err(error.with_sqlstate("57P03"));
            }
            _ => {}
        }
        let mut info = ServerInfo::new("Asked", "17.2");
        info.capabilities = Some(vec!["streaming".into()]);
        Ok(info)
    }
}

impl Statement for Nothing {
    type Connection = AskedConnection;

    fn execute<'a>(
        &'a mut self,
        _: &'a mut AskedConnection,
        _: Params<'_>,
        _: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        Ok(())
    }

    fn fetch<'a>(
        &'a mut self,
        _: &'a mut AskedConnection,
        _: &mut RowWriter<'_, 'a>,
        _: &Call<'_>,
    ) -> Result<()> {
        Ok(())
    }

    fn columns(&self, _: &AskedConnection) -> Result<Vec<Column>> {
        Ok(Vec::new())
    }
}

fn asked(url: &str) -> Engine {
    Engine::builder(url).dialect(static_dialect::<Asked>()).build().unwrap()
}

#[test]
fn the_first_connection_of_many_at_once_is_asked_and_no_other() {
    let engine = asked("asked://h/once");
    assert!(engine.server_info().is_none(), "making an engine connects to nothing");
    let together = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                together.wait();
                let connection = engine.connect().unwrap();
                assert_eq!(connection.server_version(), Some("17.2"), "whoever connects knows it");
            });
        }
    });
    engine.connect().unwrap();
    assert_eq!(ONCE.load(Ordering::SeqCst), 1);
    assert_eq!(engine.server_info().unwrap().name, "Asked");
    assert_eq!(engine.default_isolation_level(), None, "the dialect cannot tell");
    assert_eq!(engine.default_schema_name(), None);
}

#[test]
fn what_the_first_connection_does_not_answer_the_next_is_asked() {
    let engine = asked("asked://h/fails_once");
    let error = engine.connect().unwrap_err();
    assert_eq!(error.sqlstate(), Some("57P03"));
    assert!(engine.server_info().is_none());
    assert_eq!(engine.checkedout(), 0);
    assert_eq!(engine.connect().unwrap().server_version(), Some("17.2"));
}

#[test]
fn what_a_server_cannot_do_is_known_from_the_first_connection_on() {
    let engine = asked("asked://h/capabilities");
    assert!(engine.has(Capability::TwoPhase), "as far as the dialect knows");
    engine.connect().unwrap();
    assert!(engine.has(Capability::Streaming) && !engine.has(Capability::TwoPhase));
}

#[test]
fn sqlite_tells_its_version_and_its_default_isolation_level() {
    let engine = memory();
    let connection = engine.connect().unwrap();
    assert_eq!(connection.server_info().unwrap().name, "SQLite");
    assert!(connection.server_version().unwrap().starts_with("3."));
    assert_eq!(connection.default_isolation_level(), Some(IsolationLevel::Serializable));
    assert_eq!(engine.default_isolation_level(), Some(IsolationLevel::Serializable));
    assert_eq!(connection.default_schema_name(), None, "SQLite has no current schema");
}
