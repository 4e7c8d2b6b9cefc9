//! Several statements, their transactions and their counts.

use tempfile::tempdir;

use crate::run::{MEMORY, run, run_with, url};

#[test]
fn statements_run_in_order_and_are_counted_on_standard_error() {
    let ran = run(&[
        MEMORY,
        "create table t(x); insert into t values (1), (2), (3); select x from t order by x; \
         delete from t where x = 2; update t set x = x + 1; select count(*) n from t -- the end",
    ]);
    assert_eq!(ran.out, "x\n-\n1\n2\n3\n\nn\n-\n2\n");
    assert_eq!(ran.err, "3 rows changed\n3 rows\n1 row changed\n2 rows changed\n1 row\n");
    assert_eq!(ran.code, Some(0));
}

#[test]
fn quiet_leaves_the_counts_out() {
    let sql = "create table t(x); insert into t values (1); select x from t";
    let ran = run(&["--quiet", MEMORY, sql]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("x\n-\n1\n", ""));
}

#[test]
fn sql_without_a_statement_is_no_error() {
    for sql in ["", "  \n", ";", "-- a comment", "/* a */ ; -- b"] {
        let ran = run(&["-q", MEMORY, "--", sql]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "", ""), "{sql}");
    }
}

#[test]
fn rows_that_a_change_returns_are_printed() {
    let sql = "create table t(x); insert into t values (1), (2) returning x * 10 as y";
    let ran = run(&[MEMORY, sql]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (" y\n--\n10\n20\n", "2 rows\n"));
}

#[test]
fn each_statement_commits_itself_even_when_a_later_one_fails() {
    let directory = tempdir().unwrap();
    let url = url(&directory.path().join("shop.db"));
    run(&[&url, "create table t(x); insert into t values ('kept')"]).ok();
    assert_eq!(run(&["-f", "csv", &url, "select x from t"]).ok(), "x\nkept\n");
    let failing = run(&[&url, "insert into t values ('kept too'); select missing"]);
    assert_eq!(failing.code, Some(1));
    assert_eq!(run(&["-f", "csv", &url, "select x from t"]).ok(), "x\nkept\nkept too\n");
}

#[test]
fn a_begin_is_respected_up_to_its_commit_or_rollback() {
    let directory = tempdir().unwrap();
    let url = url(&directory.path().join("shop.db"));
    let ran = run(&[
        &url,
        "create table t(x); begin; insert into t values (1); rollback; \
         begin immediate; insert into t values (2); commit",
    ]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.err, "1 row changed\n1 row changed\n");
    assert_eq!(run(&["-f", "csv", &url, "select x from t"]).ok(), "x\n2\n");
}

#[test]
fn a_transaction_left_open_is_rolled_back_with_a_warning() {
    let directory = tempdir().unwrap();
    let url = url(&directory.path().join("shop.db"));
    run(&[&url, "create table t(x)"]).ok();
    let ran = run(&["-q", &url, "begin; insert into t values (1)"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.err,
        "warning: the transaction that the SQL began was still open and is rolled back\n  \
         help: end the SQL with COMMIT to keep what was changed\n"
    );
    assert_eq!(run(&["-f", "csv", &url, "select count(*) n from t"]).ok(), "n\n0\n");
}

#[test]
fn a_failure_inside_a_transaction_rolls_it_back_and_says_so() {
    let directory = tempdir().unwrap();
    let url = url(&directory.path().join("shop.db"));
    run(&[&url, "create table t(x)"]).ok();
    let ran = run(&["-q", &url, "begin; insert into t values (1); select missing; commit"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.err,
        "(sqlite.ProgrammingError) no such column: missing\n  at line 1, column 41:\n    \
         begin; insert into t values (1); select missing; commit\n    \
         \u{20}                                       ^\n\
         warning: the transaction that the SQL began was still open and is rolled back\n"
    );
    assert_eq!(run(&["-f", "csv", &url, "select count(*) n from t"]).ok(), "n\n0\n");
}

#[test]
fn sql_comes_from_standard_input_when_the_argument_is_missing_or_a_dash() {
    let sql = "create trigger no after insert on t begin select 1; end;\nselect 'ü;' as a;\n";
    let sql = format!("create table t(x);\n{sql}");
    let ran = run_with(sql.as_bytes(), &["-f", "csv", MEMORY]);
    assert_eq!(ran.ok(), "a\nü;\n");
    assert_eq!(run_with(sql.as_bytes(), &["-f", "csv", MEMORY, "-"]).ok(), "a\nü;\n");
    assert_eq!(run_with(b"", &["-q", MEMORY]).ok(), "");
}

#[test]
fn a_script_of_many_statements_is_executed_whole() {
    let mut sql = String::from("create table t(x);\n");
    for number in 0..5000 {
        sql.push_str(&format!("insert into t values ({number});\n"));
    }
    sql.push_str("select count(*) n, sum(x) s from t;\n");
    let ran = run_with(sql.as_bytes(), &["-q", "-f", "csv", MEMORY]);
    assert_eq!(ran.ok(), "n,s\n5000,12497500\n");
}
