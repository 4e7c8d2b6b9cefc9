//! Where statements end, what they are, and that no text breaks it.

use proptest::prelude::*;

use super::StatementKind::{self, Change, Command, Other, Query};
use super::{first_statement, single_insert};

/// The statements of a text, without separators and the space around.
fn statements(mut sql: &str) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some(first) = first_statement(sql) {
        found.push(first.text.trim());
        sql = &sql[first.consumed..];
    }
    found
}

fn kind(sql: &str) -> StatementKind {
    first_statement(sql).unwrap_or_else(|| panic!("{sql} is a statement")).kind
}

#[test]
fn statements_end_at_separators_outside_of_literals_and_parentheses() {
    assert_eq!(statements("select 1; select 2"), ["select 1", "select 2"]);
    assert_eq!(statements("select ';', \";\", $$;$$; b"), ["select ';', \";\", $$;$$", "b"]);
    assert_eq!(statements("a /* ; */ ; b -- ;\n; c"), ["a /* ; */", "b -- ;", "c"]);
    assert_eq!(statements(r"select E'\';'; b"), [r"select E'\';'", "b"]);
    assert_eq!(statements(r"select '\'; b"), [r"select '\'", "b"]);
    let rule = "create rule r as on insert to t do also (delete from a; delete from b)";
    assert_eq!(statements(&format!("{rule}; select 1")), [rule, "select 1"]);
    assert_eq!(statements("a ) ; b"), ["a )", "b"]);
    assert_eq!(statements("a ( ; b"), ["a ( ; b"]);
}

#[test]
fn empty_statements_are_none_and_positions_stay_those_of_the_text() {
    for sql in ["", "  \n", ";", " ; ;; ", "-- only;", "/* ; */ ;"] {
        assert_eq!(first_statement(sql), None, "{sql:?}");
    }
    let sql = " ; -- c\n ; select 1 ;rest";
    let first = first_statement(sql).unwrap();
    assert_eq!(first.text, " ; -- c\n ; select 1 ");
    assert_eq!(&sql[first.consumed..], "rest");
    assert_eq!(first.keyword, "select");
}

#[test]
fn a_body_in_sql_is_one_statement() {
    for body in [
        "create function f() returns int begin atomic select 1; select 2; end",
        "CREATE OR REPLACE PROCEDURE p(a int)\nBEGIN ATOMIC\n INSERT INTO t VALUES (a);\nEND",
        "create function f(a int) returns int begin atomic \
         select case when a = 1 then 2 else case a when 2 then 3 end end; select 1; end",
        "create function f() returns int begin atomic select 1 as end, t.case from t; select 2; end",
        "create function f() returns int begin atomic select (case 1 when 1 then 2 end); end",
        "create function begin() returns int begin /* ; */ atomic select 1; end",
        "create function f() returns int language sql as $$ select 1; select 2; $$",
        "create function f(a int default 1) returns int return a + 1",
    ] {
        let text = format!("{body}; select 3");
        assert_eq!(statements(&text), [body, "select 3"]);
    }
}

#[test]
fn begin_is_a_body_only_in_a_routine() {
    assert_eq!(statements("begin; select 1; end"), ["begin", "select 1", "end"]);
    assert_eq!(statements("begin atomic; end"), ["begin atomic", "end"]);
    assert_eq!(
        statements("create table function (begin atomic); end"),
        ["create table function (begin atomic)", "end"]
    );
}

#[test]
fn the_words_tell_what_a_statement_does() {
    for (sql, expected) in [
        ("select 1", Query),
        ("((SELECT 1) union select 2)", Query),
        ("values (1)", Query),
        ("table t", Query),
        ("select a, b.into, c as returning from d", Query),
        ("select a into b from c", Other),
        ("select (select 1 from x) from insert_log", Query),
        ("insert into t values (1)", Change),
        ("insert into t values (1) Returning id", Other),
        ("insert into t select 'returning'", Change),
        ("update t set a = (select 1)", Change),
        ("delete from t", Change),
        ("merge into t using s on true when matched then delete", Change),
        ("with a as (select 1) select * from a", Query),
        ("with a as (insert into t values (1) returning b) select * from a", Other),
        ("with a as (select 1) insert into t select * from a", Change),
        ("with a(b) as materialized (select 1), c as (select 2) delete from t", Change),
        ("with a as (delete from t returning b) insert into u select b from a", Change),
        ("with a as (select 1) insert into t select * from a returning b", Other),
        // More is expected than comes.
        ("with update as (select 1) select * from update", Other),
        ("with recursive a as (select 1) (select 2)", Other),
        ("CREATE TABLE t (a int)", Command),
        ("create table t as select 1", Command),
        ("set a = 1", Command),
        ("explain select 1", Other),
        ("show all", Other),
        ("call p()", Other),
        ("execute s", Other),
        ("fetch all from c", Other),
        ("\"select\" 1", Other),
        ("1", Other),
    ] {
        assert_eq!(kind(sql), expected, "{sql}");
    }
    assert!(Query.may_return_rows() && Other.may_return_rows());
    assert!(!Change.may_return_rows() && !Command.may_return_rows());
    assert!(Change.is_worth_keeping() && !Command.is_worth_keeping());
}

#[test]
fn the_highest_parameter_counts_outside_of_literals() {
    let highest = |sql: &str| first_statement(sql).unwrap().parameters;
    assert_eq!(highest("select $1, $12, $3, '$99', \"$99\", a$77 -- $50"), 12);
    assert_eq!(highest("select 1; select $1"), 0);
    assert_eq!(highest("select $99999999999"), u32::MAX);
    assert_eq!(highest("select $$ $5 $$"), 0);
}

/// Pieces that matter to a scanner.
const PIECES: &[&str] = &[
    "'",
    "''",
    "\"",
    "E'",
    "U&'",
    "U&\"",
    "\\",
    "$",
    "$$",
    "$a$",
    "$1",
    "(",
    ")",
    ";",
    "--",
    "/*",
    "*/",
    "\n",
    " ",
    "ä",
    "begin",
    "atomic",
    "create",
    "function",
    "or",
    "replace",
    "case",
    "end",
    "select",
    "insert",
    "into",
    "t",
    "values",
    "returning",
    "with",
    "as",
    ",",
    ".",
    "on",
    "conflict",
    "do",
    "nothing",
];

fn piece() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(PIECES).prop_map(str::to_owned);
    prop_oneof![4 => known, 1 => ".{0,3}"]
}

/// A statement that ends where its text does.
fn closed_piece() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,5}".prop_map(|word| format!(" {word} ")),
        "[^']{0,6}".prop_map(|text| format!(" '{text}''' ")),
        "[^'\\\\]{0,6}".prop_map(|text| format!(" E'{text}\\';''' + ")),
        "[^\"]{0,6}".prop_map(|text| format!("\"{text}\"\"\"")),
        "[^$]{0,6}".prop_map(|text| format!(" $q${text}$$ $q$ ")),
        "[^*/]{0,6}".prop_map(|text| format!("/* /* {text} */ ; */")),
        "[^\r\n]{0,6}".prop_map(|text| format!("--{text}\n")),
        "[a-z;]{0,6}".prop_map(|text| format!("({text})")),
    ]
}

const TAILS: &[&str] = &["", " on conflict do nothing", "\n-- end"];

proptest! {
    #[test]
    fn any_text_is_taken_apart_without_loss(pieces in prop::collection::vec(piece(), 0..40)) {
        let sql = pieces.concat();
        let mut rest = sql.as_str();
        while let Some(first) = first_statement(rest) {
            prop_assert!(first.consumed > 0 && first.consumed <= rest.len());
            let after = &rest[first.text.len()..first.consumed];
            prop_assert!(after.is_empty() && first.consumed == rest.len() || after == ";");
            // A statement alone is the same statement.
            let alone = first_statement(first.text).unwrap();
            prop_assert_eq!((alone.text, alone.kind), (first.text, first.kind));
            let _ = single_insert(first.text);
            rest = &rest[first.consumed..];
        }
    }

    #[test]
    fn statements_of_closed_pieces_come_apart_where_they_were_joined(
        statements in prop::collection::vec(prop::collection::vec(closed_piece(), 0..6), 1..6)
    ) {
        let texts: Vec<String> =
            statements.iter().map(|pieces| format!("select{}", pieces.concat())).collect();
        let sql = texts.join(";");
        let mut rest = sql.as_str();
        for text in &texts {
            let first = first_statement(rest).unwrap();
            prop_assert_eq!(first.text, text);
            rest = &rest[first.consumed..];
        }
        prop_assert_eq!(rest, "");
    }

    #[test]
    fn a_single_insert_is_its_pieces(
        columns in prop::collection::vec("[a-z]{1,3}|\"[^\"]{0,3}\"", 1..5),
        tail in prop::sample::select(TAILS)
    ) {
        let numbers: Vec<u32> = (1..).take(columns.len()).collect();
        let list: Vec<String> = numbers.iter().map(|number| format!("${number}")).collect();
        let head = format!("insert into t ({}) ", columns.join(","));
        let sql = format!("{head}values ({}){tail}", list.join(", "));
        let found = single_insert(&sql).unwrap();
        prop_assert_eq!(found.head, head);
        prop_assert_eq!(found.parameters, numbers);
        prop_assert_eq!(found.tail, tail);
    }
}
