//! Which inserts travel as one insert of many rows, and that nobody can tell.

use aludel::Value;

use crate::support::{
    Row, begin, connect, inserts_at_once, many, one_by_one, rows, run, scalar, text, try_many,
};

fn texts(count: usize, of: impl Fn(usize) -> String) -> Vec<Row> {
    (0..count).map(|n| vec![text(&of(n))]).collect()
}

#[test]
fn values_are_what_they_are_when_they_come_alone() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create type pg_temp.mood as enum ('sad', 'ok')");
    run(&mut connection, "create domain pg_temp.even as int check (value % 2 = 0)");
    run(&mut connection, "create domain pg_temp.short as varchar(3)");
    let values = [
        ("char(4)", vec!["a", "a b ", "abcd", "abcd  "]),
        ("varchar(3)", vec!["", "abc", "abc   "]),
        ("numeric(5,2)", vec!["1.005", "-999.99", "NaN", "0"]),
        ("timestamp(0)", vec!["2024-02-29 23:59:59.5", "infinity"]),
        ("timestamptz", vec!["2024-02-29 23:59:59.5+05:30"]),
        ("interval day to second (2)", vec!["1 mon 3 days 04:05:06.789"]),
        ("time(1)", vec!["04:05:06.789", "24:00"]),
        ("bit(3)", vec!["101", "000"]),
        ("varbit(5)", vec!["", "10110"]),
        ("inet", vec!["10.0.0.1/8", "::1"]),
        ("money", vec!["12.34"]),
        ("\"char\"", vec!["x", ""]),
        ("name", vec!["a name"]),
        ("json", vec!["{\"a\": [1, \"\\\"\"]}", "null"]),
        ("jsonb", vec!["{\"b\":1, \"a\": 2}"]),
        ("xml", vec!["<a b=\"c\">d, {e}</a>"]),
        ("uuid", vec!["00112233-4455-6677-8899-aabbccddeeff"]),
        ("box", vec!["(1,2),(3,4)"]),
        ("int4range", vec!["[1,5)", "empty"]),
        ("tsvector", vec!["'a':1 'b,c'"]),
        ("pg_temp.mood", vec!["ok", "sad"]),
        ("pg_temp.even", vec!["2", "-4"]),
        ("pg_temp.short", vec!["abc"]),
        ("bool", vec!["t", "off"]),
        ("float4", vec!["1.1", "NaN", "-Infinity"]),
        ("bytea", vec!["\\x00ff", "plain"]),
    ];
    for (count, (sql_type, texts)) in values.iter().enumerate() {
        run(&mut connection, &format!("create temp table one{count} (n serial, v {sql_type})"));
        run(&mut connection, &format!("create temp table all{count} (n serial, v {sql_type})"));
        let mut given: Vec<Row> = texts.iter().map(|value| vec![text(value)]).collect();
        given.push(vec![Value::Null]);
        given = given.into_iter().cycle().take(40).collect();
        let [one, all] =
            ["one", "all"].map(|table| format!("insert into {table}{count} (v) values ($1)"));
        one_by_one(&mut connection, &one, &given).unwrap();
        many(&mut connection, &all, &given);
        assert_eq!(
            rows(&mut connection, &format!("select n, v::text from one{count} order by n")),
            rows(&mut connection, &format!("select n, v::text from all{count} order by n")),
            "{sql_type}"
        );
        assert_eq!(inserts_at_once(&mut connection), count as i64 + 1, "{sql_type}");
    }
}

#[test]
fn tables_where_it_would_show_get_row_after_row() {
    let Some(mut connection) = connect() else { return };
    let count = "create function pg_temp.count_them() returns trigger language plpgsql as \
         $$ begin insert into fired default values; return new; end $$";
    let next = "create function pg_temp.next() returns int language plpgsql stable as \
         $$ begin return (select count(*) from t); end $$";
    for setup in [
        "create temp table t (s text); create trigger c after insert on t \
             for each statement execute function pg_temp.count_them()",
        "create temp table t (s text); create trigger c after insert on t \
             for each row execute function pg_temp.count_them()",
        "create temp table t (s text); create rule c as on insert to t do also \
             insert into fired default values",
        "create temp table t (s text primary key, p text default '7' references t)",
        "create temp table t (s text); alter table t enable row level security",
        "create temp table base (s text); create temp view t as select * from base",
        "create temp table t (s text) partition by list (s); \
             create temp table t1 partition of t default; create trigger c after insert on t1 \
             for each row execute function pg_temp.count_them()",
        "create temp table t (s text, n int default pg_temp.next())",
        "create temp table t (s text check (s <> pg_temp.next()::text || 'x'))",
    ] {
        run(&mut connection, "create temp table fired (n serial)");
        run(&mut connection, "create temp table no ()");
        run(&mut connection, count);
        run(&mut connection, &next.replace("from t", "from pg_class"));
        for command in setup.split("; ") {
            run(&mut connection, command);
        }
        let given = texts(50, |n| n.to_string());
        let mut given = given;
        given.rotate_left(7);
        assert_eq!(many(&mut connection, "insert into t (s) values ($1)", &given), Some(50));
        assert_eq!(inserts_at_once(&mut connection), 0, "{setup}");
        assert_eq!(scalar(&mut connection, "select count(*) from t"), Value::I64(50));
        if setup.contains(" c ") {
            assert_eq!(scalar(&mut connection, "select count(*) from fired"), Value::I64(50));
        }
        run(&mut connection, "discard temp");
    }
}

#[test]
fn statements_that_are_no_plain_insert_get_row_after_row() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create type pg_temp.pair as (a int, b int)");
    run(
        &mut connection,
        "create temp table t (n int primary key, a int[], p pg_temp.pair, c int default 0)",
    );
    let numbers: Vec<Row> = (0..50).map(|n| vec![Value::I64(n / 2)]).collect();
    let upsert = "insert into t (n) values ($1) on conflict (n) do update set c = t.c + 1";
    assert_eq!(many(&mut connection, upsert, &numbers), Some(50));
    assert_eq!(scalar(&mut connection, "select sum(c) from t"), Value::I64(25));
    let arrays = texts(50, |n| format!("{{{n},{n}}}"));
    let offset = "insert into t (n, a) values (nextval('more'), $1)";
    run(&mut connection, "create temp sequence more start 1000");
    assert_eq!(many(&mut connection, offset, &arrays), Some(50));
    run(&mut connection, "alter table t alter n set default nextval('more')");
    assert_eq!(many(&mut connection, "insert into t (a) values ($1)", &arrays), Some(50));
    let pairs = texts(50, |n| format!("({n},{n})"));
    assert_eq!(many(&mut connection, "insert into t (p) values ($1)", &pairs), Some(50));
    assert_eq!(inserts_at_once(&mut connection), 0);
    assert_eq!(
        scalar(&mut connection, "select count(*) from t where cardinality(a) = 2"),
        Value::I64(100)
    );
}

#[test]
fn rows_that_are_there_already_are_left_alone() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table t (n int primary key)");
    let numbers: Vec<Row> = (0..9000).map(|n| vec![Value::I64(n % 4000)]).collect();
    let insert = "insert into t values ($1) on conflict do nothing";
    assert_eq!(many(&mut connection, insert, &numbers), Some(4000));
    assert_eq!(many(&mut connection, insert, &numbers), Some(0));
    assert_eq!(inserts_at_once(&mut connection), 1);
}

#[test]
fn names_and_columns_are_those_of_the_statement() {
    let Some(mut connection) = connect() else { return };
    run(&mut connection, "create temp table \"T (\"\"x\"\") \" (\"A;\" int, b text default 'd')");
    let given: Vec<Row> = (0..100).map(|n| vec![text("b"), Value::I64(n)]).collect();
    for insert in [
        "insert into \"T (\"\"x\"\") \" as t (b, \"A;\") values ($1, $2)",
        "insert into pg_temp.\"T (\"\"x\"\") \" (\"A;\", b) values ($2, $1) -- comment",
        "insert into pg_temp . \"T (\"\"x\"\") \" values ($2, $1) on conflict do nothing",
    ] {
        assert_eq!(many(&mut connection, insert, &given), Some(100));
    }
    let sums = "select count(*), sum(\"A;\"), string_agg(distinct b, '') from \"T (\"\"x\"\") \"";
    let want = [Value::I64(300), Value::I64(4950 * 3), text("b")];
    assert_eq!(rows(&mut connection, sums), [want]);
    assert_eq!(inserts_at_once(&mut connection), 3);
}

#[test]
fn identity_and_generated_columns_are_filled_in_order() {
    let Some(mut connection) = connect() else { return };
    run(
        &mut connection,
        "create temp table t (i int generated always as identity, n int, \
             d int generated always as (n * 2) stored, at timestamptz default clock_timestamp())",
    );
    let given: Vec<Row> = (1..=5000).map(|n| vec![Value::I64(n)]).collect();
    many(&mut connection, "insert into t (n) values ($1)", &given);
    let wrong = "select count(*) from t where i <> n or d <> 2 * n";
    assert_eq!(scalar(&mut connection, wrong), Value::I64(0));
    let pairs: Vec<Row> = (1..=50).map(|n| vec![Value::I64(-n), Value::I64(n)]).collect();
    let system = "insert into t (i, n) overriding system value values ($1, $2)";
    assert_eq!(many(&mut connection, system, &pairs), Some(50));
    let user = "insert into t (i, n) overriding user value values ($1, $2)";
    assert_eq!(many(&mut connection, user, &pairs), Some(50));
    assert_eq!(scalar(&mut connection, "select count(*) from t where i < 0"), Value::I64(50));
    let error = try_many(&mut connection, "insert into t (i, n) values ($1, $2)", &pairs);
    let error = error.unwrap_err();
    assert_eq!((error.sqlstate(), error.failing_row()), (Some("428C9"), Some(0)));
    assert_eq!(inserts_at_once(&mut connection), 3);
}

#[test]
fn a_trigger_that_comes_later_is_seen() {
    let (Some(mut connection), Some(mut other)) = (connect(), connect()) else { return };
    run(&mut connection, "drop table if exists watched, watched_log");
    run(&mut connection, "create table watched (n int)");
    run(&mut connection, "create table watched_log (n serial)");
    let insert = "insert into watched values ($1)";
    let given: Vec<Row> = (0..100).map(|n| vec![Value::I64(n)]).collect();
    many(&mut connection, insert, &given);
    assert_eq!(inserts_at_once(&mut connection), 1);
    run(
        &mut other,
        "create or replace function log_watched() returns trigger language plpgsql as \
             $$ begin insert into watched_log default values; return null; end $$",
    );
    run(
        &mut other,
        "create trigger log after insert on watched for each statement \
             execute function log_watched()",
    );
    for in_transaction in [false, true] {
        if in_transaction {
            begin(&mut connection);
        }
        assert_eq!(many(&mut connection, insert, &given), Some(100));
        if in_transaction {
            connection.commit(aludel::abi::host::Limits::NONE).unwrap();
        }
    }
    assert_eq!(scalar(&mut connection, "select count(*) from watched_log"), Value::I64(200));
    run(&mut connection, "drop table watched, watched_log");
}
