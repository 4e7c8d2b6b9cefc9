//! Types of a database's own, from what its catalog says.

use std::collections::HashMap;
use std::sync::Arc;

use aludel::dbapi::TypeKind;
use aludel::value::{Array, Value};
use bytes::BytesMut;

use super::forms::{from_binary, from_text};
use crate::types::catalog::CATALOG_COLUMNS;
use crate::types::encode::encode;
use crate::types::pg_type::{Kind, Oid, PgType};
use crate::types::{
    Format, array_parameter, binary_results, catalog_query, parameter_format, sql_type,
    types_from_catalog,
};

/// The answer of PostgreSQL 15 for an enumeration, domains over a number and over an array, ranges,
/// composites within each other, a table's row, citext, and what these are made of.
const ANSWER: &[[&str; CATALOG_COLUMNS]] = &[
    [
        "16389",
        "mood",
        "public.mood",
        "e",
        "E",
        ",",
        "16388",
        "0",
        "0",
        "-1",
        "{}",
        "{}",
        "{sad,ok,\"happy, very\"}",
    ],
    [
        "16396",
        "positive",
        "public.positive",
        "d",
        "N",
        ",",
        "16395",
        "0",
        "1700",
        "655366",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16402",
        "small_ints",
        "public.small_ints",
        "d",
        "A",
        ",",
        "16401",
        "0",
        "1005",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16404",
        "nested[]",
        "public._nested",
        "b",
        "A",
        ",",
        "0",
        "16405",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16405",
        "nested",
        "public.nested",
        "c",
        "C",
        ",",
        "16404",
        "0",
        "0",
        "-1",
        "{p,t}",
        "{\"16400 -1\",\"1184 3\"}",
        "{}",
    ],
    [
        "16406",
        "floatrange[]",
        "public._floatrange",
        "b",
        "A",
        ",",
        "0",
        "16409",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16409",
        "floatrange",
        "public.floatrange",
        "r",
        "R",
        ",",
        "16406",
        "0",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16418",
        "tab",
        "public.tab",
        "c",
        "C",
        ",",
        "16417",
        "0",
        "0",
        "-1",
        "{a,b,c}",
        "{\"23 -1\",\"16388 -1\",\"16399 -1\"}",
        "{}",
    ],
    ["16422", "citext", "public.citext", "b", "S", ",", "16427", "0", "0", "-1", "{}", "{}", "{}"],
    [
        "1700",
        "numeric",
        "pg_catalog.\"numeric\"",
        "b",
        "N",
        ",",
        "1231",
        "0",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "1005",
        "smallint[]",
        "pg_catalog._int2",
        "b",
        "A",
        ",",
        "0",
        "21",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16400",
        "\"Odd Schema\".\"Pair\"",
        "\"Odd Schema\".\"Pair\"",
        "c",
        "C",
        ",",
        "16399",
        "0",
        "0",
        "-1",
        "{First,m,ps}",
        "{\"1043 24\",\"16389 -1\",\"16395 -1\"}",
        "{}",
    ],
    [
        "1184",
        "timestamp with time zone",
        "pg_catalog.timestamptz",
        "b",
        "D",
        ",",
        "1185",
        "0",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    ["23", "integer", "pg_catalog.int4", "b", "N", ",", "1007", "0", "0", "-1", "{}", "{}", "{}"],
    ["16388", "mood[]", "public._mood", "b", "A", ",", "0", "16389", "0", "-1", "{}", "{}", "{}"],
    [
        "16399",
        "\"Odd Schema\".\"Pair\"[]",
        "\"Odd Schema\".\"_Pair\"",
        "b",
        "A",
        ",",
        "0",
        "16400",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    ["21", "smallint", "pg_catalog.int2", "b", "N", ",", "1005", "0", "0", "-1", "{}", "{}", "{}"],
    [
        "1043",
        "character varying",
        "pg_catalog.\"varchar\"",
        "b",
        "S",
        ",",
        "1015",
        "0",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
    [
        "16395",
        "positive[]",
        "public._positive",
        "b",
        "A",
        ",",
        "0",
        "16396",
        "0",
        "-1",
        "{}",
        "{}",
        "{}",
    ],
];

const MOOD: Oid = 16389;
const POSITIVE: Oid = 16396;
const SMALL_INTS: Oid = 16402;
const NESTED_ARRAY: Oid = 16404;
const NESTED: Oid = 16405;
const RANGE_ARRAY: Oid = 16406;
const PAIR: Oid = 16400;
const ROW: Oid = 16418;
const CITEXT: Oid = 16422;

fn types() -> HashMap<Oid, Arc<PgType>> {
    let rows: Vec<Vec<Option<&str>>> =
        ANSWER.iter().map(|row| row.iter().map(|value| Some(*value)).collect()).collect();
    types_from_catalog(&rows).unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn types_are_put_together_from_their_parts() {
    let types = types();
    assert_eq!(types[&MOOD].name, "mood");
    assert_eq!(types[&MOOD].sql_name, "public.mood");
    let Kind::Enum(labels) = &types[&MOOD].kind else { panic!("{:?}", types[&MOOD]) };
    assert_eq!(labels, &["sad", "ok", "happy, very"]);
    assert_eq!(types[&POSITIVE].base().kind, Kind::Numeric);
    assert!(matches!(&types[&SMALL_INTS].base().kind, Kind::Array(element) if element.oid == 21));
    assert_eq!(types[&PAIR].name, "\"Odd Schema\".\"Pair\"");
    let Kind::Array(nested) = &types[&NESTED_ARRAY].kind else { panic!("an array") };
    assert_eq!(nested.oid, NESTED);
    let Kind::Composite(fields) = &types[&ROW].kind else { panic!("a composite") };
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"], "without the column that was dropped");
    assert_eq!(types[&CITEXT].kind, Kind::String);
}

#[test]
fn a_value_of_such_a_type_is_the_same_in_both_forms() {
    let types = types();
    let decimals = ["1.50", "20.00"].map(|text| Value::Decimal(text.into()));
    let pair = Value::Struct(vec![
        text("a \"b\", (c)"),
        text("happy, very"),
        Value::Array(Array::new(decimals.to_vec())),
    ]);
    let nested = Value::Struct(vec![pair, Value::Null]);
    let array = Value::Array(Array::new(vec![nested, Value::Null]));
    let ty = &types[&NESTED_ARRAY];
    assert!(binary_results(ty));
    assert_eq!(parameter_format(array.as_ref(), ty), Format::Binary);
    let mut out = BytesMut::new();
    encode(array.as_ref(), ty, Format::Binary, &mut out).unwrap();
    assert_eq!(from_binary(ty, &out), Ok(array.clone()));
    out.clear();
    encode(array.as_ref(), ty, Format::Text, &mut out).unwrap();
    assert_eq!(from_text(ty, std::str::from_utf8(&out).unwrap()), Ok(array));
}

#[test]
fn an_array_stands_in_a_composite_without_quotes_when_it_needs_none() {
    let row = |tags| Value::Struct(vec![Value::I64(7), tags, Value::Null]);
    let types = types();
    let none = Value::Array(Array::default());
    assert_eq!(from_text(&types[&ROW], "(7,{},)"), Ok(row(none)));
    let sad = Value::Array(Array::new(vec![text("sad")]));
    assert_eq!(from_text(&types[&ROW], "(7,{sad},)"), Ok(row(sad)));
}

#[test]
fn what_has_no_known_binary_form_is_asked_for_as_text() {
    let types = types();
    for oid in [CITEXT, RANGE_ARRAY] {
        assert!(!binary_results(&types[&oid]), "{}", types[&oid].name);
    }
    assert_eq!(from_text(&types[&CITEXT], "x"), Ok(Value::Text("x".into())));
    let range = Value::Other { type_name: "floatrange".into(), text: "[1,2)".into() };
    let array = Value::Array(Array::new(vec![range]));
    assert_eq!(from_text(&types[&RANGE_ARRAY], "{\"[1,2)\"}"), Ok(array));
}

#[test]
fn the_host_is_told_what_the_types_are() {
    let types = types();
    let mood = sql_type(&types[&MOOD], -1);
    assert_eq!((mood.kind, mood.labels.len()), (TypeKind::Enum, 3));
    let positive = sql_type(&types[&POSITIVE], -1);
    assert_eq!((positive.kind, &*positive.vendor_name), (TypeKind::Numeric, "positive"));
    assert_eq!((positive.precision, positive.scale), (Some(10), Some(2)));
    assert_eq!(positive.element.map(|base| base.vendor_name), Some("numeric".into()));
    let pair = sql_type(&types[&PAIR], -1);
    assert_eq!(pair.kind, TypeKind::Struct);
    let (name, first) = &pair.fields[0];
    assert_eq!((name.as_str(), first.kind, first.length), ("First", TypeKind::Varchar, Some(20)));
    let element = pair.fields[2].1.element.as_ref().expect("positive[]");
    assert_eq!(&*element.vendor_name, "positive");
    let nested = sql_type(&types[&NESTED], -1);
    assert_eq!(nested.fields[1].1.precision, Some(3));
}

#[test]
fn columns_of_such_types_are_sent_as_arrays_unless_unnest_takes_them_apart() {
    let types = types();
    let named = |oid: Oid| array_parameter(&types[&oid]).map(|array| (array.oid, array.sql_name));
    assert_eq!(named(MOOD), Some((16388, "public.mood[]".into())));
    assert_eq!(named(POSITIVE), Some((16395, "public.positive[]".into())));
    assert_eq!(named(CITEXT), Some((16427, "public.citext[]".into())));
    assert_eq!(named(PAIR), None);
    assert_eq!(named(SMALL_INTS), None);
}

#[test]
fn types_that_contain_each_other_end_as_text() {
    // No server lets this be; one that lies could say it, of so many fields that it takes for ever
    // to follow them all.
    let fields = |oid: Oid| format!("{{{}}}", vec![format!("\"{oid} -1\""); 100].join(","));
    let names = format!("{{{}}}", ["a"; 100].join(","));
    let row = |oid: Oid, field: Oid| -> Vec<Option<String>> {
        let (oid, fields) = (oid.to_string(), fields(field));
        [&oid, "a", "public.a", "c", "C", ",", "0", "0", "0", "-1", &names, &fields, "{}"]
            .map(|text| Some(text.to_owned()))
            .to_vec()
    };
    let types = types_from_catalog(&[row(20_000, 20_001), row(20_001, 20_000)]).unwrap();
    assert_eq!(types.len(), 2);
    assert!(!binary_results(&types[&20_000]));
}

#[test]
fn an_answer_of_another_form_is_refused() {
    let mut row: Vec<Option<&str>> = ANSWER[0].iter().map(|value| Some(*value)).collect();
    row[6] = Some("many");
    assert!(types_from_catalog(&[row.clone()]).is_err());
    row[6] = None;
    assert!(types_from_catalog(&[row.clone()]).is_err());
    row.pop();
    assert!(types_from_catalog(&[row]).is_err());
}

#[test]
fn the_query_names_the_types_by_number() {
    assert!(catalog_query(&[1, 16_389]).contains("t.oid in (1,16389)"));
}
