//! Events of transactions: told in order, able to act inside, and to refuse.

use aludel::dbapi::IsolationLevel;
use aludel::{Engine, Error, Result};

use crate::{Log, engine, rows};

fn told(log: &Log) -> Engine {
    let engine = engine();
    let writer = log.clone();
    engine.events().engine_connect(move |_| writer.write("engine_connect"));
    let writer = log.clone();
    engine.events().begin(move |connection| {
        assert!(connection.in_transaction());
        writer.write("begin");
    });
    let writer = log.clone();
    engine.events().commit(move |connection| {
        assert!(connection.in_transaction());
        writer.write("commit");
    });
    let writer = log.clone();
    engine.events().rollback(move |connection| {
        assert!(connection.in_transaction());
        writer.write("rollback");
    });
    engine
}

#[test]
fn begin_commit_and_rollback_are_told_once_for_each_transaction() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    let mut connection = engine.connect()?;
    assert_eq!(log.take(), ["engine_connect"]);
    connection.commit()?;
    connection.rollback()?;
    assert!(log.take().is_empty(), "there was no transaction");
    connection.execute("insert into t (x) values (1)", ())?;
    connection.execute("insert into t (x) values (2)", ())?;
    connection.commit()?;
    connection.execute("insert into t (x) values (3)", ())?;
    connection.rollback()?;
    assert_eq!(log.take(), ["begin", "commit", "begin", "rollback"]);
    Ok(())
}

#[test]
fn autocommit_begins_no_transaction() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    engine.execute("insert into t (x) values (1)", ())?;
    assert_eq!(log.take(), ["engine_connect"]);
    let mut connection = engine.connect()?;
    connection.set_isolation_level(IsolationLevel::Autocommit)?;
    connection.execute("insert into t (x) values (2)", ())?;
    connection.commit()?;
    assert_eq!(log.take(), ["engine_connect"]);
    Ok(())
}

#[test]
fn what_a_listener_to_begin_executes_belongs_to_the_transaction() -> Result<()> {
    let engine = engine();
    engine.events().begin(|connection| {
        connection.execute("insert into t (y) values ('begun')", ())?;
        Ok(())
    });
    let mut connection = engine.connect()?;
    assert_eq!(rows(&mut connection), 1);
    connection.rollback()?;
    assert_eq!(
        rows(&mut connection),
        1,
        "the first was rolled back, the second transaction has one"
    );
    Ok(())
}

#[test]
fn a_refused_begin_leaves_no_transaction() -> Result<()> {
    let engine = engine();
    engine.events().once().begin(|_| Err(Error::invalid_request("not now")));
    let mut connection = engine.connect()?;
    let error = connection.execute("insert into t (x) values (1)", ()).unwrap_err();
    assert_eq!(error.message(), "not now");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_refused_commit_leaves_the_transaction_open() -> Result<()> {
    let engine = engine();
    engine.events().once().commit(|_| Err(Error::invalid_request("not now")));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    assert_eq!(connection.commit().unwrap_err().message(), "not now");
    assert!(connection.in_transaction());
    connection.commit()?;
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 1);
    Ok(())
}

#[test]
fn a_rollback_cannot_be_refused() -> Result<()> {
    let engine = engine();
    engine.events().once().rollback(|_| Err(Error::invalid_request("heard")));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    assert_eq!(connection.rollback().unwrap_err().message(), "heard");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_listener_to_commit_can_still_change_what_is_committed() -> Result<()> {
    let engine = engine();
    engine
        .events()
        .commit(|connection| connection.execute("insert into t (y) values ('last')", ()).map(drop));
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    connection.commit()?;
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 2);
    Ok(())
}

#[test]
fn savepoints_are_told_by_name_and_may_be_refused() -> Result<()> {
    let log = Log::default();
    let engine = engine();
    let writer = |event: &'static str| {
        let log = log.clone();
        move |ctx: &mut aludel::engine::events::SavepointEvent<'_>| {
            log.write(format!("{event} {}", ctx.name));
        }
    };
    engine.events().savepoint(writer("savepoint"));
    engine.events().release_savepoint(writer("release"));
    engine.events().rollback_savepoint(writer("rollback"));
    let mut connection = engine.connect()?;
    connection.begin_nested(|inner| inner.execute("insert into t (x) values (1)", ()).map(drop))?;
    let undone: Result<()> = connection.begin_nested(|inner| {
        inner.execute("insert into t (x) values (2)", ())?;
        Err(Error::invalid_request("undo"))
    });
    assert!(undone.is_err());
    assert_eq!(
        log.take(),
        [
            "savepoint sa_savepoint_1",
            "release sa_savepoint_1",
            "savepoint sa_savepoint_2",
            "rollback sa_savepoint_2",
        ]
    );
    engine.events().once().savepoint(|_| Err(Error::invalid_request("no more")));
    assert_eq!(connection.savepoint().unwrap_err().message(), "no more");
    engine.events().once().release_savepoint(|_| Err(Error::invalid_request("not released")));
    let refused = connection
        .begin_nested(|inner| inner.execute("insert into t (x) values (3)", ()).map(drop));
    assert_eq!(refused.unwrap_err().message(), "not released");
    assert_eq!(rows(&mut connection), 1, "what was not released was undone");
    Ok(())
}

#[test]
fn a_block_whose_commit_is_refused_is_rolled_back() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    engine.events().once().commit(|_| Err(Error::invalid_request("not now")));
    let refused =
        engine.begin(|connection| connection.execute("insert into t (x) values (1)", ()).map(drop));
    assert_eq!(refused.unwrap_err().message(), "not now");
    assert_eq!(log.take(), ["engine_connect", "begin", "commit", "rollback"]);
    assert_eq!(rows(&mut engine.connect()?), 0);
    Ok(())
}

#[test]
fn options_of_a_connection_are_told_and_may_be_changed_or_refused() -> Result<()> {
    use aludel::ExecutionOptions;

    let engine = engine();
    let listener = engine.events().set_connection_execution_options(|ctx| {
        assert_eq!(ctx.connection.get_execution_options(), &ExecutionOptions::new());
        *ctx.options = ctx.options.clone().max_row_buffer(7);
    });
    let mut connection = engine.connect()?;
    connection.execution_options(&ExecutionOptions::new().yield_per(3))?;
    let set = ExecutionOptions::new().yield_per(3).max_row_buffer(7);
    assert_eq!(connection.get_execution_options(), &set);
    listener.remove();
    engine.events().set_connection_execution_options(|_| Err(Error::invalid_request("as it is")));
    assert!(connection.execution_options(&ExecutionOptions::new().yield_per(4)).is_err());
    assert_eq!(connection.get_execution_options(), &set);
    Ok(())
}

#[test]
fn a_connection_that_is_dropped_tells_of_its_rollback() -> Result<()> {
    let log = Log::default();
    let engine = told(&log);
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    drop(connection);
    assert_eq!(log.take(), ["engine_connect", "begin", "rollback"]);
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    connection.commit()?;
    drop(connection);
    engine.execute("select 1", ())?;
    let mut connection = engine.connect()?;
    connection.execute("select 1", ())?;
    connection.close()?;
    assert_eq!(
        log.take(),
        [
            "engine_connect",
            "begin",
            "commit",
            "engine_connect",
            "engine_connect",
            "begin",
            "rollback"
        ]
    );
    assert_eq!(rows(&mut engine.connect()?), 1);
    Ok(())
}

#[test]
fn a_listener_to_begin_that_ends_the_transaction_refuses_it() -> Result<()> {
    type Ends = fn(&mut aludel::Connection) -> Result<()>;
    let ends: [(&str, Ends); 4] = [
        ("invalidate", |connection| connection.invalidate()),
        ("close", |connection| connection.close()),
        ("commit", |connection| connection.commit()),
        ("rollback", |connection| connection.rollback()),
    ];
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite:///{}/t.db", directory.path().display());
    let engine = crate::builder(&url).build()?;
    engine.execute("create table t (x integer primary key, y text)", ())?;
    let insert = "insert into t (x) values (1)";
    for (name, end) in ends {
        for blocks in [false, true] {
            let mut connection = engine.connect()?;
            engine.events().once().begin(end);
            let refused = match blocks {
                true => connection.begin(|inner| inner.execute(insert, ()).map(drop)),
                false => connection.execute(insert, ()).map(drop),
            };
            let error = refused.expect_err(name);
            assert!(matches!(error.kind().name(), "InvalidRequestError" | "ResourceClosedError"));
            assert!(!connection.in_transaction(), "{name}");
            if !connection.closed() {
                assert_eq!(rows(&mut connection), 0, "{name}");
            }
        }
    }
    Ok(())
}

#[test]
fn a_commit_whose_listener_rolls_back_is_an_error() -> Result<()> {
    let engine = engine();
    let insert = "insert into t (x) values (1)";
    engine.events().commit(|connection| connection.rollback());
    let refused = engine.begin(|connection| connection.execute(insert, ()).map(drop));
    assert_eq!(refused.unwrap_err().kind().name(), "InvalidRequestError");
    let mut connection = engine.connect()?;
    connection.execute(insert, ())?;
    let refused = connection.commit().unwrap_err();
    assert_eq!(refused.message(), "a listener has ended the transaction of which it was told");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_commit_whose_listener_rolls_back_and_begins_another_commits_neither() -> Result<()> {
    let engine = engine();
    engine.events().once().commit(|connection| {
        connection.rollback()?;
        connection.execute("insert into t (x) values (2)", ()).map(drop)
    });
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    assert!(connection.commit().is_err());
    connection.rollback()?;
    assert_eq!(rows(&mut connection), 0);
    Ok(())
}

#[test]
fn a_commit_whose_listener_commits_is_done() -> Result<()> {
    let engine = engine();
    engine.events().commit(|connection| connection.commit());
    engine.begin(|connection| connection.execute("insert into t (x) values (1)", ()).map(drop))?;
    assert_eq!(rows(&mut engine.connect()?), 1);
    Ok(())
}

#[test]
fn execute_on_the_engine_sets_no_option_that_is_told() -> Result<()> {
    let engine = engine();
    engine.events().set_connection_execution_options(|_| Err(Error::invalid_request("as it is")));
    engine.execute("insert into t (x) values (1)", ())?;
    assert_eq!(rows(&mut engine.connect()?), 1);
    Ok(())
}
