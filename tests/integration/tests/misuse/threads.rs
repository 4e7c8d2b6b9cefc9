//! Connections, transactions, results and handles that end on other threads than they began on.

use std::thread;

use aludel::engine::{CancelHandle, Transaction};
use aludel::{Connection, CursorResult};

use super::site::{Site, insert};

fn on_another_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::spawn(work).join().expect("no panic there")
}

/// What the compiler sees to: owned things live in structs and on other threads.
const _: () = {
    const fn moves<T: Send + 'static>() {}
    const fn is_shared<T: Send + Sync + Clone + 'static>() {}
    moves::<Connection>();
    moves::<Transaction<'static>>();
    moves::<CursorResult<'static>>();
    is_shared::<CancelHandle>();
    is_shared::<aludel::Engine>();
};

pub(crate) fn everything_moves_between_threads(site: &Site) {
    let engine = site.engine.clone();
    let mut conn: Connection = on_another_thread(move || engine.connect().unwrap());
    let mut conn = on_another_thread(move || {
        insert(&mut conn, 1).unwrap();
        conn
    });
    let handle = conn.cancel_handle().unwrap();
    let conn = on_another_thread(move || {
        conn.commit().unwrap();
        insert(&mut conn, 2).unwrap();
        conn
    });
    on_another_thread(move || drop(conn));
    on_another_thread(move || {
        handle.cancel().unwrap();
        assert!(!handle.is_connected());
    });
    let engine = site.engine.clone();
    let mut transaction = on_another_thread(move || engine.transaction().unwrap());
    insert(&mut transaction, 3).unwrap();
    on_another_thread(move || transaction.commit().unwrap());
    let engine = site.engine.clone();
    let dropped = on_another_thread(move || {
        let mut transaction = engine.transaction().unwrap();
        insert(&mut transaction, 4).unwrap();
        transaction
    });
    on_another_thread(move || drop(dropped));
    let mut result: CursorResult<'static> =
        site.engine.execute("select id from t order by id", ()).unwrap();
    let first: Option<(i64,)> = result.fetch_one().unwrap();
    let rest: Vec<(i64,)> = on_another_thread(move || result.all().unwrap());
    assert_eq!((first, rest.as_slice()), (Some((1,)), &[(3,)][..]));
}
