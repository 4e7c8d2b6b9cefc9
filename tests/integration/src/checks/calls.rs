//! A call for every entry of the tables that returns errors.

use std::time::Duration;

use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{
    BulkDirection, BulkSpec, ParamDirection, PrepareOptions, ReflectFilter, ReflectKind, Savepoint,
    ScriptOutcome, TransactionOptions, TwoPhase,
};
use aludel::{Result, ValueRef};

use crate::subject::{prepare, query};

/// A call that reaches an entry.
pub type Call = fn(&mut DriverConnection) -> Result<()>;

const NONE: Limits = Limits::NONE;

/// Every entry that returns errors, by the name of its table and its own.
pub const CALLS: &[(&str, Call)] = &[
    ("ConnectionVt.prepare", |c| c.prepare("rows 1", PrepareOptions::default(), NONE).map(drop)),
    ("ConnectionVt.prepare_call", |c| {
        let directions = [ParamDirection::In, ParamDirection::InOut, ParamDirection::Out];
        c.prepare_call("add", &directions, NONE).map(drop)
    }),
    ("ConnectionVt.execute_script", |c| {
        c.execute_script("rows 1", &mut ScriptOutcome::default(), NONE)
    }),
    ("ConnectionVt.begin", |c| c.begin(&TransactionOptions::default(), NONE)),
    ("ConnectionVt.commit", |c| c.commit(NONE)),
    ("ConnectionVt.rollback", |c| c.rollback(NONE)),
    ("ConnectionVt.savepoint", |c| c.savepoint(Savepoint::Create, "s", NONE)),
    ("ConnectionVt.two_phase", |c| c.two_phase(TwoPhase::Begin, "x", NONE)),
    ("ConnectionVt.recover", |c| c.recover(NONE).map(drop)),
    ("ConnectionVt.ping", |c| c.ping(NONE)),
    ("ConnectionVt.reset_session", |c| c.reset_session(NONE)),
    ("ConnectionVt.cancel_handle", |c| c.cancel_handle().map(drop)),
    ("ConnectionVt.get_option", |c| c.get_option("schema", NONE).map(drop)),
    ("ConnectionVt.set_option", |c| c.set_option("schema", ValueRef::Text("s"), NONE)),
    ("ConnectionVt.next_notice", |c| c.next_notice().map(drop)),
    ("ConnectionVt.next_notification", |c| {
        c.next_notification(Limits::within(Duration::from_millis(1))).map(drop)
    }),
    ("ConnectionVt.bulk_begin", |c| c.bulk_begin(&bulk(), NONE)),
    ("ConnectionVt.bulk_write", |c| c.bulk_write_bytes(b"1,x\n", NONE)),
    ("ConnectionVt.bulk_read", |c| c.bulk_read(NONE).map(drop)),
    ("ConnectionVt.bulk_end", |c| c.bulk_end(true, NONE).map(drop)),
    ("ConnectionVt.reflect", |c| {
        c.reflect(ReflectKind::Tables, &ReflectFilter::default(), NONE).map(drop)
    }),
    ("ConnectionVt.server_info", |c| c.server_info(NONE).map(drop)),
    ("StatementVt.execute", |c| query(c, "rows 1").map(drop)),
    ("StatementVt.fetch", |c| query(c, "rows 1000").map(drop)),
    ("StatementVt.next_result", |c| {
        let statement = prepare(c, "results 2")?;
        c.execute(&statement, &(), ExecuteOptions::default())?.next_result().map(drop)
    }),
    ("StatementVt.execute_many", |c| {
        let statement = prepare(c, "insert")?;
        c.execute_many(&statement, &[(1, "v")], NONE).map(drop)
    }),
    ("StatementVt.columns", |c| {
        let statement = prepare(c, "rows 1")?;
        c.execute(&statement, &(), ExecuteOptions::default())?.columns().map(drop)
    }),
    ("StatementVt.parameters", |c| {
        let statement = prepare(c, "insert")?;
        c.parameters(&statement).map(drop)
    }),
];

fn bulk() -> BulkSpec<'static> {
    BulkSpec {
        direction: BulkDirection::In,
        schema: "main",
        table: "entries",
        query: "",
        columns: vec!["key", "value"],
        format: Some("csv"),
        options: Vec::new(),
    }
}
