//! Commits that fail, and blocks whose transaction ends before they do.

use aludel::{Connection, Error, ErrorKind, Result};

use super::site::{NONE, Site, count, insert};

/// Inserts a row that no commit accepts.
fn insert_an_orphan(conn: &mut Connection) -> Result<()> {
    conn.execute("insert into t (id, x) values (7, 7)", ()).map(drop)
}

pub(crate) fn a_commit_that_fails_keeps_nothing(site: &Site) {
    let refused = |result: Result<()>| {
        let error = result.expect_err("no commit accepts the row");
        assert!(error.constraint().is_some(), "{error}");
    };
    refused(site.engine.begin(insert_an_orphan));
    let mut conn = site.engine.connect().unwrap();
    refused(conn.begin(insert_an_orphan));
    assert_eq!(count(&mut conn), 0);
    conn.rollback().unwrap();
    let mut transaction = conn.transaction().unwrap();
    insert_an_orphan(&mut transaction).unwrap();
    refused(transaction.commit());
    assert!(!conn.in_transaction());
    insert_an_orphan(&mut conn).unwrap();
    refused(conn.commit());
    if conn.in_transaction() {
        // Where the database has ended it, there is nothing to roll back.
        conn.rollback().unwrap();
    }
    conn.begin(|conn| insert(conn, 1)).expect("no transaction is open");
    insert(&mut conn, 2).unwrap();
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1, 2]);
}

pub(crate) fn a_block_that_ended_inside_takes_no_statement(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    let refused = |conn: &mut Connection| {
        let error = insert(conn, 9).expect_err("the transaction has ended");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(conn.savepoint().is_err() && conn.begin_twophase(None).is_err());
    };
    let done = conn.begin(|conn| {
        insert(conn, 1)?;
        conn.commit()?;
        refused(conn);
        Ok("done")
    });
    assert_eq!(done.unwrap(), "done", "what was committed is committed");
    let mut transaction = conn.transaction().unwrap();
    insert(&mut transaction, 2).unwrap();
    (*transaction).rollback().unwrap();
    refused(&mut transaction);
    assert_eq!(transaction.commit().unwrap_err().kind(), ErrorKind::InvalidRequest);
    insert(&mut conn, 3).unwrap();
    let begun = conn.transaction().err().map(|error| error.kind());
    assert_eq!(begun, Some(ErrorKind::InvalidRequest), "the first statement has begun one");
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1, 3]);
}

pub(crate) fn a_block_whose_transaction_ended_in_sql_takes_no_statement(site: &Site) {
    let ended = |conn: &mut Connection| -> Result<()> {
        insert(conn, 1)?;
        conn.execute("commit", ())?;
        let error = insert(conn, 2).expect_err("nobody would commit the row");
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(!conn.in_transaction() && conn.savepoint().is_err());
        Err(error)
    };
    let clean = || site.engine.begin(|conn| conn.execute("delete from t", ()).map(drop)).unwrap();
    type Block<'b> = &'b dyn Fn(&mut Connection) -> Result<()>;
    let blocks: [Block<'_>; 3] =
        [&|conn| conn.begin(ended), &|conn| conn.begin_nested(ended), &|conn| {
            conn.begin(|conn| conn.begin_nested(ended))
        }];
    for block in blocks {
        let mut conn = site.engine.connect().unwrap();
        assert_eq!(block(&mut conn).unwrap_err().kind(), ErrorKind::InvalidRequest);
        insert(&mut conn, 3).expect("after the block it goes on");
        conn.commit().unwrap();
        drop(conn);
        assert_eq!(site.ids(), [1, 3]);
        clean();
    }
    let mut runs = 0;
    let retried = site.engine.begin_retrying(&aludel::engine::RetryPolicy::new(), |conn| {
        runs += 1;
        ended(conn)
    });
    assert_eq!((retried.unwrap_err().kind(), runs), (ErrorKind::InvalidRequest, 1));
    assert_eq!(site.ids(), [1]);
    clean();
    let done = site.engine.begin(|conn| {
        insert(conn, 1)?;
        conn.execute("commit", ()).map(drop)
    });
    done.expect("what was committed is committed");
    assert_eq!(site.ids(), [1]);
}

pub(crate) fn errors_of_the_program_roll_back(site: &Site) {
    let own = || Error::invalid_request("the program's own");
    let failed = site.engine.begin(|conn| {
        insert(conn, 1)?;
        Err::<(), _>(own())
    });
    assert_eq!(failed.unwrap_err().message(), "the program's own");
    // With the program's own kind of error, by a guard.
    fn work(conn: &mut Connection) -> Result<(), String> {
        let mut transaction = conn.transaction().map_err(|error| error.to_string())?;
        insert(&mut transaction, 2).map_err(|error| error.to_string())?;
        Err("no stock".to_owned())
    }
    let mut conn = site.engine.connect().unwrap();
    assert_eq!(work(&mut conn).unwrap_err(), "no stock");
    assert!(!conn.in_transaction());
    drop(conn);
    assert_eq!(site.ids(), NONE);
}
