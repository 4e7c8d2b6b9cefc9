//! Connections that the server ends, and answers that never come.

use std::net::SocketAddr;
use std::time::Duration;

use aludel::engine::RetryPolicy;
use aludel::{Connection, ErrorKind};
use aludel_test_support::proxy::Proxy;

use crate::misuse::site::{Site, insert};
use crate::{engine, server, site};

/// Has the server end the session of this connection.
fn kill(site: &Site, conn: &mut Connection) {
    let pid: i32 = conn.scalar("select pg_backend_pid()", ()).unwrap();
    let killed = site.engine.execute("select pg_terminate_backend(?)".replace('?', "$1"), (pid,));
    assert!(killed.unwrap().scalar::<bool>().unwrap());
    let gone = "select count(*) = 0 from pg_stat_activity where pid = $1";
    while !site.engine.execute(gone, (pid,)).unwrap().scalar::<bool>().unwrap() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_session_that_the_server_ends_takes_its_transaction_along() {
    let Some(site) = site() else { return };
    let mut conn = site.engine.connect().unwrap();
    let handle = conn.cancel_handle().unwrap();
    insert(&mut conn, 1).unwrap();
    kill(&site, &mut conn);
    let error = insert(&mut conn, 2).unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    assert!(conn.invalidated() && conn.in_transaction());
    let refused = insert(&mut conn, 3).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert_eq!(conn.commit().unwrap_err().kind(), ErrorKind::InvalidRequest);
    conn.rollback().unwrap();
    insert(&mut conn, 4).unwrap();
    conn.commit().unwrap();
    assert!(handle.last_call().is_some(), "the handle has followed");
    // The rollback is the first to hear of it, and the transaction is over all the same.
    kill(&site, &mut conn);
    assert!(conn.rollback().unwrap_err().is_disconnect());
    assert!(!conn.in_transaction());
    insert(&mut conn, 5).unwrap();
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [4, 5]);
    site.is_clean();
}

#[test]
fn a_transaction_that_lost_its_server_is_run_again() {
    let Some(site) = site() else { return };
    let (mut runs, policy) = (0, RetryPolicy::new());
    let done = site.engine.begin_retrying(&policy, |conn| {
        runs += 1;
        insert(conn, runs)?;
        if runs < 3 {
            kill(&site, conn);
        }
        conn.scalar::<i64>("select count(*) from t", ())
    });
    assert_eq!(done.unwrap(), 1);
    assert_eq!(site.ids(), [3]);
    site.is_clean();
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_repeated() {
    let Some(site) = site() else { return };
    let vars = server().expect("there is one");
    let host = format!("{}:{}", &vars["ALUDEL_PG_HOST"], &vars["ALUDEL_PG_PORT"]);
    let proxy = Proxy::to(host.parse::<SocketAddr>().expect("an address")).unwrap();
    let url = site.engine.url().clone().with_host(proxy.address().ip().to_string()).unwrap();
    let url = url.with_port(proxy.address().port());
    let through = engine(&url.render_as_string(false));
    let mut runs = 0;
    let failed = through.begin_retrying(&RetryPolicy::new(), |conn| {
        runs += 1;
        insert(conn, 7)?;
        proxy.to_client().close_after(0);
        Ok(())
    });
    let error = failed.unwrap_err();
    assert!(error.is_disconnect() && error.help().unwrap().contains("not known"), "{error}");
    assert_eq!(runs, 1);
    site.is_clean();
}

#[test]
fn a_server_that_is_not_there_yet_is_tried_again() {
    let nobody = engine("postgresql://somebody@127.0.0.1:1/nothing?sslmode=disable");
    let policy = RetryPolicy::new().attempts(3).backoff(Duration::from_millis(1));
    let error = nobody.begin_retrying(&policy, |_| Ok(())).unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    assert!(error.notes().any(|note| note == ("runs", "3")), "{error}");
}
