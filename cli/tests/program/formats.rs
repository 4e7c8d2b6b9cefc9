//! What each format prints, as a whole.

use crate::run::{MEMORY, run};

/// A result with every kind of value that SQLite has, and text that each format must quote.
const EVERYTHING: &str = "select 1 as id, 'plain' as text, 1.5 as real, x'00ff' as bytes, null as maybe \
     union all select -9223372036854775808, 'two' || char(10) || 'lines', 1e300, x'', 'NULL' \
     union all select 42, '漢字, \"quoted\" | é', -0.5, x'61', ''";

/// Two results and, between them, statements that return none.
const TWO: &str =
    "select 1 as a; create table t(x); insert into t values (1), (2); select x from t";

fn printed(format: &str, sql: &str) -> String {
    run(&["--format", format, MEMORY, sql]).ok()
}

#[test]
fn a_table() {
    let expected = [
        "                  id | text               |  real | bytes  | maybe",
        "---------------------+--------------------+-------+--------+-------",
        "                   1 | plain              |   1.5 | \\x00ff | NULL",
        "-9223372036854775808 | two\\nlines         | 1e300 | \\x     | 'NULL'",
        "                  42 | 漢字, \"quoted\" | é |  -0.5 | \\x61   | ",
    ];
    assert_eq!(printed("table", EVERYTHING).lines().collect::<Vec<_>>(), expected);
    assert_eq!(printed("table", TWO), "a\n-\n1\n\nx\n-\n1\n2\n");
}

#[test]
fn a_table_in_a_narrow_line() {
    let sql = "select 123456 as number, 'a long text that does not fit' as text, 'short' as s";
    let narrow = run(&["--width", "30", MEMORY, sql]);
    assert_eq!(
        narrow.out,
        "number | text          | s\n-------+---------------+------\n123456 | a long text … | short\n"
    );
    assert_eq!(narrow.err, "1 row\n");
    let narrower = run(&["--width", "21", MEMORY, sql]);
    assert_eq!(
        narrower.out,
        "number | text     | …\n-------+----------+--\n123456 | a long … | …\n"
    );
    assert_eq!(narrower.err, "1 row, 2 of 3 columns shown (--width 0 shows all)\n");
    assert_eq!(run(&["--width", "0", MEMORY, sql]).ok(), run(&[MEMORY, sql]).ok());
}

#[test]
fn comma_separated_values() {
    assert_eq!(
        printed("csv", EVERYTHING),
        "id,text,real,bytes,maybe\n\
         1,plain,1.5,\\x00ff,\n\
         -9223372036854775808,\"two\nlines\",1e300,\\x,NULL\n\
         42,\"漢字, \"\"quoted\"\" | é\",-0.5,\\x61,\n"
    );
    assert_eq!(printed("csv", TWO), "a\n1\n\nx\n1\n2\n");
}

#[test]
fn json() {
    assert_eq!(
        printed("json", EVERYTHING),
        "[\n\
         {\"id\":1,\"text\":\"plain\",\"real\":1.5,\"bytes\":\"\\\\x00ff\",\"maybe\":null},\n\
         {\"id\":-9223372036854775808,\"text\":\"two\\nlines\",\"real\":1e300,\"bytes\":\"\\\\x\",\"maybe\":\"NULL\"},\n\
         {\"id\":42,\"text\":\"漢字, \\\"quoted\\\" | é\",\"real\":-0.5,\"bytes\":\"\\\\x61\",\"maybe\":\"\"}\n\
         ]\n"
    );
    assert_eq!(printed("json", TWO), "[\n{\"a\":1}\n]\n[\n{\"x\":1},\n{\"x\":2}\n]\n");
    assert_eq!(printed("json", "select 1 as a where false"), "[]\n");
}

#[test]
fn json_lines() {
    assert_eq!(
        printed("jsonl", "select 1 as a, 2 as a, 9e999 as big; select 'x' as b"),
        "{\"a\":1,\"a_2\":2,\"big\":\"Infinity\"}\n{\"b\":\"x\"}\n"
    );
}

#[test]
fn markdown() {
    assert_eq!(
        printed("markdown", EVERYTHING),
        "| id | text | real | bytes | maybe |\n\
         | ---: | --- | ---: | --- | --- |\n\
         | 1 | plain | 1.5 | \\\\x00ff | NULL |\n\
         | -9223372036854775808 | two<br>lines | 1e300 | \\\\x | 'NULL' |\n\
         | 42 | 漢字, \"quoted\" \\| é | -0.5 | \\\\x61 |  |\n"
    );
    assert_eq!(
        printed("markdown", TWO),
        "| a |\n| ---: |\n| 1 |\n\n| x |\n| ---: |\n| 1 |\n| 2 |\n"
    );
}

#[test]
fn null_is_shown_as_the_user_wants() {
    let sql = "select null as a, '' as b, '-' as c";
    let with = |format: &str| run(&["--null", "-", "--format", format, MEMORY, sql]).ok();
    assert_eq!(with("table"), "a | b | c\n--+---+----\n- |   | '-'\n");
    assert_eq!(with("csv"), "a,b,c\n-,,-\n");
    assert_eq!(with("markdown"), "| a | b | c |\n| --- | --- | --- |\n| - |  | '-' |\n");
    assert_eq!(with("jsonl"), "{\"a\":null,\"b\":\"\",\"c\":\"-\"}\n");
}
