//! Listeners that panic: the program gets an error, and nothing is lost.

use std::thread;

use aludel::{Connection, ErrorKind, Result};

use crate::{engine, rows};

fn boo() {
    panic!("boo");
}

fn is_panic(result: Result<()>, event: &str) {
    let error = result.expect_err("the listener panicked");
    assert_eq!((error.kind(), error.code()), (ErrorKind::Panic, Some("E01")), "{event}");
    assert!(error.message().contains(&format!("`{event}` panicked: boo")), "{error}");
    assert!(!error.is_disconnect());
}

#[test]
fn a_panic_in_any_event_is_an_error_and_the_connection_goes_on() -> Result<()> {
    let engine = engine();
    let mut connection = engine.connect()?;
    connection.execute("insert into t (x) values (1)", ())?;
    let execute = |connection: &mut Connection| connection.execute("select 1", ()).map(drop);

    engine.events().once().before_execute(|_| boo());
    is_panic(execute(&mut connection), "before_execute");
    engine.events().once().after_execute(|_| boo());
    is_panic(execute(&mut connection), "after_execute");
    engine.events().once().before_cursor_execute(|_| boo());
    is_panic(execute(&mut connection), "before_cursor_execute");
    engine.events().once().after_cursor_execute(|_| boo());
    is_panic(execute(&mut connection), "after_cursor_execute");
    assert!(connection.in_transaction());
    engine.events().once().commit(|_| boo());
    is_panic(connection.commit(), "commit");
    assert!(connection.in_transaction());
    connection.commit()?;
    engine.events().once().begin(|_| boo());
    is_panic(execute(&mut connection), "begin");
    assert!(!connection.in_transaction());
    connection.execute("insert into t (x) values (2)", ())?;
    engine.events().once().rollback(|_| boo());
    is_panic(connection.rollback(), "rollback");
    assert!(!connection.in_transaction());
    assert_eq!(rows(&mut connection), 1);
    drop(connection);

    engine.events().once().engine_connect(|_| boo());
    is_panic(engine.connect().map(drop), "engine_connect");
    engine.events().once().engine_disposed(|_| boo());
    engine.dispose();
    engine.events().once().do_connect(|_| boo());
    is_panic(engine.connect().map(drop), "do_connect");
    assert_eq!(engine.checkedout(), 0);
    engine.connect()?;
    Ok(())
}

#[test]
fn an_error_whose_listener_panics_is_still_that_error() {
    let engine = engine();
    engine.events().handle_error(|_| boo());
    let error = engine.execute("select x from missing", ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Programming);
    let text = error.to_string();
    assert!(text.contains("no such table: missing"), "{text}");
    assert!(text.contains("a listener to `handle_error` panicked: boo"), "{text}");
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_does_no_harm() -> Result<()> {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    let engine = engine();
    engine.events().once().before_execute(|_| -> () { std::panic::panic_any(Bomb) });
    let error = engine.execute("select 1", ()).unwrap_err();
    assert!(error.message().ends_with("panicked: a value that is no text"), "{error}");
    engine.execute("select 1", ())?;
    Ok(())
}

#[test]
fn registering_and_firing_in_many_threads_loses_no_event() -> Result<()> {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite:///{}/a.db", directory.path().display());
    let engine = crate::builder(&url).build()?;
    let heard = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&heard);
    engine.events().before_cursor_execute(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let engine = engine.clone();
            thread::spawn(move || -> Result<()> {
                let mut connection = engine.connect()?;
                for _ in 0..100 {
                    let other = engine.events().before_cursor_execute(|_| {});
                    connection.execute("select 1", ())?;
                    assert!(other.remove());
                }
                Ok(())
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("no thread panics")?;
    }
    assert_eq!(heard.load(Ordering::Relaxed), 800);
    Ok(())
}

#[test]
fn a_listener_that_panics_while_a_panic_unwinds_does_not_end_the_program() -> Result<()> {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    let engine = engine();
    engine.events().rollback(|_| boo());
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        let mut connection = engine.connect().unwrap();
        connection.execute("insert into t (x) values (1)", ()).unwrap();
        panic!("the program's own");
    }));
    assert!(unwound.is_err());
    let unwound = catch_unwind(AssertUnwindSafe(|| {
        engine.begin(|connection| -> Result<()> {
            connection.execute("insert into t (x) values (1)", ())?;
            panic!("the program's own");
        })
    }));
    assert!(unwound.is_err());
    let mut connection = engine.connect()?;
    assert_eq!(rows(&mut connection), 0);
    drop(connection);
    assert_eq!(engine.checkedout(), 0);
    Ok(())
}
