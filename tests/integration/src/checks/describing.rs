//! Columns, parameters, reflection.

use aludel::Value;
use aludel::abi::host::{DriverConnection, ExecuteOptions, Limits};
use aludel::dbapi::{Origin, ReflectFilter, ReflectKind, TypeKind};

use crate::subject::{Subject, prepare, read_all};

/// Everything that a description of a column can hold.
pub fn columns_cross_with_every_field(subject: &Subject) {
    let mut connection = subject.connect();
    let statement = prepare(&mut connection, "types").unwrap();
    let cursor = connection.execute(&statement, &(), ExecuteOptions::default()).unwrap();
    let columns = cursor.columns().unwrap();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["exact", "text", "mood", "array", "composite", "map"]);

    let exact = &columns[0].sql_type;
    assert_eq!((exact.kind, exact.vendor_name.as_ref()), (TypeKind::Numeric, "EXACT"));
    assert_eq!((exact.precision, exact.scale, exact.unsigned), (Some(38), Some(-2), true));
    assert_eq!((exact.length, columns[0].nullable), (None, Some(false)));

    let text = &columns[1].sql_type;
    assert_eq!((text.length, text.precision, text.scale), (Some(6_000_000_000), None, None));
    assert_eq!(text.collation.as_deref(), Some("sv_SE"));
    assert_eq!(text.charset.as_deref(), Some("utf8mb4"));
    assert_eq!((columns[1].nullable, columns[1].display_size), (Some(true), Some(80)));

    let mood = &columns[2];
    assert_eq!(mood.sql_type.labels, ["glad", "ledsen", ""]);
    let origin = Origin {
        catalog: "memory".into(),
        schema: "main".into(),
        table: "entries".into(),
        column: "mood".into(),
    };
    assert_eq!(
        (mood.origin.as_ref(), mood.nullable, mood.display_size),
        (Some(&origin), None, None)
    );

    let array = &columns[3].sql_type;
    assert_eq!((array.kind, array.array_dimensions), (TypeKind::Array, 2));
    assert_eq!(array.element.as_deref(), Some(exact));
    let composite = &columns[4].sql_type;
    let expected =
        [("left".to_owned(), array.clone()), ("right".to_owned(), mood.sql_type.clone())];
    assert_eq!(composite.fields, expected);
    assert_eq!(columns[5].sql_type.element.as_deref(), Some(composite));
    assert_eq!(columns[5].origin, None);
}

/// `parameters`.
pub fn parameters_are_known_where_the_dialect_knows_them(subject: &Subject) {
    let mut connection = subject.connect();
    let insert = prepare(&mut connection, "insert").unwrap();
    let parameters = connection.parameters(&insert).unwrap().unwrap();
    let names: Vec<Option<&str>> = parameters.iter().map(|p| p.name.as_deref()).collect();
    assert_eq!(names, [Some(":key"), Some(":value")]);
    assert_eq!(parameters[0].sql_type.kind, TypeKind::BigInteger);
    let echo = prepare(&mut connection, "echo").unwrap();
    assert!(connection.parameters(&echo).unwrap().is_none());
}

/// A statement whose results differ.
pub fn columns_follow_the_result(subject: &Subject) {
    let mut connection = subject.connect();
    let echo = prepare(&mut connection, "echo").unwrap();
    for width in [2, 3, 1] {
        let values = vec![1i64; width];
        let cursor = connection.execute(&echo, &values, ExecuteOptions::default()).unwrap();
        assert_eq!(cursor.columns().unwrap().len(), width);
    }
    // The same number of columns, of another type: the epoch tells.
    for (value, kind) in [(Value::I64(1), TypeKind::BigInteger), (Value::from(""), TypeKind::Text)]
    {
        let cursor = connection.execute(&echo, &[value], ExecuteOptions::default()).unwrap();
        assert_eq!(cursor.columns().unwrap()[0].sql_type.kind, kind);
    }
}

fn reflect(
    connection: &mut DriverConnection,
    kind: ReflectKind,
    filter: ReflectFilter<'_>,
) -> (Vec<String>, Vec<Vec<Value>>) {
    let statement = connection.reflect(kind, &filter, Limits::NONE).unwrap();
    let rows = read_all(connection, &statement, &[], ExecuteOptions::default()).unwrap();
    let columns = connection.columns(&statement).unwrap();
    (columns.iter().map(|column| column.name.clone()).collect(), rows)
}

/// The columns that the documentation of each kind lists first, between backquotes.
pub fn every_kind_of_reflection_has_the_columns_it_promises(subject: &Subject) {
    let mut connection = subject.connect();
    for constant in ReflectKind::CODES {
        let kind = ReflectKind::from_code(constant.value as u32).unwrap();
        let documented = constant.docs.concat();
        let listed = documented.split('`').nth(1).unwrap();
        let promised: Vec<&str> = listed.split(", ").collect();
        let (names, rows) = reflect(&mut connection, kind, ReflectFilter::default());
        assert_eq!(names[..promised.len()], promised, "{}", constant.name);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].len(), names.len());
    }
}

/// The filter.
pub fn reflection_is_filtered(subject: &Subject) {
    let mut connection = subject.connect();
    let mut count = |catalog, schema, table| {
        let filter = ReflectFilter { catalog, schema, table };
        reflect(&mut connection, ReflectKind::Columns, filter).1.len()
    };
    assert_eq!(count("memory", "main", "entries"), 1);
    assert_eq!(count("other", "main", "entries"), 0);
    assert_eq!(count("memory", "other", "entries"), 0);
    assert_eq!(count("memory", "main", "other"), 0);
}
