//! Connections that are invalidated, detached or closed in the midst of their work.

use aludel::{Connection, ErrorKind};

use super::site::{NONE, Site, count, insert};

fn refused(conn: &mut Connection) {
    let error = conn.execute("select 1", ()).map(drop).expect_err("the transaction is lost");
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
}

pub(crate) fn an_invalidated_connection_connects_again_after_the_rollback(site: &Site) {
    if !site.survives {
        return;
    }
    let mut conn = site.engine.connect().unwrap();
    let handle = conn.cancel_handle().unwrap();
    let mut transaction = conn.transaction().unwrap();
    insert(&mut transaction, 1).unwrap();
    transaction.invalidate().unwrap();
    assert!(transaction.is_active() && !transaction.is_valid() && transaction.in_transaction());
    assert_eq!(handle.last_call(), None);
    handle.cancel().unwrap();
    refused(&mut transaction);
    assert!(transaction.driver().is_err() && transaction.info().is_err());
    assert!(transaction.detach().is_err());
    assert_eq!(transaction.commit().unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert!(!conn.in_transaction());
    assert_eq!(count(&mut conn), 0);
    assert!(!conn.invalidated() && handle.last_call().is_some());
    // Outside a transaction nobody notices.
    conn.rollback().unwrap();
    conn.invalidate().unwrap();
    conn.invalidate().unwrap();
    assert!(conn.invalidated());
    insert(&mut conn, 2).unwrap();
    conn.commit().unwrap();
    conn.invalidate().unwrap();
    assert_eq!(site.engine.checkedout(), 0, "an invalidated connection holds nothing");
    drop(conn);
    assert_eq!(site.ids(), [2]);
}

pub(crate) fn an_invalidated_savepoint_ends_with_its_transaction(site: &Site) {
    if !site.survives {
        return;
    }
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    let mut savepoint = conn.savepoint().unwrap();
    savepoint.invalidate().unwrap();
    refused(&mut savepoint);
    savepoint.rollback().unwrap();
    refused(&mut conn);
    conn.rollback().unwrap();
    assert_eq!(count(&mut conn), 0);
}

pub(crate) fn a_detached_connection_is_not_returned(site: &Site) {
    if !site.survives {
        return;
    }
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    conn.info().unwrap().insert("mine");
    conn.detach().unwrap();
    assert_eq!(site.engine.checkedout(), 0);
    assert!(conn.in_transaction());
    conn.commit().unwrap();
    conn.info().unwrap().insert("still mine");
    drop(conn);
    let mut next = site.engine.connect().unwrap();
    assert_eq!(next.info().unwrap().get::<&str>(), None);
    drop(next);
    assert_eq!(site.ids(), [1]);
}

pub(crate) fn a_closed_connection_does_nothing(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    let handle = conn.cancel_handle().unwrap();
    insert(&mut conn, 1).unwrap();
    conn.close().unwrap();
    conn.close().unwrap();
    assert!(conn.closed() && !conn.invalidated() && !conn.in_transaction());
    assert!(!handle.is_connected() && handle.last_call().is_none());
    handle.cancel().unwrap();
    conn.commit().unwrap();
    conn.rollback().unwrap();
    let kinds = [
        conn.execute("select 1", ()).err(),
        conn.begin(|_| Ok(())).err(),
        conn.savepoint().err(),
        conn.driver().err(),
        conn.detach().err(),
        conn.invalidate().err(),
        conn.cancel_handle().err(),
        conn.execution_options(&aludel::ExecutionOptions::new()).err(),
        conn.script("select 1").next_statement().err(),
    ];
    for error in kinds {
        assert_eq!(error.expect("it is closed").kind(), ErrorKind::ResourceClosed);
    }
    assert_eq!(site.ids(), NONE);
}
