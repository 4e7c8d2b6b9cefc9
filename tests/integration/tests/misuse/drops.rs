//! Connections, transactions, savepoints and results that go in every order, or never.

use std::any::Any;
use std::mem::forget;

use aludel::Connection;

use super::site::{NONE, Site, count, insert};

const ROWS: &str = "select 1 as a union all select 2 union all select 3";

/// Calls `work` with every order of so many things.
fn every_order(length: usize, work: &mut dyn FnMut(&[usize])) {
    fn extend(order: &mut Vec<usize>, length: usize, work: &mut dyn FnMut(&[usize])) {
        if order.len() == length {
            return work(order);
        }
        for next in (0..length).filter(|next| !order.contains(next)).collect::<Vec<_>>() {
            order.push(next);
            extend(order, length, work);
            order.pop();
        }
    }
    extend(&mut Vec::new(), length, work);
}

/// Things that own connections, all in the midst of something.
fn owned_things(site: &Site) -> Vec<Box<dyn Any>> {
    let mut things: Vec<Box<dyn Any>> = Vec::new();
    if site.connections > 1 {
        let mut transaction = site.engine.transaction().unwrap();
        let _half_read = transaction.execute(ROWS, ()).unwrap().next().unwrap().is_some();
        things.push(Box::new(transaction));
        let mut result = site.engine.execute(ROWS, ()).unwrap();
        assert!(result.next().unwrap().is_some());
        things.push(Box::new(result));
        let mut raw = site.engine.raw_connection().unwrap();
        let options = aludel::dbapi::PrepareOptions::default();
        raw.prepare(ROWS, options, aludel::abi::host::Limits::NONE).unwrap();
        things.push(Box::new(raw));
    }
    // Last, because a database in memory has no readers that begin beside a writer.
    let mut conn = site.engine.connect().unwrap();
    insert(&mut conn, 1).unwrap();
    things.push(Box::new(conn.cancel_handle().unwrap()));
    things.push(Box::new(conn));
    things
}

pub(crate) fn owned_things_are_dropped_in_every_order(site: &Site) {
    // With many things most orders differ in what is tried elsewhere; every 7th is enough.
    let mut nth = 0;
    let length = owned_things(site).len();
    every_order(length, &mut |order| {
        nth += 1;
        if length > 4 && nth % 7 != 0 {
            return;
        }
        let mut things: Vec<Option<Box<dyn Any>>> =
            owned_things(site).into_iter().map(Some).collect();
        for at in order {
            things[*at] = None;
        }
        assert_eq!(site.engine.checkedout(), 0, "{order:?}");
    });
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn borrowed_things_are_dropped_in_every_order(site: &Site) {
    for rows_read in 0..4 {
        for ends in 0..8 {
            let mut conn = site.engine.connect().unwrap();
            let mut transaction = conn.transaction().unwrap();
            insert(&mut transaction, 1).unwrap();
            let mut savepoint = transaction.savepoint().unwrap();
            insert(&mut savepoint, 2).unwrap();
            let mut result = savepoint.execute(ROWS, ()).unwrap();
            for _ in 0..rows_read {
                assert!(result.next().unwrap().is_some());
            }
            if ends & 1 == 0 {
                result.close().unwrap();
            }
            drop(result);
            if ends & 2 == 0 {
                savepoint.rollback().unwrap()
            } else {
                drop(savepoint)
            }
            assert_eq!(count(&mut transaction), 1, "the savepoint is undone");
            if ends & 4 == 0 {
                transaction.rollback().unwrap()
            } else {
                drop(transaction)
            }
            assert_eq!(count(&mut conn), 0, "the transaction is undone");
        }
    }
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn what_was_forgotten_holds_nothing_open(site: &Site) {
    let mut conn = site.engine.connect().unwrap();
    let mut transaction = conn.transaction().unwrap();
    insert(&mut transaction, 1).unwrap();
    let mut savepoint = transaction.savepoint().unwrap();
    insert(&mut savepoint, 2).unwrap();
    let mut result = savepoint.execute(ROWS, ()).unwrap();
    assert!(result.next().unwrap().is_some());
    forget(result);
    assert_eq!(
        count(&mut savepoint),
        2,
        "the next statement takes the place of what was forgotten"
    );
    forget(savepoint);
    forget(transaction);
    assert!(conn.in_transaction(), "whom nobody ends stays open");
    conn.rollback().unwrap();
    drop(conn);
    assert_eq!(site.ids(), NONE);
}

pub(crate) fn the_connection_is_closed_under_what_it_held(site: &Site) {
    let close = |conn: &mut Connection| conn.close().unwrap();
    let mut conn = site.engine.connect().unwrap();
    let mut transaction = conn.transaction().unwrap();
    insert(&mut transaction, 1).unwrap();
    let mut savepoint = transaction.savepoint().unwrap();
    close(&mut savepoint);
    assert!(!savepoint.is_active());
    drop(savepoint);
    assert!(transaction.commit().is_err());
    assert_eq!(site.ids(), NONE);
    let mut owned = site.engine.transaction().unwrap();
    insert(&mut owned, 1).unwrap();
    close(&mut owned);
    assert!(owned.execute("select 1", ()).is_err());
    drop(owned);
}
