//! A program that has a recorder and does not ask for metrics gets none.

#![forbid(unsafe_code)]

use aludel_tests_metrics::Kept;

#[test]
fn nothing_is_recorded_until_the_program_asks_for_it() {
    let kept = Kept::installed();
    aludel::register(aludel_dialect_sqlite::dialect()).unwrap();
    let engine = aludel::create_engine("sqlite://").unwrap();
    engine.begin(|connection| connection.execute("create table t (x)", ()).map(drop)).unwrap();
    engine.execute("select * from nowhere", ()).unwrap_err();
    assert_eq!(kept.keys_with("").len(), 0);
    assert!(kept.described().is_empty());

    aludel::metrics::start();
    engine.execute("select 1", ()).unwrap();
    assert!(!kept.keys_with("db.client.operation.duration").is_empty());
}
