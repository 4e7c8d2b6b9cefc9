//! Errors inside a transaction, which some databases end and others abort.

use aludel::{Connection, ErrorKind};

use super::site::{Site, count, insert};

/// Has the database refuse a statement.
fn fail(conn: &mut Connection) {
    let error = conn.execute("select nope from t", ()).expect_err("there is no such column");
    assert_ne!(error.kind(), ErrorKind::InvalidRequest);
}

/// True where an error aborts the transaction.
fn aborts(site: &Site) -> bool {
    site.engine.dialect().name == "postgresql"
}

pub(crate) fn an_error_leaves_the_transaction_as_the_database_has_it(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    fail(&mut conn);
    assert!(conn.in_transaction(), "an error does not end it");
    if !aborts(site) {
        conn.commit().unwrap();
        drop(conn);
        assert_eq!(site.ids(), [1]);
        return;
    }
    let refused = insert(&mut conn, 2).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidRequest);
    assert!(refused.is_transaction_aborted() && refused.sqlstate() == Some("25P02"));
    assert_eq!(refused.help(), Some("roll back first"));
    assert!(conn.savepoint().is_err());
    let error = conn.commit().unwrap_err();
    assert!(error.is_transaction_aborted(), "a commit that keeps nothing is an error: {error}");
    assert!(!conn.in_transaction());
    insert(&mut conn, 3).unwrap();
    conn.commit().unwrap();
    // A rollback in SQL text gets through.
    insert(&mut conn, 4).unwrap();
    fail(&mut conn);
    conn.execute("-- enough\nrollback", ()).unwrap();
    insert(&mut conn, 5).unwrap();
    conn.rollback().unwrap();
    // A savepoint contains the damage.
    insert(&mut conn, 6).unwrap();
    let mut savepoint = conn.savepoint().unwrap();
    insert(&mut savepoint, 7).unwrap();
    fail(&mut savepoint);
    assert_eq!(savepoint.commit().unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(count(&mut conn), 2);
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [3, 6]);
}
