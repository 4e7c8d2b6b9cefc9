//! Two-phase transactions: promised, decided, left, and found again.

use aludel::{Connection, ErrorKind};

use crate::misuse::site::{Site, count, insert};
use crate::site;

/// The transactions of this site that wait for their second phase.
fn waiting(conn: &mut Connection, xids: &[&str]) -> Vec<String> {
    let mut all = conn.recover_twophase().unwrap();
    all.retain(|xid| xids.contains(&xid.as_str()));
    all
}

/// Identifiers are the server's, and other tests run beside this one.
fn xid(site: &Site, name: &str) -> String {
    let pid: i64 =
        site.engine.connect().unwrap().scalar("select pg_backend_pid()::bigint", ()).unwrap();
    format!("{name} {} {pid}", std::process::id())
}

#[test]
fn what_is_prepared_is_committed_or_rolled_back() {
    let Some(site) = site() else { return };
    let mut conn = site.engine.connect().unwrap();
    for commits in [true, false] {
        let mut transaction = conn.begin_twophase(None).unwrap();
        assert!(transaction.xid().starts_with("_sa_") && transaction.xid().len() == 36);
        let xid = transaction.xid().to_owned();
        insert(&mut transaction, 1).unwrap();
        assert!(!transaction.is_prepared());
        transaction.prepare().unwrap();
        assert!(transaction.is_prepared() && transaction.in_transaction());
        assert_eq!(insert(&mut transaction, 2).unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert_eq!(transaction.prepare().unwrap_err().kind(), ErrorKind::InvalidRequest);
        let other = &mut site.engine.connect().unwrap();
        assert_eq!(waiting(other, &[&xid]), [xid.as_str()]);
        let ended = if commits { transaction.commit() } else { transaction.rollback() };
        ended.unwrap();
        assert!(!conn.in_transaction());
        assert!(waiting(other, &[&xid]).is_empty());
        assert_eq!(count(&mut conn), i64::from(commits));
        conn.execute("delete from t", ()).unwrap();
        conn.commit().unwrap();
    }
    drop(conn);
    site.is_clean();
}

#[test]
fn what_is_dropped_is_rolled_back_prepared_or_not() {
    let Some(site) = site() else { return };
    for prepares in [true, false] {
        let mut conn = site.engine.connect().unwrap();
        let mut transaction = conn.begin_twophase(None).unwrap();
        insert(&mut transaction, 1).unwrap();
        if prepares {
            transaction.prepare().unwrap();
        }
        drop(transaction);
        assert_eq!(count(&mut conn), 0);
    }
    let mut conn = site.engine.connect().unwrap();
    let mut transaction = conn.begin_twophase(None).unwrap();
    insert(&mut transaction, 2).unwrap();
    transaction.commit().unwrap();
    assert_eq!(count(&mut conn), 1, "one phase will do");
    drop(conn);
    site.is_clean();
}

#[test]
fn what_is_left_prepared_is_decided_by_whoever_knows_its_identifier() {
    let Some(site) = site() else { return };
    let (kept, undone) = (xid(&site, "kept"), xid(&site, "it's undone"));
    for (id, xid) in [(1, &kept), (2, &undone)] {
        let mut conn = site.engine.connect().unwrap();
        let mut transaction = conn.begin_twophase(Some(xid)).unwrap();
        insert(&mut transaction, id).unwrap();
        transaction.prepare().unwrap();
        assert_eq!(&transaction.leave_prepared().unwrap(), xid);
        assert!(!conn.in_transaction());
    }
    let mut conn = site.engine.connect().unwrap();
    assert_eq!(waiting(&mut conn, &[&kept, &undone]), [kept.as_str(), undone.as_str()]);
    conn.rollback().unwrap();
    insert(&mut conn, 3).unwrap();
    assert_eq!(conn.commit_prepared(&kept).unwrap_err().kind(), ErrorKind::InvalidRequest);
    conn.rollback().unwrap();
    conn.commit_prepared(&kept).unwrap();
    conn.rollback_prepared(&undone).unwrap();
    assert!(conn.commit_prepared(&undone).is_err(), "it is decided");
    drop(conn);
    assert_eq!(site.ids(), [1]);
    site.is_clean();
}

#[test]
fn a_two_phase_transaction_begins_where_there_is_none_and_no_option_asks_for_more() {
    let Some(site) = site() else { return };
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    let refused = |conn: &mut Connection| conn.begin_twophase(None).unwrap_err().kind();
    assert_eq!(refused(&mut conn), ErrorKind::InvalidRequest);
    conn.rollback().unwrap();
    conn.execution_options(&aludel::ExecutionOptions::new().read_only(true)).unwrap();
    assert_eq!(refused(&mut conn), ErrorKind::InvalidRequest);
    let transaction = conn.transaction().unwrap();
    assert!(transaction.commit().is_ok());
    drop(conn);
    let mut conn = site.engine.connect().unwrap();
    let unprepared = conn.begin_twophase(None).unwrap();
    assert_eq!(unprepared.leave_prepared().unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(!conn.in_transaction(), "it was rolled back");
    drop(conn);
    site.is_clean();
}

#[test]
fn a_prepare_that_fails_rolls_back_and_the_connection_goes_on() {
    let Some(site) = site() else { return };
    let orphan = "insert into t (id, x) values (7, 7)";
    for ending in ["rollback", "commit", "drop"] {
        let mut conn = site.engine.connect().unwrap();
        let mut transaction = conn.begin_twophase(None).unwrap();
        insert(&mut transaction, 1).unwrap();
        transaction.execute(orphan, ()).expect("nothing is checked before the end");
        let error = transaction.prepare().unwrap_err();
        assert!(error.constraint().is_some(), "{error}");
        assert!(!transaction.is_active() && !transaction.in_transaction());
        let late = insert(&mut transaction, 2).expect_err("nobody would commit the row");
        assert_eq!(late.kind(), ErrorKind::InvalidRequest, "{late}");
        match ending {
            "rollback" => transaction.rollback().expect("nothing is left"),
            "commit" => {
                let error = transaction.commit().expect_err("nothing was kept");
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
            }
            _ => drop(transaction),
        }
        assert_eq!(count(&mut conn), 0);
        insert(&mut conn, 3).unwrap();
        conn.commit().expect("a plain transaction, of no identifier");
        conn.execute("delete from t", ()).unwrap();
        conn.commit().unwrap();
    }
    site.is_clean();
}

#[test]
fn what_was_prepared_survives_the_loss_of_its_connection() {
    let Some(site) = site() else { return };
    let mut conn = site.engine.connect().unwrap();
    let mut transaction = conn.begin_twophase(None).unwrap();
    let xid = transaction.xid().to_owned();
    insert(&mut transaction, 1).unwrap();
    transaction.prepare().unwrap();
    transaction.invalidate().unwrap();
    let error = transaction.rollback().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "it is not rolled back: {error}");
    assert_eq!(waiting(&mut conn, &[&xid]), [xid.as_str()]);
    conn.rollback().unwrap();
    conn.commit_prepared(&xid).unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1]);
    site.is_clean();
}
