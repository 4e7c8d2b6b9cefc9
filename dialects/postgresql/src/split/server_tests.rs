//! Statements as they come apart here, against what the server takes as one.

use aludel::Engine;
use aludel_test_services::provided;

use super::first_statement;

/// One statement each; the second part is the text that it selects.
const STATEMENTS: &[(&str, Option<&str>)] = &[
    (r"select E'a\';b'::text", Some("a';b")),
    (r"select 'a\'::text", Some(r"a\")),
    ("select E'a' -- ; '\n '\\';'::text", Some("a';")),
    ("select 'a'\n ';'::text", Some("a;")),
    (r"select U&'\003b;''' ::text", Some(";;'")),
    ("select $a$;$b$;$$;$a$::text", Some(";$b$;$$;")),
    ("select /* ; /* ; */ ' */ ';'::text -- ;", Some(";")),
    ("select \"a;\"::text from (select 'x' as \"a;\") as b", Some("x")),
    ("select a$b$::text from (select 'y' as a$b$) as c", Some("y")),
    ("create temporary table t (a int, \"end\" int)", None),
    ("create rule r as on insert to t do also (delete from t where a = 1; notify t)", None),
    ("create function pg_temp.f() returns int begin atomic select 1; select 2; end", None),
    (
        "create or replace function pg_temp.f() returns int begin atomic \
         select case when 1 = 1 then case 1 when 1 then 2 end end; select 1 as end; \
         select t.end from t; end",
        None,
    ),
    (
        "create procedure pg_temp.p(a int) language sql\nBEGIN /* ; */ ATOMIC\n \
         INSERT INTO t VALUES (a); delete from t; END",
        None,
    ),
    ("create function pg_temp.g() returns int language sql as $$ select 1; select 2; $$", None),
    ("create function pg_temp.h(a int default 1) returns int return a + 1", None),
];

#[test]
fn postgresql_takes_each_statement_of_a_text_as_one() {
    let Some(vars) = provided("pg", "statements_come_apart_as_in_postgresql") else { return };
    let engine = Engine::builder(&vars["ALUDEL_PG_URL"]).dialect(crate::dialect()).build();
    let mut connection = engine.unwrap().connect().unwrap();
    for (statement, selected) in STATEMENTS {
        let text = format!("{statement}\n; select 'never'");
        let first = first_statement(&text).unwrap().text;
        assert_eq!(first, format!("{statement}\n"));
        let mut rows = connection.execute(first, ()).unwrap_or_else(|e| panic!("{first}: {e}"));
        if let Some(selected) = selected {
            let row = rows.next().unwrap().unwrap();
            assert_eq!(row.get::<(&str,)>().unwrap().0, *selected, "{statement}");
        }
    }
}
