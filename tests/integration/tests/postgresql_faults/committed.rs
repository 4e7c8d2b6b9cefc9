//! Commits that fail: the transaction is over, and what follows is one of its own.

use super::engines::{connect, run, server};

#[test]
fn after_a_commit_that_fails_the_next_statement_begins_a_transaction() {
    let Some(vars) = server("pg") else { return };
    let mut connection = connect(&vars["ALUDEL_PG_URL"]);
    run(&mut connection, "create temporary table p (id int primary key)", ());
    let refers = "create temporary table c (id int references p deferrable initially deferred)";
    run(&mut connection, refers, ());
    connection.execute("insert into c values (1)", ()).unwrap();
    let error = connection.commit().unwrap_err();
    assert_eq!(error.sqlstate(), Some("23503"));
    assert!(!connection.in_transaction());
    connection.execute("insert into p values (2)", ()).unwrap();
    assert!(connection.in_transaction());
    connection.rollback().unwrap();
    let left: i64 = connection.execute("select count(*) from p", ()).unwrap().scalar().unwrap();
    assert_eq!(left, 0);
}
