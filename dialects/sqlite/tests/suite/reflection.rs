//! Reflection as ordinary rows.

use crate::support::{memory, run, script, text};
use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{ReflectFilter, ReflectKind};
use aludel::error::ErrorKind;

const SCHEMA: &str = "
    create table artist (id integer primary key, name varchar(120) not null default 'none');
    create table album (
        artist int not null references artist on delete cascade,
        number int, title text, year int check (year > 0),
        full text generated always as (title || year) virtual,
        primary key (artist, number), unique (title, year)) without rowid;
    create table track (
        id integer primary key autoincrement, artist int, number int,
        foreign key (artist, number) references album (artist, number));
    create index by_title on album (title desc, year) where year
      > 1900;
    create unique index by_lower on artist (lower(name));
    create view modern as select * from album where year > 2000;
    create temporary table notes (a);";

fn schema() -> DriverConnection {
    let mut connection = memory();
    script(&mut connection, SCHEMA);
    connection
}

fn reflect(kind: ReflectKind, filter: &ReflectFilter<'_>) -> (Vec<String>, Vec<Vec<Value>>) {
    let mut connection = schema();
    let statement = connection.reflect(kind, filter, Limits::NONE).unwrap();
    let names = connection.columns(&statement).unwrap().iter().map(|c| c.name.clone()).collect();
    let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let mut rows = Vec::new();
    while let Some(row) = cursor.next().unwrap() {
        rows.push((0..row.len()).map(|index| row.owned_value(index).unwrap()).collect());
    }
    (names, rows)
}

fn of(table: &str) -> ReflectFilter<'_> {
    ReflectFilter { table, ..ReflectFilter::default() }
}

fn shown(rows: &[Vec<Value>]) -> Vec<String> {
    let show = |value: &Value| match value {
        Value::Null => "-".to_owned(),
        Value::I64(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    rows.iter().map(|row| row.iter().map(show).collect::<Vec<_>>().join("|")).collect()
}

#[test]
fn schemas_are_the_attached_databases() {
    let (names, rows) = reflect(ReflectKind::Schemas, &ReflectFilter::default());
    assert_eq!(names, ["name"]);
    assert_eq!(rows, [[text("main")], [text("temp")]]);
}

#[test]
fn tables_and_views_come_with_their_kind() {
    let (names, rows) = reflect(ReflectKind::Tables, &ReflectFilter::default());
    assert_eq!(names, ["schema", "name", "kind", "comment"]);
    assert_eq!(
        shown(&rows),
        [
            "main|album|table|-",
            "main|artist|table|-",
            "main|modern|view|-",
            "main|track|table|-",
            "temp|notes|temporary table|-",
        ]
    );
    let filter = ReflectFilter { schema: "TEMP", ..ReflectFilter::default() };
    assert_eq!(shown(&reflect(ReflectKind::Tables, &filter).1), ["temp|notes|temporary table|-"]);
}

#[test]
fn columns_come_with_type_default_and_what_is_generated() {
    let (names, rows) = reflect(ReflectKind::Columns, &of("artist"));
    assert_eq!(
        names,
        [
            "schema",
            "table",
            "name",
            "position",
            "type",
            "nullable",
            "default",
            "autoincrement",
            "comment",
            "computed",
            "identity",
            "collation"
        ]
    );
    assert_eq!(
        shown(&rows),
        [
            "main|artist|id|1|INTEGER|1|-|1|-|-|-|-",
            "main|artist|name|2|varchar(120)|0|'none'|0|-|-|-|-",
        ]
    );
    assert_eq!(
        shown(&reflect(ReflectKind::Columns, &of("album")).1),
        [
            "main|album|artist|1|INT|0|-|0|-|-|-|-",
            "main|album|number|2|INT|0|-|0|-|-|-|-",
            "main|album|title|3|TEXT|1|-|0|-|-|-|-",
            "main|album|year|4|INT|1|-|0|-|-|-|-",
            "main|album|full|5|TEXT|1|-|0|-|virtual|-|-",
        ]
    );
}

#[test]
fn keys_come_column_by_column() {
    let (names, rows) = reflect(ReflectKind::PrimaryKeys, &of("album"));
    let key = ["schema", "table", "constraint", "column", "position", "deferrable", "initially"];
    assert_eq!(names, key);
    assert_eq!(shown(&rows), ["main|album|-|artist|1|-|-", "main|album|-|number|2|-|-"]);
    let (names, rows) = reflect(ReflectKind::UniqueConstraints, &of("album"));
    assert_eq!(names, key);
    assert_eq!(shown(&rows), ["main|album|-|title|1|-|-", "main|album|-|year|2|-|-"]);
}

#[test]
fn foreign_keys_name_the_columns_that_they_refer_to_also_when_the_text_does_not() {
    let (names, rows) = reflect(ReflectKind::ForeignKeys, &ReflectFilter::default());
    assert_eq!(
        names,
        [
            "schema",
            "table",
            "constraint",
            "column",
            "position",
            "referred_schema",
            "referred_table",
            "referred_column",
            "on_update",
            "on_delete",
            "deferrable",
            "initially",
            "match"
        ]
    );
    assert_eq!(
        shown(&rows),
        [
            "main|album|-|artist|1|main|artist|id|NO ACTION|CASCADE|-|-|-",
            "main|track|-|artist|1|main|album|artist|NO ACTION|NO ACTION|-|-|-",
            "main|track|-|number|2|main|album|number|NO ACTION|NO ACTION|-|-|-",
        ]
    );
}

#[test]
fn indexes_come_with_order_and_predicate() {
    let (names, rows) = reflect(ReflectKind::Indexes, &ReflectFilter::default());
    assert_eq!(
        names,
        [
            "schema",
            "table",
            "name",
            "unique",
            "column",
            "position",
            "expression",
            "sorting",
            "included",
            "predicate",
            "method"
        ]
    );
    assert_eq!(
        shown(&rows),
        [
            "main|album|by_title|0|title|1|-|desc|0|year\n      > 1900|btree",
            "main|album|by_title|0|year|2|-|asc|0|year\n      > 1900|btree",
            "main|artist|by_lower|1|-|1|-|asc|0|-|btree",
        ]
    );
}

#[test]
fn views_come_with_their_definition() {
    let (names, rows) = reflect(ReflectKind::Views, &ReflectFilter::default());
    assert_eq!(names, ["schema", "name", "definition"]);
    assert_eq!(
        shown(&rows),
        ["main|modern|CREATE VIEW modern as select * from album where year > 2000"]
    );
}

#[test]
fn an_attached_database_is_a_schema_of_any_name() {
    let mut connection = memory();
    run(&mut connection, "attach ':memory:' as \"it's \"\"new\"\"\"");
    run(&mut connection, "create table \"it's \"\"new\"\"\".t (a)");
    run(&mut connection, "create view \"it's \"\"new\"\"\".v as select a from t");
    let filter = ReflectFilter { schema: "it's \"new\"", ..ReflectFilter::default() };
    for (kind, rows) in
        [(ReflectKind::Tables, 2), (ReflectKind::Columns, 2), (ReflectKind::Views, 1)]
    {
        let statement = connection.reflect(kind, &filter, Limits::NONE).unwrap();
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        let mut found = 0;
        while let Some(row) = cursor.next().unwrap() {
            assert_eq!(row.get_at::<&str>(0).unwrap(), "it's \"new\"");
            found += 1;
        }
        assert_eq!(found, rows, "{kind:?}");
    }
}

#[test]
fn what_sqlite_does_not_tell_is_not_supported() {
    let error = schema()
        .reflect(ReflectKind::Sequences, &ReflectFilter::default(), Limits::NONE)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSupported);
}
