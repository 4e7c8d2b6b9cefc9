//! BEGIN in SQL text, on connections that begin nothing by themselves.

use aludel::dbapi::IsolationLevel;
use aludel::{Connection, Error, ErrorKind, Result};

use super::site::{NONE, Site, insert};

fn autocommit(site: &Site) -> Connection {
    let mut conn = site.engine.connect().unwrap();
    conn.set_isolation_level(IsolationLevel::Autocommit).unwrap();
    conn
}

fn begin(conn: &mut Connection) -> Result<()> {
    conn.execute("begin", ()).map(drop)
}

pub(crate) fn what_sql_begins_with_autocommit_is_committed_and_rolled_back(site: &Site) {
    let mut conn = autocommit(site);
    begin(&mut conn).unwrap();
    insert(&mut conn, 1).unwrap();
    assert!(conn.in_transaction());
    assert_eq!(conn.transaction().err().map(|error| error.kind()), Some(ErrorKind::InvalidRequest));
    conn.commit().unwrap();
    assert!(!conn.in_transaction());
    begin(&mut conn).unwrap();
    insert(&mut conn, 2).unwrap();
    conn.rollback().unwrap();
    assert!(!conn.in_transaction());
    conn.set_isolation_level(IsolationLevel::Autocommit).expect("no transaction is open");
    begin(&mut conn).unwrap();
    let mut savepoint = conn.savepoint().expect("there is a transaction");
    insert(&mut savepoint, 3).unwrap();
    (*savepoint).commit().unwrap();
    assert!(!savepoint.is_active(), "it has ended with its transaction");
    drop(savepoint);
    begin(&mut conn).unwrap();
    insert(&mut conn, 4).unwrap();
    conn.close().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1, 3]);
}

pub(crate) fn a_block_with_autocommit_ends_what_sql_begins_in_it(site: &Site) {
    let mut conn = autocommit(site);
    let failed = conn.begin(|conn| {
        begin(conn)?;
        insert(conn, 1)?;
        Err::<(), _>(Error::invalid_request("the program's own"))
    });
    assert_eq!(failed.unwrap_err().message(), "the program's own");
    assert!(!conn.in_transaction());
    let mut dropped = conn.transaction().unwrap();
    begin(&mut dropped).unwrap();
    insert(&mut dropped, 2).unwrap();
    dropped.rollback().unwrap();
    drop(conn);
    assert_eq!(site.ids(), NONE);
    let mut conn = autocommit(site);
    conn.begin(|conn| {
        begin(conn)?;
        insert(conn, 3)
    })
    .unwrap();
    assert!(!conn.in_transaction());
    drop(conn);
    assert_eq!(site.ids(), [3]);
}
