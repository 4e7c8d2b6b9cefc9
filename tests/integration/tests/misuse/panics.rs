//! Panics in what the program does between.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::site::{NONE, Site, count, insert};

/// Runs what panics, and says whether it did.
fn panics(work: impl FnOnce()) {
    // Threads of tests print their panics into the output of the test.
    let caught = catch_unwind(AssertUnwindSafe(work)).expect_err("it panics");
    let said = caught.downcast_ref::<&str>().copied();
    assert_eq!(said, Some("as the test wants"), "no other panic");
}

fn panic_now() {
    panic!("as the test wants");
}

pub(crate) fn a_panic_in_a_block_rolls_back(site: &Site) {
    panics(|| {
        let _never = site.engine.begin(|conn| {
            insert(conn, 1)?;
            panic_now();
            Ok(())
        });
    });
    let mut conn = site.engine.connect().unwrap();
    panics(|| {
        let mut transaction = conn.transaction().unwrap();
        insert(&mut transaction, 2).unwrap();
        panic_now();
    });
    assert_eq!(count(&mut conn), 0, "the same connection goes on");
    drop(conn);
    panics(|| {
        let mut transaction = site.engine.transaction().unwrap();
        insert(&mut transaction, 3).unwrap();
        panic_now();
    });
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn a_panic_between_rows_rolls_back(site: &Site) {
    panics(|| {
        let mut conn = site.engine.connect().unwrap();
        insert(&mut conn, 1).unwrap();
        let mut rows = conn.execute("select 1 union all select 2", ()).unwrap();
        assert!(rows.next().unwrap().is_some());
        panic_now();
    });
    panics(|| {
        let mut rows = site.engine.execute("select 1 union all select 2", ()).unwrap();
        assert!(rows.next().unwrap().is_some());
        panic_now();
    });
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn a_panic_in_a_savepoint_undoes_the_savepoint(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    panics(|| {
        let _never = conn.begin_nested(|conn| {
            insert(conn, 2)?;
            let _inner = conn.begin_nested(|conn| {
                insert(conn, 3)?;
                panic_now();
                Ok(())
            });
            Ok(())
        });
    });
    assert!(conn.in_transaction() && !conn.in_nested_transaction());
    conn.commit().unwrap();
    drop(conn);
    assert_eq!(site.ids(), [1]);
}
