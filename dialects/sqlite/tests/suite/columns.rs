//! What is known of the columns of a result.

use crate::support::{connect, memory, prepare, run};
use aludel::abi::host::ExecuteOptions;
use aludel::dbapi::{Origin, TypeKind};

#[test]
fn columns_tell_type_origin_and_whether_they_may_be_null() {
    let mut connection = memory();
    run(
        &mut connection,
        "create table t (id integer primary key, name varchar(20) not null collate nocase, \
         price decimal(10, 2), anything)",
    );
    let statement = prepare(
        &mut connection,
        "select id, name as label, price, anything, price * 2 as double from t as alias",
    );
    let columns = connection.columns(&statement).unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "label", "price", "anything", "double"]);
    let kinds: Vec<TypeKind> = columns.iter().map(|column| column.sql_type.kind).collect();
    use TypeKind::{BigInteger, Numeric, Unknown, Varchar};
    assert_eq!(kinds, [BigInteger, Varchar, Numeric, Unknown, Unknown]);
    let label = &columns[1];
    assert_eq!(label.sql_type.vendor_name, "varchar(20)");
    assert_eq!(label.sql_type.length, Some(20));
    assert_eq!(label.sql_type.collation.as_deref(), Some("nocase"));
    assert_eq!(label.nullable, Some(false));
    let origin = Origin {
        catalog: String::new(),
        schema: "main".into(),
        table: "t".into(),
        column: "name".into(),
    };
    assert_eq!(label.origin.as_ref(), Some(&origin));
    assert_eq!((columns[2].sql_type.precision, columns[2].sql_type.scale), (Some(10), Some(2)));
    assert_eq!((columns[4].nullable, &columns[4].origin), (None, &None));
}

#[test]
fn a_statement_follows_the_schema_when_it_changes() {
    let directory = tempfile::tempdir().unwrap();
    let url = crate::support::file_url(&directory, "x.db", "");
    let (mut connection, mut other) = (connect(&url), connect(&url));
    run(&mut connection, "create table t (a)");
    run(&mut connection, "insert into t values (1)");
    let statement = prepare(&mut connection, "select * from t");
    for (change, names) in [
        ("alter table t add column b default 2", vec!["a", "b"]),
        ("alter table t rename column b to c", vec!["a", "c"]),
        ("alter table t drop column a", vec!["c"]),
    ] {
        run(&mut other, change);
        let mut cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
        assert_eq!(cursor.next().unwrap().unwrap().len(), names.len(), "{change}");
        let columns = cursor.columns().unwrap();
        let now: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(now, names);
    }
}

#[test]
fn columns_can_be_asked_for_while_a_long_value_is_lent() {
    let mut connection = memory();
    let statement = prepare(&mut connection, "select ? as long, 1 as one");
    let long = "x".repeat(100_000);
    let mut cursor =
        connection.execute(&statement, &[long.as_str()], ExecuteOptions::default()).unwrap();
    let row = cursor.next().unwrap().unwrap();
    let value: &str = row.get_at(0).unwrap();
    assert_eq!(row.columns().unwrap()[0].name, "long");
    assert_eq!(row.get_by::<i64>("one").unwrap(), 1);
    assert!(value == long);
}
