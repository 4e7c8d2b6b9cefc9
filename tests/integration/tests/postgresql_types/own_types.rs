//! Types of a database's own: enumerations, domains, composites, ranges, and those of extensions.

use crate::cases::Case;

/// Makes the types in the schema that is searched first. The extensions are shared by all tests.
pub(crate) const SETUP: &str = r#"
select pg_advisory_lock(7446);
create extension if not exists citext schema public;
create extension if not exists hstore schema public;
select pg_advisory_unlock(7446);
create type mood as enum ('sad', 'ok', 'happy, very');
create domain positive as numeric(10,2) check (value > 0);
create domain small_ints as smallint[];
create domain happy as mood check (value <> 'sad');
create type pair as (first text, second integer);
create type "Odd Name" as ("A b" mood, p pair, ps pair[], d positive, t timestamptz, b bytea);
create type floatrange as range (subtype = float8);
create table line_items (id bigint, gone text, price numeric, tags text[]);
alter table line_items drop column gone;
"#;

macro_rules! cases {
    ($($sql_type:literal $kind:literal [$($literal:literal),* $(,)?])*) => {
        pub(crate) const OWN_CASES: &[Case] = &[$(
            Case { sql_type: $sql_type, kind: $kind, literals: &[$($literal),*] }
        ),*];
    };
}

cases! {
    "mood" "text" ["sad", "ok", "happy, very"]
    "mood[]" "array" ["{}", "{sad,NULL,\"happy, very\"}", "{{sad},{ok}}"]
    "positive" "decimal" ["1.50", "99999999.99"]
    "positive[]" "array" ["{1.50,NULL,0.01}"]
    "happy" "text" ["ok"]
    "happy[]" "array" ["{ok,\"happy, very\"}"]
    "small_ints" "array" ["{1,2,NULL}", "[0:1]={3,4}"]
    "pair" "struct" [
        "(,)", "(a,1)", "(\"\",-1)", "(\"a \"\"b\"\", (c) \\\\\",2147483647)", "(NULL,)",
    ]
    "pair[]" "array" ["{}", "{\"(a,1)\",NULL,\"(,)\"}", "{\"(\\\"a \\\\\\\"\\\\\\\"b\\\",2)\"}"]
    "\"Odd Name\"" "struct" [
        "(,,,,,)",
        "(\"happy, very\",\"(a,1)\",\"{\"\"(b,2)\"\",NULL}\",1.50,\"2024-02-29 12:30:00+00\",\"\\\\x00ff\")",
    ]
    "\"Odd Name\"[]" "array" ["{\"(ok,\\\"(x,1)\\\",{},2.00,infinity,)\",NULL}"]
    "line_items" "struct" ["(7,1.50,\"{a,\"\"b c\"\"}\")", "(,,)"]
    "floatrange" "other" ["[1.5,2)", "empty"]
    "floatrange[]" "array" ["{\"[1.5,2)\",NULL}"]
    "citext" "text" ["", "MiXed"]
    "citext[]" "array" ["{MiXed,NULL,\"a b\"}"]
    "hstore" "other" ["", "\"a\"=>\"1\", \"b\"=>NULL"]
    "information_schema.cardinal_number" "i64" ["0", "7"]
    "information_schema.sql_identifier" "text" ["abc"]
}
