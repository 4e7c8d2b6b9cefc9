//! Timeouts and cancels as options of statements, connections and engines.

use std::thread;
use std::time::Duration;

use aludel::abi::static_dialect;
use aludel::dbapi::IsolationLevel;
use aludel::text::text;
use aludel::{Connection, Engine, ErrorKind, ExecutionOptions};
use aludel_test_toy::Toy;

use crate::{engine, file, memory};

const ENDLESS: &str = "with recursive c(i) as (select 1 union all select i + 1 from c) \
                       select count(*) from c";

fn soon() -> ExecutionOptions {
    ExecutionOptions::new().timeout(Duration::from_millis(5))
}

fn one(conn: &mut Connection) -> i64 {
    conn.scalar("select 1", ()).unwrap()
}

#[test]
fn a_timeout_is_an_option_of_everything_that_executes() {
    let engine = memory();
    let mut conn = engine.connect().unwrap();
    conn.execute_with(ENDLESS, (), &soon()).map(drop).unwrap_err();
    assert_eq!(one(&mut conn), 1, "the next statement has no end");
    conn.execute(text(ENDLESS).execution_options(&soon()), ()).map(drop).unwrap_err();
    assert_eq!(one(&mut conn), 1);
    conn.rollback().unwrap();
    conn.execution_options(&soon()).unwrap();
    conn.execute(ENDLESS, ()).map(drop).unwrap_err();
    conn.exec_driver_sql(ENDLESS, ()).map(drop).unwrap_err();
    conn.script(ENDLESS).next_statement().map(drop).unwrap_err();
    assert_eq!(one(&mut conn), 1);
    drop(conn);
    engine.execution_options(&soon()).execute(ENDLESS, ()).map(drop).unwrap_err();
    assert_eq!(one(&mut engine.connect().unwrap()), 1, "the next user has no end");
}

#[test]
fn the_time_of_the_program_between_rows_is_not_counted() {
    let mut conn = memory().connect().unwrap();
    let sql = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 2000) \
               select i from c";
    let options = ExecutionOptions::new().timeout(Duration::from_millis(400)).yield_per(1000);
    let mut result = conn.execute_with(sql, (), &options).unwrap();
    assert!(result.next().unwrap().is_some());
    thread::sleep(Duration::from_millis(500));
    let mut rows = 1;
    while result.next().unwrap().is_some() {
        rows += 1;
    }
    assert_eq!(rows, 2000);
}

#[test]
fn a_result_that_is_dropped_after_its_time_leaves_nothing_open() {
    let (_directory, url) = file();
    let engine = engine(&url);
    engine.execute("create table t (x integer)", ()).unwrap();
    let mut conn = engine.connect().unwrap();
    let sql = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 2000) \
               select i, (select count(*) from t) from c";
    let mut result = conn.execute_with(sql, (), &soon().yield_per(1)).unwrap();
    assert!(result.next().unwrap().is_some());
    thread::sleep(Duration::from_millis(10));
    drop(result);
    // An open statement would keep its lock, and the table with it.
    conn.commit().unwrap();
    engine.execute("drop table t", ()).unwrap();
}

#[test]
fn a_wait_for_a_lock_ends_with_the_timeout_of_the_commit_or_the_begin() {
    let (_directory, url) = file();
    let holder = engine(&format!("{url}?begin=immediate&busy_timeout=60000"));
    holder.execute("create table t (x integer)", ()).unwrap();
    let holding = holder.transaction().unwrap();
    let mut waiting = holder.execution_options(&soon()).connect().unwrap();
    let error = waiting.execute("insert into t values (1)", ()).map(drop).unwrap_err();
    assert!(!waiting.in_transaction(), "it never began: {error}");
    drop(holding);
    waiting.execution_options(&ExecutionOptions::new().timeout(Duration::from_secs(60))).unwrap();
    waiting.execute("insert into t values (1)", ()).unwrap();
    waiting.commit().unwrap();
}

#[test]
fn options_of_transactions_are_refused_with_a_statement() {
    let mut conn = memory().connect().unwrap();
    let levels = ExecutionOptions::new().isolation_level(IsolationLevel::Serializable);
    for (options, name) in [
        (levels, "isolation_level"),
        (ExecutionOptions::new().read_only(true), "read_only"),
        (ExecutionOptions::new().deferrable(false), "deferrable"),
    ] {
        let error = conn.execute_with("select 1", (), &options).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
        assert!(error.message().starts_with(&format!("`{name}`")), "{error}");
        let clause = text("select 1").execution_options(&options);
        assert_eq!(conn.execute(clause, ()).err().unwrap().kind(), ErrorKind::Argument);
    }
    assert!(!conn.in_transaction());
}

#[test]
fn what_a_database_lacks_is_refused_when_it_is_asked_for() {
    let sqlite = memory();
    let connecting =
        |engine: &Engine, options| engine.execution_options(&options).connect().err().unwrap();
    let level = ExecutionOptions::new().isolation_level(IsolationLevel::RepeatableRead);
    let error = connecting(&sqlite, level);
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    assert_eq!(error.help(), Some("it has SERIALIZABLE, READ UNCOMMITTED, AUTOCOMMIT"));
    let deferrable = ExecutionOptions::new().deferrable(true);
    assert_eq!(connecting(&sqlite, deferrable).kind(), ErrorKind::NotSupported);
    let contradiction =
        ExecutionOptions::new().isolation_level(IsolationLevel::Autocommit).read_only(true);
    assert_eq!(connecting(&sqlite, contradiction).kind(), ErrorKind::Argument);
    let mut conn = sqlite.connect().unwrap();
    assert_eq!(conn.begin_twophase(None).unwrap_err().kind(), ErrorKind::NotSupported);
    assert_eq!(conn.recover_twophase().unwrap_err().kind(), ErrorKind::NotSupported);
}

#[test]
fn a_dialect_that_can_little_says_so_and_does_the_rest() {
    let toy = Engine::builder("toy://").dialect(static_dialect::<Toy>()).build().unwrap();
    let soon = toy.execution_options(&soon()).connect().unwrap_err();
    assert_eq!(
        soon.to_string(),
        "(toy.NotSupportedError) `timeout` needs a dialect that honours deadlines"
    );
    let mut conn = toy.connect().unwrap();
    let kinds = [
        conn.cancel_handle().err(),
        conn.begin(|_| Ok(())).err(),
        conn.savepoint().err(),
        conn.begin_twophase(None).err(),
    ];
    assert_eq!(kinds.map(|error| error.unwrap().kind()), [ErrorKind::NotSupported; 4]);
    conn.commit().unwrap();
    conn.rollback().unwrap();
    assert!(!conn.in_transaction());
}
