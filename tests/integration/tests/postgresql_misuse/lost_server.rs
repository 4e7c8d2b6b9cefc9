//! Connections that the server ends, and answers that never come.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use aludel::engine::RetryPolicy;
use aludel::{Connection, Engine, ErrorKind};
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

/// A proxy before the server, and an engine that goes through it.
fn through_proxy(site: &Site) -> (Proxy, Engine) {
    let vars = server().expect("there is one");
    let host = format!("{}:{}", &vars["ALUDEL_PG_HOST"], &vars["ALUDEL_PG_PORT"]);
    let proxy = Proxy::to(host.parse::<SocketAddr>().expect("an address")).unwrap();
    let url = site.engine.url().clone().with_host(proxy.address().ip().to_string()).unwrap();
    let url = url.with_port(proxy.address().port());
    (proxy, engine(&url.render_as_string(false)))
}

#[test]
fn a_promise_whose_answer_is_lost_is_not_taken_to_be_rolled_back() {
    let Some(site) = site() else { return };
    let (proxy, through) = through_proxy(&site);
    let mut conn = through.connect().unwrap();
    let mut transaction = conn.begin_twophase(None).unwrap();
    let xid = transaction.xid().to_owned();
    insert(&mut transaction, 8).unwrap();
    let mut other = site.engine.connect().unwrap();
    proxy.to_client().stall_after(0);
    let error = std::thread::scope(|scope| {
        let prepared = scope.spawn(|| transaction.prepare());
        let given_up = Instant::now() + Duration::from_secs(20);
        while !other.recover_twophase().unwrap().contains(&xid) {
            assert!(Instant::now() < given_up, "the server was never asked");
            std::thread::sleep(Duration::from_millis(5));
        }
        proxy.close();
        prepared.join().unwrap().unwrap_err()
    });
    assert!(error.is_disconnect(), "{error}");
    assert!(transaction.is_prepared(), "it may be");
    let error = transaction.rollback().unwrap_err();
    assert!(error.help().unwrap().contains("recover_twophase"), "{error}");
    drop(conn);
    other.rollback().unwrap();
    other.commit_prepared(&xid).unwrap();
    drop(other);
    assert_eq!(site.ids(), [8]);
    site.is_clean();
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_repeated() {
    let Some(site) = site() else { return };
    let (proxy, through) = through_proxy(&site);
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
