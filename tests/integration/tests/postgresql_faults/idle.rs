//! Sessions that the server ends: while nobody uses them, and in the middle of a statement.

use std::time::Duration;

use aludel::abi::host::Limits;

use crate::engines::{
    assert_ended, backend, connect, error_of, in_both_languages, in_german, rows, run, scalar,
    wait_until, wait_until_running, with,
};

/// Waits until the server has ended the session of this process.
fn wait_until_gone(observer: &mut aludel::Connection, pid: i64) {
    let ask = format!("select count(*) from pg_stat_activity where pid = {pid}");
    wait_until("the end of a session", || {
        let found = scalar(observer, &ask);
        observer.rollback().unwrap();
        found == aludel::Value::I64(0)
    });
}

#[test]
fn the_next_call_after_a_termination_while_idle_says_so_and_the_connection_is_dead() {
    for url in in_both_languages() {
        for (begun, committed) in [(false, true), (true, true), (true, false)] {
            let (mut idle, mut observer) = (connect(&url), connect(&url));
            let pid = backend(&mut idle);
            if begun {
                assert_eq!(rows(&mut idle, "select $1::int", (1,)).unwrap().len(), 1);
            }
            if committed {
                idle.commit().unwrap();
            }
            run(&mut observer, "select pg_terminate_backend($1)", (pid,));
            wait_until_gone(&mut observer, pid);
            assert!(idle.driver().unwrap().is_alive(), "nothing was asked yet");
            let error = error_of(&mut idle, "select 1");
            assert_ended(&idle, &error, "57P01");
            assert!(error.help().unwrap().contains("connect again"), "{error}");
        }
    }
}

#[test]
fn a_ping_a_commit_and_a_reset_see_a_termination_as_well() {
    for url in in_both_languages() {
        let mut observer = connect(&url);
        for call in ["ping", "commit", "rollback", "reset", "notification"] {
            let mut idle = connect(&url);
            let pid = backend(&mut idle);
            run(&mut idle, "select 1", ());
            rows(&mut idle, "select 1", ()).unwrap();
            run(&mut observer, "select pg_terminate_backend($1)", (pid,));
            wait_until_gone(&mut observer, pid);
            let driver = idle.driver().unwrap();
            let soon = Limits::within(Duration::from_secs(20));
            let error = match call {
                "ping" => driver.ping(soon),
                "commit" => driver.commit(soon),
                "rollback" => driver.rollback(soon),
                "reset" => driver.reset_session(soon),
                _ => driver.next_notification(soon).map(drop),
            };
            assert_ended(&idle, &error.unwrap_err(), "57P01");
        }
    }
}

#[test]
fn a_termination_while_a_statement_runs_is_its_error() {
    for url in in_both_languages() {
        for sql in ["select pg_sleep(600)", "do $$ begin perform pg_sleep(600); end $$"] {
            let (mut running, mut observer) = (connect(&url), connect(&url));
            let pid = backend(&mut running);
            let worker = std::thread::spawn(move || {
                let error = error_of(&mut running, sql);
                (running, error)
            });
            wait_until_running(&mut observer, pid, "pg_sleep(600)");
            run(&mut observer, "select pg_terminate_backend($1)", (pid,));
            let (running, error) = worker.join().unwrap();
            assert_ended(&running, &error, "57P01");
        }
    }
}

#[test]
fn a_termination_while_rows_are_read_comes_after_the_rows_that_were_sent() {
    for url in in_both_languages() {
        let (mut reading, mut observer) = (connect(&url), connect(&url));
        let pid = backend(&mut reading);
        let sql = "select generate_series(1, 100000000) n, repeat('x', 100)";
        let mut result = reading.execute(sql, ()).unwrap();
        assert_eq!(result.next().unwrap().unwrap().get_at::<i64>(0).unwrap(), 1);
        run(&mut observer, "select pg_terminate_backend($1)", (pid,));
        let mut next = 2;
        let error = loop {
            match result.next() {
                Ok(Some(row)) => assert_eq!(row.get_at::<i64>(0).unwrap(), next),
                Ok(None) => panic!("the result has an end"),
                Err(error) => break error,
            }
            next += 1;
        };
        drop(result);
        // A server that waits for room to send rows has no room for its reason either.
        let sqlstate = error.sqlstate().unwrap_or_default().to_owned();
        assert!(matches!(sqlstate.as_str(), "57P01" | "08006"), "{error}");
        assert_ended(&reading, &error, &sqlstate);
    }
}

#[test]
fn timeouts_of_idle_sessions_and_transactions_are_told_by_name() {
    for url in in_both_languages() {
        for (setting, begin, sqlstate) in [
            ("idle_session_timeout", false, "57P05"),
            ("idle_in_transaction_session_timeout", true, "25P03"),
        ] {
            let mut observer = connect(&url);
            let mut idle = connect(&with(&url, &format!("options=-c%20{setting}%3D50")));
            let pid = rows(&mut idle, "select pg_backend_pid()", ()).unwrap()[0][0].clone();
            if !begin {
                idle.commit().unwrap();
            }
            let aludel::Value::I64(pid) = pid else { panic!("{pid:?}") };
            wait_until_gone(&mut observer, pid);
            let error = error_of(&mut idle, "select 1");
            assert_ended(&idle, &error, sqlstate);
            assert!(error.help().unwrap().contains(setting), "{error}");
        }
    }
}

#[test]
fn the_messages_of_the_translated_server_are_translated() {
    let Some(url) = in_german() else { return };
    let message = error_of(&mut connect(&url), "select 1 / 0").message().to_owned();
    assert_eq!(message, "Division durch Null");
    let (mut idle, mut observer) = (connect(&url), connect(&url));
    let pid = backend(&mut idle);
    run(&mut observer, "select pg_terminate_backend($1)", (pid,));
    wait_until_gone(&mut observer, pid);
    let error = error_of(&mut idle, "select 1");
    assert!(error.message().contains("Verbindung"), "{error}");
}
