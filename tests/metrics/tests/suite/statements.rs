//! Statements, transactions, texts and plugins: recorded as they happen.

use aludel_tests_metrics::Recorded;

use crate::shop::{Shop, builder};

const DURATION: &str = "db.client.operation.duration";
const ROWS: &str = "db.client.response.returned_rows";
const SELECT: &[&str] = &["db.operation.name=SELECT"];

#[test]
fn a_statement_is_timed_once_with_the_rows_that_were_read() {
    let shop = Shop::new();
    shop.engine.execute("insert into item values ('a'), ('b'), ('c')", ()).unwrap();
    let mut connection = shop.engine.connect().unwrap();
    let mut rows = connection.execute("select name from item", ()).unwrap();
    assert!(rows.next().unwrap().is_some());
    assert!(rows.next().unwrap().is_some());
    assert_eq!(shop.values(DURATION, SELECT).len(), 0, "it is not done");
    drop(rows);
    let durations = shop.values(DURATION, SELECT);
    assert_eq!(durations.len(), 1);
    assert!(durations[0] > 0.0 && durations[0] < 10.0, "seconds: {durations:?}");
    assert_eq!(shop.values(ROWS, SELECT), [2.0]);
    let insert = &["db.operation.name=INSERT"];
    assert_eq!(shop.values(DURATION, insert).len(), 1);
    assert_eq!(shop.values(ROWS, insert).len(), 0, "it returns none");
}

#[test]
fn rows_are_counted_however_they_are_read() {
    let shop = Shop::new();
    shop.engine.execute("insert into item values ('a'), ('b'), ('c')", ()).unwrap();
    let select = || shop.engine.execute("select name from item", ()).unwrap();
    let mut rows = select();
    let mut names = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        names.push(row.get_at::<String>(0).unwrap());
    }
    assert_eq!(select().all::<(String,)>().unwrap().len(), 3);
    assert_eq!(select().scalars::<String>(0).unwrap().all().unwrap().len(), 3);
    assert_eq!(select().first::<(String,)>().unwrap().unwrap().0, names[0]);
    assert_eq!(shop.values(ROWS, SELECT), [3.0, 3.0, 3.0, 1.0]);
    let insert = "insert into item values (:name) returning name";
    let two = [aludel::params! { name: "d" }, aludel::params! { name: "e" }];
    let mut connection = shop.engine.connect().unwrap();
    let names = connection.execute(insert, &two).unwrap().all::<(String,)>().unwrap();
    assert_eq!((names.len(), shop.values(ROWS, &["db.operation.name=INSERT"])), (2, vec![2.0]));
}

#[test]
fn a_statement_that_fails_is_timed_with_its_error() {
    let shop = Shop::new();
    let error = shop.engine.execute("select * from nowhere", ()).unwrap_err();
    let class = format!("error.type={}", error.kind().name());
    assert_eq!(shop.values(DURATION, &["db.operation.name=SELECT", &class]).len(), 1, "{class}");
    assert_eq!(shop.values(DURATION, SELECT).len(), 0);
}

#[test]
fn each_statement_of_a_script_is_timed_and_an_executemany_is_one() {
    let shop = Shop::new();
    let mut connection = shop.engine.connect().unwrap();
    let mut script = connection.script("select 1; select 2; select * from nowhere");
    while let Ok(Some(mut rows)) = script.next_statement() {
        assert!(rows.next().unwrap().is_some());
    }
    assert_eq!(shop.values(DURATION, SELECT).len(), 2, "the third is not prepared");
    let names = [("a",), ("b",), ("c",)];
    connection.execute("insert into item values (?)", &names[..]).unwrap();
    assert_eq!(shop.values(DURATION, &["db.operation.name=INSERT"]).len(), 1);
}

#[test]
fn a_statement_that_begins_with_anything_is_another() {
    let shop = Shop::new();
    shop.engine.execute("frobnicate now", ()).unwrap_err();
    let keys = shop.kept.keys_with(&shop.namespace);
    let of_other = keys.iter().filter(|key| key.contains("db.operation.name=OTHER")).count();
    assert_eq!(of_other, 1, "{keys:#?}");
    assert!(!keys.iter().any(|key| key.to_lowercase().contains("frobnicate")), "{keys:#?}");
}

#[test]
fn transactions_are_counted_by_what_became_of_them() {
    let shop = Shop::new();
    let before = |outcome| shop.count("aludel.transactions", outcome);
    let [begun, committed] = [before("outcome=begun"), before("outcome=committed")];
    let insert = "insert into item values ('a')";
    shop.engine.begin(|connection| connection.execute(insert, ()).map(drop)).unwrap();
    let mut connection = shop.engine.connect().unwrap();
    connection.execute(insert, ()).unwrap();
    connection.rollback().unwrap();
    connection.execute(insert, ()).unwrap();
    drop(connection);
    assert_eq!(before("outcome=begun") - begun, 3);
    assert_eq!(before("outcome=committed") - committed, 1);
    assert_eq!(before("outcome=rolled_back"), 2, "one was dropped");
}

#[test]
fn texts_are_counted_by_whether_the_engine_knew_them() {
    let shop = Shop::new();
    let mut first = shop.engine.connect().unwrap();
    let mut second = shop.engine.connect().unwrap();
    let asked = "select name from item where name = :name";
    let before = shop.count("aludel.compiled_texts", "cached=false");
    for connection in [&mut first, &mut second] {
        for _ in 0..3 {
            connection.execute(asked, aludel::params! { name: "a" }).unwrap();
        }
    }
    assert_eq!(shop.count("aludel.compiled_texts", "cached=false") - before, 1);
    let cached = shop.count("aludel.compiled_texts", "cached=true");
    assert_eq!(cached, 1, "each connection asks once");
}

#[test]
fn a_dialect_is_counted_for_each_engine_that_is_made() {
    let (kept, builder, _, _dir) = builder();
    let key = "aludel.plugins{db.system.name=sqlite,outcome=linked}";
    let _engine = builder.build().unwrap();
    assert!(matches!(kept.get(key), Some(Recorded::Counter(count)) if count >= 1));
    aludel::create_engine("nosuchdatabase://").unwrap_err();
    let failed = kept.get("aludel.plugins{outcome=failed}");
    assert_eq!(failed, Some(Recorded::Counter(1)), "no other test asks for what is not there");
}
