//! Binds that are more than a placeholder: lists, pairs, literals, and types that are declared.

use aludel::dbapi::{SqlType, TypeKind};
use aludel::dialect::{Capability, ParamStyle, SqlRules};
use aludel::text::{BindParam, bindparam, text};
use aludel::value::{Date, ValueRef};
use aludel::{Connection, ErrorKind, NamedParams, OwnedRow, Value, params};

use crate::databases::{databases, postgresql};

/// A connection whose table has the numbers 0 to 5 with their names, and a NULL.
fn numbers(database: &crate::databases::Database) -> Connection {
    let mut connection = database.with_table();
    let sets: Vec<NamedParams> = (0..6_i64).map(|n| params! { n: n, s: format!("n{n}") }).collect();
    connection.execute("insert into t (n, s) values (:n, :s)", &sets).unwrap();
    connection.execute("insert into t (s) values ('none')", ()).unwrap();
    connection
}

#[test]
fn lists_hold_what_they_hold_and_empty_ones_nothing() {
    for database in databases() {
        let mut connection = numbers(&database);
        let mut found = |condition: &str, params: NamedParams| -> Vec<Option<i64>> {
            let sql = format!("select n from t where {condition} order by coalesce(n, 100)");
            connection.scalars(&sql, params).unwrap().all().unwrap()
        };
        let none: Vec<Option<i64>> = Vec::new();
        let all: Vec<_> = (0..6).map(Some).chain([None]).collect();
        assert_eq!(found("n in :ns", params! { ns: vec![4, 2, 99] }), [Some(2), Some(4)]);
        assert_eq!(found("n in :ns", params! { ns: Vec::<i64>::new() }), none);
        assert_eq!(found("n not in :ns", params! { ns: vec![0, 1, 2, 3, 4] }), [Some(5)]);
        assert_eq!(found("n NOT IN :ns", params! { ns: Vec::<i64>::new() }), all);
        assert_eq!(found("not (n in :ns)", params! { ns: Vec::<i64>::new() }), all);
        assert_eq!(found("s in :ss", params! { ss: vec!["n3", "it's"] }), [Some(3)]);
        assert_eq!(found("s in :ss", params! { ss: Vec::<String>::new() }), none);
        let two = params! { ss: Vec::<String>::new(), ns: vec![1] };
        assert_eq!(found("s not in :ss and n in :ns", two), [Some(1)]);
        let twice = params! { ns: Vec::<i64>::new() };
        assert_eq!(found("n in :ns or n not in :ns", twice.clone()), all, "{}", database.name);
        assert_eq!(found("n not in :ns and n in :ns", twice.clone()), none);
        assert_eq!(found("n not in -- in\n :ns", twice), all);
        let again = params! { ns: vec![1, 3] };
        assert_eq!(found("n in :ns and n + 0 in :ns", again), [Some(1), Some(3)]);
    }
}

#[test]
fn an_empty_list_that_is_not_behind_in_matches_no_text() {
    for database in databases() {
        let mut connection = database.engine().connect().unwrap();
        let declared = [bindparam("xs").expanding()];
        for sql in ["select 1 where '{}' in (:xs)", "select 1 where '{}' in /* c */ :xs"] {
            let statement = text(sql).bindparams(declared.clone()).unwrap();
            let none = params! { xs: Vec::<String>::new() };
            let found = connection.execute(&statement, none).and_then(|mut rows| rows.all());
            // What does not compare text with the set of numbers says so.
            let found: Vec<(i64,)> = found.unwrap_or_default();
            assert_eq!(found, [], "{}: {sql}", database.name);
            connection.rollback().unwrap();
        }
        let statement = text("select 1 where 1 not in /* c */ :xs").bindparams(declared).unwrap();
        let none = params! { xs: Vec::<i64>::new() };
        assert_eq!(connection.scalar::<i64>(&statement, none).unwrap(), 1);
    }
}

#[test]
fn a_negative_literal_changes_nothing_but_its_place() {
    for database in databases() {
        let mut connection = database.engine().connect().unwrap();
        let sql = "select 10-:n\n from (select 1 as x) as t where x = -:n - 2 and 1=:one";
        let names = ["n", "one"].map(|name| bindparam(name).literal_execute());
        let statement = text(sql).bindparams(names).unwrap();
        let found: i64 = connection.scalar(&statement, params! { n: -3, one: 1 }).unwrap();
        assert_eq!(found, 13, "{}", database.name);
        let floats = text("select cast(10-:f-:f as double precision)")
            .bindparams([bindparam("f").literal_execute()]);
        let found: f64 = connection.scalar(floats.unwrap(), params! { f: -0.5_f32 }).unwrap();
        assert_eq!(found.to_bits(), 11.0_f64.to_bits(), "{}", database.name);
    }
}

#[test]
fn a_literal_is_never_part_of_what_is_before_it_nor_a_placeholder() {
    let statement = text("select 1-:n, 'a':s, (:n)")
        .bindparams(["n", "s"].map(|name| bindparam(name).literal_execute()))
        .unwrap();
    for (style, text) in [(ParamStyle::Qmark, "'50%'"), (ParamStyle::Format, "'50%%'")] {
        let mut rules = SqlRules::STANDARD;
        rules.paramstyle = style;
        let compiled = statement.compile(&rules);
        let assembled = compiled.assemble(&[ValueRef::I64(-3), ValueRef::Text("50%")]).unwrap();
        assert_eq!(assembled.sql, format!("select 1- -3, 'a' {text}, (-3)"));
    }
}

#[test]
fn a_list_of_pairs_is_a_list_of_rows() {
    for database in databases() {
        let mut connection = numbers(&database);
        let mut found = |pairs: Vec<Value>| -> Vec<i64> {
            let sql = "select n from t where (n, s) in :pairs order by n";
            let pairs = Value::Array(pairs.into_iter().collect());
            connection.scalars(sql, params! { pairs: pairs }).unwrap().all().unwrap()
        };
        let pair = |n: i64, s: &str| Value::Struct(vec![n.into(), s.into()]);
        assert_eq!(found(vec![pair(1, "n1"), pair(2, "n3"), pair(5, "n5")]), [1, 5]);
        assert_eq!(found(vec![]), [0_i64; 0], "{}", database.name);
    }
}

#[test]
fn a_literal_is_read_as_it_was_given() {
    for database in databases() {
        let mut connection = database.engine().connect().unwrap();
        let statement = text("select :v").bindparams([bindparam("v").literal_execute()]).unwrap();
        for given in ["it's", r"a\b\\n'\'", "$$ :x $1 ? %s", "", "é\n"] {
            let found: String = connection.scalar(&statement, params! { v: given }).unwrap();
            assert_eq!(found, given, "{}", database.name);
        }
        let number: i64 = connection.scalar(&statement, params! { v: -7 }).unwrap();
        assert_eq!(number, -7);
        let none: Option<i64> = connection.scalar(&statement, params! { v: None::<i64> }).unwrap();
        assert_eq!(none, None);
        let limited = text("select n from (select 1 as n union all select 2) as t limit :l")
            .bindparams([bindparam("l").literal_execute()])
            .unwrap();
        let rows = connection.execute(&limited, params! { l: 1 }).unwrap().all::<OwnedRow>();
        assert_eq!(rows.unwrap().len(), 1);
        let error = connection.execute(&statement, params! { v: "a\0b" }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{error}");
    }
}

#[test]
fn a_literal_means_the_same_under_every_setting_of_the_server() {
    let Some(database) = postgresql() else { return };
    let mut connection = database.engine().connect().unwrap();
    let statement = text("select :v").bindparams([bindparam("v").literal_execute()]).unwrap();
    for setting in ["on", "off"] {
        let sql = format!("set standard_conforming_strings to {setting}");
        connection.execute(&sql, ()).unwrap();
        for given in [r"a\b", r"\'; select 1", r"\\"] {
            let found: String = connection.scalar(&statement, params! { v: given }).unwrap();
            assert_eq!(found, given, "{setting}");
        }
    }
}

fn of(name: &str, kind: TypeKind) -> BindParam {
    bindparam(name).sql_type(SqlType::new(kind, ""))
}

#[test]
fn a_declared_type_is_the_type_of_the_parameter() {
    let Some(database) = postgresql() else { return };
    let mut connection = database.engine().connect().unwrap();
    let mut kind_of = |bind: BindParam, value: Value| -> String {
        let statement = text("select cast(pg_typeof(:v) as text)").bindparams([bind]).unwrap();
        connection.scalar(&statement, params! { v: value }).unwrap()
    };
    for (kind, name) in [
        (TypeKind::Integer, "integer"),
        (TypeKind::BigInteger, "bigint"),
        (TypeKind::Text, "text"),
        (TypeKind::Numeric, "numeric"),
    ] {
        assert_eq!(kind_of(of("v", kind), Value::I64(1)), name);
        assert_eq!(kind_of(of("v", kind), Value::Null), name, "of a NULL too");
    }
    let day = Value::Date(Date::from_days(19_000));
    assert_eq!(kind_of(of("v", TypeKind::Timestamp), day), "timestamp without time zone");
    let named = bindparam("v").sql_type(SqlType::new(TypeKind::Json, "json"));
    assert_eq!(kind_of(named, Value::Text("{}".into())), "json");
    let mut list = SqlType::new(TypeKind::Array, "");
    list.element = Some(Box::new(SqlType::new(TypeKind::Integer, "")));
    let empty = Value::Array(Vec::<Value>::new().into_iter().collect());
    assert_eq!(kind_of(bindparam("v").sql_type(list), empty), "integer[]");
}

#[test]
fn declared_types_decide_what_an_expression_means() {
    for database in databases() {
        let mut connection = database.engine().connect().unwrap();
        let sum = text("select :a + :b")
            .bindparams([of("a", TypeKind::Integer), of("b", TypeKind::Integer)])
            .unwrap();
        for (a, b) in [(1, 2), (-5, 7)] {
            let found: i64 = connection.scalar(&sum, params! { a: a, b: b }).unwrap();
            assert_eq!(found, a + b, "{}", database.name);
        }
        let none: Option<i64> = connection.scalar(&sum, params! { a: 1, b: None::<i64> }).unwrap();
        assert_eq!(none, None);
    }
    let Some(database) = postgresql() else { return };
    let mut connection = database.engine().connect().unwrap();
    let error = connection.execute("select :a + :b", params! { a: 1, b: 2 }).unwrap_err();
    assert_eq!(error.sqlstate(), Some("42725"), "nobody has said what is added: {error}");
}

#[test]
fn several_results_are_those_of_dialects_that_have_them() {
    for database in databases() {
        let mut connection = database.engine().connect().unwrap();
        assert!(!connection.dialect().has(Capability::MultipleResults), "{}", database.name);
        let mut result = connection.execute("select 1", ()).unwrap();
        assert!(!result.next_result().unwrap(), "there is no second result");
        assert_eq!(result.all::<(i64,)>().unwrap(), [], "and the first is given up");
        drop(result);
        let error = connection.execute("select 1; select 2", ()).unwrap_err();
        assert_eq!(error.message(), "the text holds more than one statement");
        let mut script = connection.script("select 1; select 2");
        let mut found = Vec::new();
        while let Some(mut result) = script.next_statement().unwrap() {
            found.push(result.scalar::<i64>().unwrap());
        }
        assert_eq!(found, [1, 2], "a script has one result for each statement");
    }
}

#[test]
fn keys_of_inserted_rows_come_with_the_statement_or_with_returning() {
    for database in databases() {
        let mut connection = database.with_table();
        let inserted = connection.execute("insert into t (s) values ('a')", ()).unwrap();
        let tells = inserted.last_insert_id().is_some();
        assert_eq!(inserted.inserted_primary_key().is_some(), tells);
        drop(inserted);
        assert_eq!(tells, connection.dialect().has(Capability::LastInsertId), "{}", database.name);
        let sql = "insert into t (s) values (:s) returning id";
        let id: i64 = connection.scalar(sql, params! { s: "b" }).unwrap();
        assert_eq!(id, 2);
    }
}
