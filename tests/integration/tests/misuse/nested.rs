//! Savepoints that end in the wrong order, too late, or by the hundred.

use aludel::ErrorKind;

use super::site::{NONE, Site, count, insert};

pub(crate) fn savepoints_keep_and_undo_their_own(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    let mut outer = conn.savepoint().unwrap();
    insert(&mut outer, 1).unwrap();
    assert!(outer.in_transaction() && outer.in_nested_transaction());
    let mut kept = outer.savepoint().unwrap();
    insert(&mut kept, 2).unwrap();
    kept.commit().unwrap();
    let mut undone = outer.savepoint().unwrap();
    insert(&mut undone, 3).unwrap();
    undone.rollback().unwrap();
    let failed = outer.begin_nested(|conn| {
        insert(conn, 4)?;
        insert(conn, 4)
    });
    assert!(failed.unwrap_err().constraint().is_some());
    insert(&mut outer, 5).unwrap();
    outer.commit().unwrap();
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1, 2, 5]);
}

pub(crate) fn the_end_of_the_transaction_ends_its_savepoints(site: &Site) {
    for commits in [true, false] {
        let mut conn = site.engine.connect().unwrap();
        insert(&mut conn, 1).unwrap();
        let mut outer = conn.savepoint().unwrap();
        let mut inner = outer.savepoint().unwrap();
        insert(&mut inner, 2).unwrap();
        // On the connection, under the savepoints.
        let ended = if commits { (*inner).commit() } else { (*inner).rollback() };
        ended.unwrap();
        assert!(!inner.is_active() && !inner.in_nested_transaction());
        assert_eq!(inner.commit().unwrap_err().kind(), ErrorKind::InvalidRequest);
        let late = insert(&mut outer, 3).unwrap_err();
        assert_eq!(
            late.kind(),
            ErrorKind::InvalidRequest,
            "the block goes on, without a transaction"
        );
        outer.rollback().unwrap();
        insert(&mut conn, 4).unwrap();
        conn.rollback().unwrap();
        drop(conn);
        assert_eq!(site.ids(), if commits { vec![1, 2] } else { vec![] });
        site.engine.begin(|conn| conn.execute("delete from t", ()).map(drop)).unwrap();
    }
}

pub(crate) fn a_hundred_savepoints_leave_none(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1000).unwrap();
    let mut names = std::collections::HashSet::new();
    for id in 0..100 {
        let mut savepoint = conn.savepoint().unwrap();
        assert!(names.insert(savepoint.name()), "no name comes twice");
        insert(&mut savepoint, id).unwrap();
        if id % 2 == 0 {
            savepoint.commit().unwrap()
        } else {
            drop(savepoint)
        }
        assert!(!conn.in_nested_transaction());
    }
    assert_eq!(count(&mut conn), 51);
    // Those that were rolled back to are gone from the database as well.
    let spent = conn.execute("rollback to savepoint sa_savepoint_2", ()).is_err();
    assert!(spent, "the second was released when the third was made");
    conn.rollback().unwrap();
    drop(conn);
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn a_savepoint_that_cannot_be_undone_dooms_its_transaction(site: &Site) {
    for drops in [true, false] {
        let mut conn = site.engine.connect().unwrap();
        insert(&mut conn, 1).unwrap();
        let mut savepoint = conn.savepoint().unwrap();
        insert(&mut savepoint, 2).unwrap();
        // Behind the engine's back.
        let name = savepoint.name();
        savepoint.execute(format!("release savepoint {name}"), ()).unwrap();
        if drops {
            drop(savepoint)
        } else {
            drop(savepoint.rollback().unwrap_err())
        }
        for refused in [insert(&mut conn, 3), conn.commit(), conn.savepoint().map(drop)] {
            let error = refused.expect_err("what should be undone would be committed");
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(error.is_transaction_aborted());
        }
        conn.rollback().unwrap();
        assert_eq!(count(&mut conn), 0);
    }
}
