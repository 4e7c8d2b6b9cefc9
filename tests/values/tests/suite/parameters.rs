//! Values that cannot be sent, and lists, as parameters of statements.

use aludel::text::{bindparam, text};
use aludel::{Engine, params};
use std::time::Duration;

const REFUSED: Duration = Duration::from_secs(u64::MAX);

fn engine() -> Engine {
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    aludel::create_engine("sqlite:///:memory:").expect("SQLite is linked")
}

#[test]
fn a_value_that_cannot_be_sent_is_told_by_place_name_and_row() -> aludel::Result<()> {
    let reason = "a value of Duration cannot be sent: it is longer than the longest interval";
    let error = engine().execute("select ?, ?", (1, REFUSED)).expect_err("refused");
    assert!(error.to_string().contains(&format!("parameter 2: {reason}")), "{error}");
    let error = engine().execute("select :x", params! { x: REFUSED }).expect_err("refused");
    assert!(error.to_string().contains(&format!("parameter `x`: {reason}")), "{error}");
    let mut conn = engine().connect()?;
    conn.execute("create table t (x)", ())?;
    let rows = [(None,), (Some(REFUSED),)];
    let error = conn.execute("insert into t values (?)", &rows[..]).expect_err("refused");
    assert!(error.to_string().contains(&format!("parameter 1: {reason}")), "{error}");
    assert_eq!(error.failing_row(), Some(1));
    let bind = bindparam("x").value(REFUSED);
    let error = text("select :x").bindparams([bind]).expect_err("refused");
    assert!(error.to_string().contains(&format!("bind `x`: {reason}")), "{error}");
    Ok(())
}

#[test]
fn a_list_expands_after_in() -> aludel::Result<()> {
    let sql = "select count(*) from (select 1 as x union select 2 union select 3) where x in :xs";
    let count = |params| engine().execute(sql, params)?.scalar::<i64>();
    assert_eq!(count(params! { xs: vec![1, 3, 5] })?, 2);
    assert_eq!(count(params! { xs: [2] })?, 1);
    assert_eq!(count(params! { xs: &[2_u64, 3][..] })?, 2);
    assert_eq!(count(params! { xs: Vec::<i64>::new() })?, 0);
    Ok(())
}

#[test]
fn sqlite_has_no_arrays_and_says_so() {
    let error = engine().execute("select ?", (vec![1, 2],)).expect_err("no type for it");
    assert!(error.to_string().contains("SQLite has no type for array values"), "{error}");
}
