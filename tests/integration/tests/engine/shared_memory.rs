//! A database in memory is one for all connections and threads of an engine.

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Barrier, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use aludel::abi::host::{DriverDialect, Limits};
use aludel::dbapi::PrepareOptions;
use aludel::dialect::ConnectArgs;
use aludel::pool::settings::PoolClass;
use aludel::{Connection, Engine, Error, ErrorKind, ExecutionOptions};

use crate::{builder, engine, memory};

const FORMS: [&str; 4] =
    ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite+pysqlite:///:memory:"];

fn create(engine: &Engine) {
    engine.execute("create table t (x integer)", ()).unwrap();
}

fn insert(engine: &Engine, x: i64) {
    engine.begin(|conn| conn.execute("insert into t values (?)", (x,)).map(drop)).unwrap();
}

fn count(engine: &Engine) -> i64 {
    engine.execute("select count(*) from t", ()).unwrap().scalar().unwrap()
}

/// Whether there is a table `t`.
fn has_table(engine: &Engine) -> bool {
    let sql = "select count(*) from sqlite_schema where name = 't'";
    engine.execute(sql, ()).unwrap().scalar::<i64>().unwrap() == 1
}

fn note(error: &Error) -> Option<&str> {
    error.notes().find(|(label, _)| *label == "in use").map(|(_, text)| text)
}

#[test]
fn every_form_of_the_url_is_one_database_for_all_connections() {
    for url in FORMS {
        let engine = engine(url);
        assert_eq!(engine.pool_config().class, PoolClass::QueuePool, "{url}");
        let (mut one, mut other) = (engine.connect().unwrap(), engine.connect().unwrap());
        one.execute("create table t (x integer)", ()).unwrap();
        one.commit().unwrap();
        other.execute("insert into t values (1)", ()).unwrap();
        other.commit().unwrap();
        let count: i64 = one.execute("select count(*) from t", ()).unwrap().scalar().unwrap();
        assert_eq!(count, 1, "{url}");
    }
}

#[test]
fn the_data_survive_when_all_connections_are_returned() {
    let engine = memory();
    create(&engine);
    for x in 0..3 {
        insert(&engine, x);
        assert_eq!(engine.checkedout(), 0);
    }
    assert_eq!(count(&engine), 3);
}

#[test]
fn threads_share_the_database() {
    let engine = builder("sqlite://?busy_timeout=60000").build().unwrap();
    create(&engine);
    let barrier = Barrier::new(8);
    thread::scope(|scope| {
        for x in 0..8 {
            let (engine, barrier) = (&engine, &barrier);
            scope.spawn(move || {
                barrier.wait();
                (0..20).for_each(|_| insert(engine, x));
            });
        }
    });
    assert_eq!(count(&engine), 160);
}

#[test]
fn sub_engines_share_the_database_and_other_engines_have_their_own() {
    let (one, other) = (memory(), memory());
    create(&one);
    let sub = one.execution_options(&ExecutionOptions::new().yield_per(10));
    insert(&sub, 1);
    assert_eq!(count(&one), 1);
    assert!(!has_table(&other));
    drop(one);
    assert_eq!(count(&sub), 1, "the sub-engine keeps the database");
}

/// Whether a table `t` is in the database in memory of the engine of this number.
fn found_outside(dialect: DriverDialect, number: u64) -> bool {
    let args = ConnectArgs {
        scheme: "sqlite",
        hosts: Vec::new(),
        username: None,
        password: None,
        database: None,
        options: Vec::new(),
        is_untrusted: false,
        engine: number,
    };
    let mut driver = dialect.connect(&args, Limits::NONE).unwrap();
    driver.prepare("select x from t", PrepareOptions::default(), Limits::NONE).is_ok()
}

#[test]
fn the_database_is_gone_with_its_engine_or_when_it_is_closed() {
    let drop_it: fn(Engine) -> Option<Engine> = |_| None;
    let close_it: fn(Engine) -> Option<Engine> = |engine| {
        engine.close(Duration::ZERO).unwrap();
        Some(engine)
    };
    for end in [drop_it, close_it] {
        let seen: Arc<OnceLock<(DriverDialect, u64)>> = Arc::default();
        let first = Arc::clone(&seen);
        let engine = builder("sqlite://").creator(move |request| {
            first.get_or_init(|| (request.dialect(), request.args().engine));
            request.connect()
        });
        let engine = engine.build().unwrap();
        create(&engine);
        let (dialect, number) = *seen.get().unwrap();
        assert!(found_outside(dialect, number));
        let _closed = end(engine);
        assert!(!found_outside(dialect, number));
    }
}

#[test]
fn a_connection_that_outlives_its_engine_keeps_the_database() {
    let engine = memory();
    create(&engine);
    insert(&engine, 7);
    let mut conn = engine.connect().unwrap();
    drop(engine);
    let x: i64 = conn.execute("select x from t", ()).unwrap().scalar().unwrap();
    assert_eq!(x, 7);
}

#[test]
fn disposing_gives_the_database_up_as_soon_as_nobody_is_connected() {
    let engine = memory();
    create(&engine);
    engine.dispose();
    assert!(!has_table(&engine), "another database");
    create(&engine);
    let mut held = engine.connect().unwrap();
    engine.dispose();
    assert!(has_table(&engine), "somebody is connected");
    held.execute("insert into t values (1)", ()).unwrap();
    held.commit().unwrap();
    drop(held);
    assert_eq!(count(&engine), 1, "and the engine has connected again");
    engine.close(Duration::ZERO).unwrap();
    assert_eq!(engine.connect().unwrap_err().kind(), ErrorKind::ResourceClosed);
}

#[test]
fn an_invalidated_connection_costs_its_transaction_and_no_data() {
    let engine = memory();
    create(&engine);
    insert(&engine, 1);
    let mut conn = engine.connect().unwrap();
    conn.execute("insert into t values (2)", ()).unwrap();
    conn.invalidate().unwrap();
    drop(conn);
    assert_eq!(count(&engine), 1);
}

#[test]
fn settings_of_the_url_hold_on_every_connection() {
    let engine = engine("sqlite://?foreign_keys=true&journal_mode=wal&synchronous=off");
    let (mut one, mut other) = (engine.connect().unwrap(), engine.connect().unwrap());
    for conn in [&mut one, &mut other] {
        let on: i64 = conn.execute("pragma foreign_keys", ()).unwrap().scalar().unwrap();
        let mode: String = conn.execute("pragma journal_mode", ()).unwrap().scalar().unwrap();
        assert_eq!((on, mode.as_str()), (1, "memory"));
    }
}

#[test]
fn a_pool_of_one_connection_or_one_for_each_thread_has_private_databases() {
    for class in [PoolClass::StaticPool, PoolClass::SingletonThreadPool] {
        let engine = builder("sqlite://").poolclass(class).build().unwrap();
        assert!(!engine.connect_plan().keep_connected);
        create(&engine);
        insert(&engine, 1);
        assert_eq!(count(&engine), 1, "{class}");
        let mut conn = engine.connect().unwrap();
        let file: String = conn
            .execute("select file from pragma_database_list where name = 'main'", ())
            .unwrap()
            .scalar()
            .unwrap();
        assert_eq!(file, "");
    }
}

#[test]
fn each_thread_of_a_singleton_thread_pool_has_a_database_of_its_own() {
    let pool = builder("sqlite://").poolclass(PoolClass::SingletonThreadPool);
    let engine = pool.build().unwrap();
    create(&engine);
    insert(&engine, 1);
    thread::scope(|scope| {
        for rows in 2..5 {
            let engine = &engine;
            scope.spawn(move || {
                assert!(!has_table(engine), "it sees nothing of another thread's");
                create(engine);
                (0..rows).for_each(|x| insert(engine, x));
                assert_eq!(count(engine), rows);
            });
        }
    });
    assert_eq!(count(&engine), 1);
}

#[test]
fn a_named_database_of_the_process_stays_as_the_url_says() {
    let url = "sqlite:///file:named_by_two?mode=memory&cache=shared&uri=true";
    let (one, other) = (engine(url), engine(url));
    assert_eq!(one.pool_config().class, PoolClass::SingletonThreadPool, "as SQLAlchemy has it");
    create(&one);
    assert!(has_table(&other));
}

/// A connection in a transaction that has written.
fn writer(engine: &Engine) -> Connection {
    let mut conn = engine.connect().unwrap();
    conn.execute("insert into t values (1)", ()).unwrap();
    conn
}

#[test]
fn a_thread_in_its_own_way_gets_an_error_after_the_busy_timeout() {
    let engine = engine("sqlite://?busy_timeout=50");
    create(&engine);
    let holder = writer(&engine);
    let mut other = engine.connect().unwrap();
    let begun = Instant::now();
    let error = other.execute("insert into t values (2)", ()).expect_err("it is locked");
    assert!(begun.elapsed() >= Duration::from_millis(50));
    assert!(error.is_retryable());
    let text = error.to_string();
    let begins = "(sqlite.OperationalError) database is locked\n[SQL: insert into t values (2)]\n  help: \
                  another connection of this engine is in a transaction or reads rows of its \
                  database in memory; commit, roll back or close it first, wait longer with \
                  busy_timeout=<milliseconds>, or take the lock early with begin=immediate\n  in \
                  use: thread ";
    assert!(text.starts_with(begins), "{text}");
    assert!(text.ends_with("; this thread, which cannot use it while it waits"), "{text}");
    assert_eq!(text.matches("checked out at").count(), 1, "itself is not in its way: {text}");
    drop(holder);
    other.rollback().unwrap();
    other.execute("insert into t values (2)", ()).unwrap();
    other.commit().unwrap();
    assert_eq!(count(&engine), 1);
}

#[test]
fn rows_that_another_connection_reads_keep_a_commit_waiting() {
    let engine = engine("sqlite://?busy_timeout=50");
    create(&engine);
    insert(&engine, 1);
    insert(&engine, 2);
    let mut reader = engine.connect().unwrap();
    let options = ExecutionOptions::new().yield_per(1);
    reader.execution_options(&options).unwrap();
    let mut rows = reader.execute("select x from t", ()).unwrap();
    assert!(rows.next().unwrap().is_some());
    let mut conn = writer(&engine);
    let error = conn.commit().unwrap_err();
    assert!(note(&error).unwrap().contains("this thread, which cannot use it"), "{error}");
    drop(rows);
    drop(reader);
    conn.commit().unwrap();
    assert_eq!(count(&engine), 3);
}

#[test]
fn a_lock_conflict_names_the_thread_that_has_the_other_connection() {
    let engine = engine("sqlite://?busy_timeout=50");
    create(&engine);
    let (locked, done) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        let holder = thread::Builder::new().name("importer".into());
        let hold = || {
            let conn = writer(&engine);
            locked.wait();
            while !done.load(SeqCst) {
                thread::sleep(Duration::from_millis(1));
            }
            drop(conn);
        };
        holder.spawn_scoped(scope, hold).unwrap();
        locked.wait();
        let error = engine.execute("select x from t", ()).err();
        done.store(true, SeqCst);
        let error = error.expect("it is locked");
        let note = note(&error).expect("somebody is named");
        assert!(note.starts_with("thread `importer`, checked out at "), "{note}");
        assert!(note.contains("shared_memory.rs"), "{note}");
    });
    assert_eq!(count(&engine), 0);
}

#[test]
fn a_lock_that_is_given_up_in_time_is_waited_for() {
    let engine = engine("sqlite://?busy_timeout=60000");
    create(&engine);
    let conn = writer(&engine);
    thread::scope(|scope| {
        let waiter = scope.spawn(|| insert(&engine, 2));
        thread::sleep(Duration::from_millis(20));
        drop(conn);
        waiter.join().unwrap();
    });
    assert_eq!(count(&engine), 1);
}

#[test]
fn a_database_that_is_a_file_says_nothing_of_other_connections() {
    let (_directory, url) = crate::file();
    let engine = engine(&format!("{url}?busy_timeout=0"));
    create(&engine);
    let holder = writer(&engine);
    let mut other = engine.connect().unwrap();
    let error = other.execute("insert into t values (2)", ()).expect_err("it is locked");
    assert_eq!(note(&error), None);
    assert!(error.help().unwrap().starts_with("another connection holds the lock"), "{error}");
    drop(holder);
}
