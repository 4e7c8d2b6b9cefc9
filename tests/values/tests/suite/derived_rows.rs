//! `#[derive(FromRow)]`.

use aludel::{Engine, FromRow, FromValue};

fn engine() -> Engine {
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    aludel::create_engine("sqlite:///:memory:").expect("SQLite is linked")
}

fn one<T: for<'r> FromRow<'r>>(sql: &str) -> aludel::Result<T> {
    engine().execute(sql, ())?.one()
}

#[derive(FromRow, Debug, PartialEq)]
struct Track {
    id: i64,
    name: String,
    composer: Option<String>,
}

#[test]
fn fields_are_read_from_the_columns_of_their_names_wherever_they_stand() -> aludel::Result<()> {
    let track: Track = one("select 1 as extra, null as composer, 'a' as name, 7 as id")?;
    assert_eq!(track, Track { id: 7, name: "a".into(), composer: None });
    Ok(())
}

#[derive(FromRow, Debug, PartialEq)]
struct Borrowed<'r> {
    name: &'r str,
    data: Option<&'r [u8]>,
}

#[test]
fn text_and_bytes_may_be_borrowed_from_the_row() -> aludel::Result<()> {
    let mut result = engine().execute("select 'a' as name, x'01' as data", ())?;
    let row = result.next()?.expect("there is one");
    assert_eq!(row.get::<Borrowed<'_>>()?, Borrowed { name: "a", data: Some(&[1]) });
    Ok(())
}

#[test]
fn owned_rows_are_read_as_rows_that_are_lent() -> aludel::Result<()> {
    let rows: Vec<aludel::OwnedRow> =
        engine().execute("select 'a' as name, x'01' as data", ())?.all()?;
    assert_eq!(rows[0].get::<Borrowed<'_>>()?, Borrowed { name: "a", data: Some(&[1]) });
    assert_eq!(rows[0].get::<(&str, Vec<u8>)>()?, ("a", vec![1]));
    let error = rows[0].get::<Track>().expect_err("other columns").to_string();
    assert!(error.contains("no column `id`, `composer`"), "{error}");
    Ok(())
}

#[derive(FromRow, Debug, PartialEq)]
struct Point(i64, #[aludel(try_from = "i64")] u8);

#[derive(FromRow, Debug, PartialEq)]
struct Only(String);

#[test]
fn tuple_structs_are_read_by_place() -> aludel::Result<()> {
    assert_eq!(one::<Point>("select 1, 2")?, Point(1, 2));
    assert_eq!(one::<Only>("select 'a'")?, Only("a".into()));
    let error = one::<Point>("select 1").expect_err("too few").to_string();
    assert!(error.contains("the row has 1 values, the tuple 2"), "{error}");
    let error = one::<Point>("select 1, 300 as y").expect_err("too large").to_string();
    assert!(error.contains("column 1 (`y`): out of range integral type"), "{error}");
    Ok(())
}

fn unknown() -> String {
    "unknown".into()
}

#[derive(Debug, PartialEq)]
struct Even(i64);

impl TryFrom<i64> for Even {
    type Error = String;

    fn try_from(number: i64) -> Result<Self, String> {
        if number % 2 == 0 { Ok(Even(number)) } else { Err(format!("{number} is odd")) }
    }
}

#[derive(FromRow, Debug, PartialEq)]
#[aludel(rename_all = "PascalCase")]
struct Attributes {
    track_id: i64,
    #[aludel(rename = "the name")]
    name: String,
    #[aludel(default)]
    size: Option<i64>,
    #[aludel(default = "unknown")]
    genre: String,
    #[aludel(skip)]
    cached: Vec<u8>,
    #[aludel(try_from = "i64", default = "two")]
    even: Even,
    r#type: i64,
}

fn two() -> Even {
    Even(2)
}

#[test]
fn attributes_say_which_column_and_what_without_one() -> aludel::Result<()> {
    let least = one::<Attributes>("select 1 as TrackId, 'x' as \"the name\", 3 as Type")?;
    let expected = Attributes {
        track_id: 1,
        name: "x".into(),
        size: None,
        genre: "unknown".into(),
        cached: vec![],
        even: Even(2),
        r#type: 3,
    };
    assert_eq!(least, expected);
    let all = "select 1 as TrackId, 'x' as \"the name\", 3 as Type, 4 as Size, 'Jazz' as Genre";
    let read = one::<Attributes>(&format!("{all}, 6 as Even"))?;
    assert_eq!(read, Attributes { size: Some(4), genre: "Jazz".into(), even: Even(6), ..expected });
    let error = one::<Attributes>(&format!("{all}, 7 as Even")).expect_err("odd").to_string();
    assert!(error.contains("column 5 (`Even`): 7 is odd"), "{error}");
    let error =
        one::<Attributes>("select 1 as TrackId, null as Genre").expect_err("some are missing");
    assert!(error.to_string().contains("no column `the name`, `Type`"), "{error}");
    assert!(error.to_string().contains("the result has: TrackId, Genre"), "{error}");
    Ok(())
}

#[derive(FromRow, Debug, PartialEq)]
struct Album {
    title: String,
    #[aludel(flatten)]
    track: Track,
}

#[test]
fn a_flattened_field_reads_its_own_columns() -> aludel::Result<()> {
    let album: Album = one("select 1 as id, 'n' as name, 'c' as composer, 't' as title")?;
    let track = Track { id: 1, name: "n".into(), composer: Some("c".into()) };
    assert_eq!(album, Album { title: "t".into(), track });
    Ok(())
}

#[derive(FromRow, Debug, PartialEq)]
struct Page<T, U> {
    total: i64,
    item: T,
    #[aludel(skip)]
    note: U,
}

#[test]
fn type_parameters_are_bound_as_their_fields_need() -> aludel::Result<()> {
    let page: Page<Option<String>, String> = one("select 3 as total, 'x' as item")?;
    assert_eq!(page, Page { total: 3, item: Some("x".into()), note: String::new() });
    Ok(())
}

#[test]
fn a_column_that_is_there_twice_is_refused() {
    let error = one::<Track>("select 1 as id, 2 as id, 'a' as name, 'b' as composer");
    let error = error.expect_err("ambiguous").to_string();
    assert!(error.contains("column name `id` is ambiguous"), "{error}");
}

#[test]
fn a_value_that_does_not_fit_is_told_with_its_column() {
    let error = one::<Track>("select 'x' as id, 'a' as name, 'b' as composer");
    let error = error.expect_err("text").to_string();
    assert!(error.contains("column 0 (`id`): wanted i64, found text"), "{error}");
}

#[test]
fn the_places_are_those_of_the_result_at_hand() -> aludel::Result<()> {
    let mut conn = engine().connect()?;
    conn.execute("create table t (id, name, composer)", ())?;
    conn.execute("insert into t values (1, 'a', 'b')", ())?;
    let track = Track { id: 1, name: "a".into(), composer: Some("b".into()) };
    assert_eq!(conn.execute("select * from t", ())?.one::<Track>()?, track);
    conn.execute("alter table t rename column name to composer_too", ())?;
    conn.execute("alter table t add column name default 'new'", ())?;
    let track = Track { name: "new".into(), ..track };
    assert_eq!(conn.execute("select * from t", ())?.one::<Track>()?, track);
    Ok(())
}

macro_rules! made_by_a_macro {
    ($name:ident { $($field:ident: $ty:ty),* }) => {
        #[derive(FromRow, Debug, PartialEq)]
        struct $name { $($field: $ty),* }
    };
}

made_by_a_macro!(Made { row: i64, places: i64 });

#[derive(FromValue, Debug, PartialEq)]
struct TrackId(i64);

#[derive(FromRow, Debug, PartialEq)]
struct WithNewtype {
    id: TrackId,
}

#[test]
fn names_of_the_derived_code_do_not_meet_those_of_the_type() -> aludel::Result<()> {
    assert_eq!(one::<Made>("select 1 as row, 2 as places")?, Made { row: 1, places: 2 });
    assert_eq!(one::<WithNewtype>("select 5 as id")?, WithNewtype { id: TrackId(5) });
    Ok(())
}
