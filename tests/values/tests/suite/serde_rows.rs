//! Rows by serde.

use std::collections::BTreeMap;

use aludel::{Engine, OwnedRow};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn engine() -> Engine {
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    aludel::create_engine("sqlite:///:memory:").expect("SQLite is linked")
}

fn owned(sql: &str) -> OwnedRow {
    engine().execute(sql, ()).and_then(|mut result| result.all()).expect(sql).remove(0)
}

/// The same from a row that is lent and from an owned one.
fn one<T: DeserializeOwned + PartialEq + std::fmt::Debug>(sql: &str) -> Result<T, String> {
    let mut result = engine().execute(sql, ()).expect(sql);
    let row = result.next().expect(sql).expect("there is one");
    let lent = row.deserialize().map_err(|error| error.to_string());
    assert_eq!(lent, owned(sql).deserialize().map_err(|error| error.to_string()));
    lent
}

#[derive(Deserialize, Debug, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Genre {
    Jazz,
    Rock,
}

#[derive(Deserialize, Debug, PartialEq)]
struct Track {
    id: u32,
    name: String,
    composer: Option<String>,
    genre: Genre,
    is_new: bool,
    #[serde(default)]
    price: f64,
    released: Option<chrono::NaiveDate>,
    tags: BTreeMap<String, Vec<i64>>,
}

const TRACK: &str = "select 7 as id, 'a' as name, null as composer, 'jazz' as genre, 1 as is_new, \
                     '2024-02-29' as released, '{\"x\":[1]}' as tags, 'left out' as other";

#[test]
fn structs_are_read_by_the_names_of_columns() {
    let track = Track {
        id: 7,
        name: "a".into(),
        composer: None,
        genre: Genre::Jazz,
        is_new: true,
        price: 0.0,
        released: chrono::NaiveDate::from_ymd_opt(2024, 2, 29),
        tags: BTreeMap::from([("x".into(), vec![1])]),
    };
    assert_eq!(one(TRACK), Ok(track));
}

#[derive(Deserialize, Debug, PartialEq)]
struct Borrowed<'r> {
    #[serde(borrow)]
    name: &'r str,
    data: &'r [u8],
}

#[test]
fn text_and_bytes_may_be_borrowed_from_the_row() -> aludel::Result<()> {
    let row = owned("select 'a' as name, x'01' as data");
    assert_eq!(row.deserialize::<Borrowed<'_>>()?, Borrowed { name: "a", data: &[1] });
    Ok(())
}

#[derive(Deserialize, Debug, PartialEq)]
struct Pair(i64, Option<char>);

#[derive(Deserialize, Debug, PartialEq)]
struct Id(u8);

#[test]
fn tuples_are_read_by_place_and_one_value_as_itself() {
    assert_eq!(one("select 1, 'x'"), Ok(Pair(1, Some('x'))));
    assert_eq!(one("select 1, null"), Ok((1_i8, None::<bool>)));
    assert_eq!(one("select 1, 2, 3"), Ok(vec![1, 2, 3]));
    assert_eq!(one("select 5"), Ok(Id(5)));
    assert_eq!(one("select 5"), Ok(5_i64));
    assert_eq!(one("select null"), Ok(None::<i64>));
    assert_eq!(one("select 'rock'"), Ok(Genre::Rock));
    assert_eq!(one("select x'0102'"), Ok((vec![1_u8, 2],)));
    assert_eq!(one("select 0.5, 2"), Ok((0.5_f32, 2.0_f64)));
}

#[test]
fn maps_and_json_values_take_every_column() {
    let expected = serde_json::json!({ "a": 1, "b": "x", "c": null, "d": 0.5 });
    assert_eq!(one("select 1 as a, 'x' as b, null as c, 0.5 as d"), Ok(expected));
}

#[test]
fn what_does_not_fit_is_told_with_its_column() {
    let refused = |sql: &str| one::<Track>(sql).expect_err("it does not fit");
    let error = refused("select 1 as id");
    assert!(error.contains("NoSuchColumnError: no column `name`"), "{error}");
    assert!(error.contains("the result has: id"), "{error}");
    for (from, to, message) in [
        ("7 as id", "-7 as id", "column 0 (`id`): wanted u32, found i64 out of its range"),
        ("7 as id", "0.5 as id", "column 0 (`id`): wanted u32, found f64"),
        (
            "'a' as name",
            "null as name",
            "column 1 (`name`): invalid type: unit value, expected a s",
        ),
        (
            "'jazz'",
            "'folk'",
            "column 3 (`genre`): unknown variant `folk`, expected `jazz` or `rock`",
        ),
        ("1 as is_new", "2 as is_new", "column 4 (`is_new`): wanted bool, found i64 out of its"),
        ("[1]", "[1", "column 6 (`tags`): in its JSON: expected `,` or `]` at line 1 column 8"),
        ("[1]}", "[1]} x", "column 6 (`tags`): in its JSON: trailing characters"),
        ("'left out' as other", "8 as id", "duplicate field `id`"),
    ] {
        let sql = TRACK.replacen(from, to, 1);
        let error = refused(&sql);
        assert!(error.contains(message), "{sql}: {error}");
    }
    let error = one::<i64>("select 1, 2").expect_err("two").to_string();
    assert!(error.contains("the row has 2 values, and one was asked for"), "{error}");
    let error = one::<(i64,)>("select 1, 2").expect_err("two").to_string();
    assert!(error.contains("the row has 2 values, the tuple 1"), "{error}");
}
