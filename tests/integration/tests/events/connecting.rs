//! do_connect, engine_connect, the options of engines, and the end of one.

use aludel::dialect::ConnectArgs;
use aludel::pool::PoolClass;
use aludel::{Error, ErrorKind, ExecutionOptions, Result};

use crate::{Log, builder, engine};

#[test]
fn do_connect_can_change_the_arguments() -> Result<()> {
    let engine = builder("sqlite:////nowhere/at/all.db").build()?;
    assert_eq!(engine.connect().unwrap_err().kind(), ErrorKind::Operational);
    engine.events().do_connect(|ctx| {
        assert_eq!(ctx.args.database, Some("/nowhere/at/all.db"));
        ctx.args.database = Some(":memory:");
        ctx.set_option("foreign_keys", true);
    });
    let on: i64 = engine.execute("pragma foreign_keys", ())?.scalar()?;
    assert_eq!(on, 1);
    Ok(())
}

#[test]
fn do_connect_can_open_the_connection_itself_and_is_the_last_then() -> Result<()> {
    let log = Log::default();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let engine = builder(&format!("sqlite:///{}/a.db", directory.path().display())).build()?;
    let other = format!("{}/b.db", directory.path().display());
    let writer = log.clone();
    engine.events().do_connect(move |ctx| {
        writer.write("first");
        let args = ConnectArgs {
            scheme: "sqlite",
            hosts: Vec::new(),
            username: None,
            password: None,
            database: Some(&other),
            options: Vec::new(),
            is_untrusted: false,
            engine: 0,
        };
        let connection = ctx.dialect().connect(&args, aludel::abi::host::Limits::NONE)?;
        ctx.set_connection(connection);
        Ok(())
    });
    let writer = log.clone();
    engine.events().do_connect(move |_| writer.write("second"));
    let file: String = engine.execute("select file from pragma_database_list", ())?.scalar()?;
    assert!(file.ends_with("b.db"), "{file}");
    assert_eq!(log.take(), ["first"]);
    Ok(())
}

#[test]
fn do_connect_can_refuse_and_the_next_connection_is_another_matter() -> Result<()> {
    let engine = builder("sqlite://").build()?;
    engine.events().once().do_connect(|_| Err(Error::operational("maintenance until noon")));
    assert_eq!(engine.connect().unwrap_err().message(), "maintenance until noon");
    engine.connect()?;
    assert_eq!(engine.checkedout(), 0);
    Ok(())
}

#[test]
fn on_a_sub_engine_it_holds_for_the_connections_that_all_share() -> Result<()> {
    let log = Log::default();
    let engine = builder("sqlite://").build()?;
    let sub = engine.execution_options(&ExecutionOptions::new());
    let writer = log.clone();
    sub.events().do_connect(move |_| writer.write("connect"));
    engine.execute("select 1", ())?;
    assert_eq!(log.take(), ["connect"]);
    Ok(())
}

#[test]
fn a_password_that_a_listener_sets_is_not_printed() -> Result<()> {
    let log = Log::default();
    let engine = builder("sqlite://").build()?;
    let writer = log.clone();
    engine.events().do_connect(move |ctx| {
        ctx.set_username("app");
        ctx.set_password("token-of-this-hour");
        writer.write(format!("{ctx:?}"));
    });
    // SQLite has no passwords and says so, or takes no notice; the context must not print one.
    let _connected = engine.connect();
    let printed = log.take().join("");
    assert!(printed.contains("app") && !printed.contains("token-of"), "{printed}");
    Ok(())
}

#[test]
fn a_refused_connection_is_returned() -> Result<()> {
    let engine = engine();
    engine.events().once().engine_connect(|_| Err(Error::invalid_request("not you")));
    assert_eq!(engine.connect().unwrap_err().message(), "not you");
    assert_eq!(engine.checkedout(), 0);
    engine.events().engine_connect(|connection| {
        connection.execute("pragma case_sensitive_like = on", ()).map(drop)
    });
    let like: i64 = engine.execute("select 'A' like 'a'", ())?.scalar()?;
    assert_eq!(like, 0, "what the listener executes is in force");
    Ok(())
}

#[test]
fn options_of_engines_are_told_and_may_be_changed() -> Result<()> {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    engine.events().set_engine_execution_options(move |ctx| {
        writer.write(format!("{:?}", ctx.engine));
        *ctx.options = ctx.options.clone().max_row_buffer(7);
    });
    let sub = engine.execution_options(&ExecutionOptions::new().yield_per(3));
    let expected = ExecutionOptions::new().yield_per(3).max_row_buffer(7);
    assert_eq!(sub.get_execution_options(), expected);
    engine.update_execution_options(&ExecutionOptions::new().yield_per(4));
    assert_eq!(engine.get_execution_options(), expected.yield_per(4));
    assert_eq!(log.take().len(), 2);
    Ok(())
}

#[test]
fn dispose_is_told_after_it_and_cannot_fail() -> Result<()> {
    let log = Log::default();
    let engine = engine();
    let writer = log.clone();
    engine.events().engine_disposed(move |ctx| {
        writer.write(format!("{:?}", ctx.engine));
        Err(Error::invalid_request("nobody hears this"))
    });
    engine.dispose();
    assert_eq!(log.take(), ["Engine(sqlite://)"]);
    engine.execute("select 1", ())?;
    Ok(())
}

#[test]
fn a_listener_to_do_connect_is_not_called_for_its_own_connections() -> Result<()> {
    let log = Log::default();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let builder = builder(&format!("sqlite:///{}/a.db", directory.path().display()));
    let engine = builder.poolclass(PoolClass::NullPool).build()?;
    let (writer, own) = (log.clone(), engine.clone());
    engine.events().do_connect(move |_| {
        writer.write("told");
        own.execute("create table if not exists connected (x integer)", ()).map(drop)
    });
    for _ in 0..2 {
        let count: i64 = engine.execute("select count(*) from connected", ())?.scalar()?;
        assert_eq!((count, log.take().len()), (0, 1));
    }
    Ok(())
}
