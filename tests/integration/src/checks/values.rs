//! Every kind of value, out and in, copied and lent, small and large.

use aludel::abi::host::{ExecuteOptions, Limits};
use aludel::value::Array;
use aludel::{ErrorKind, Value};
use aludel_test_everything::{SAMPLES, sample};

use crate::subject::{Subject, query, query_with};

fn samples() -> impl Iterator<Item = (&'static str, Vec<Vec<Value>>)> {
    SAMPLES.iter().map(|name| (*name, sample(name).expect("every name has a sample")))
}

/// Copied into the arena.
pub fn every_sample_arrives_copied(subject: &Subject) {
    let mut connection = subject.connect();
    for (name, rows) in samples() {
        assert_eq!(query(&mut connection, &format!("emit {name}")).unwrap(), rows, "{name}");
    }
}

/// Lent where it can be.
pub fn every_sample_arrives_lent(subject: &Subject) {
    let mut connection = subject.connect();
    for (name, rows) in samples() {
        assert_eq!(query(&mut connection, &format!("emit lent {name}")).unwrap(), rows, "{name}");
    }
}

/// As parameters, and back as a row.
pub fn every_sample_survives_the_way_there_and_back(subject: &Subject) {
    let mut connection = subject.connect();
    for (name, rows) in samples() {
        for sql in ["echo", "echo lent"] {
            let options = ExecuteOptions::default();
            let back = query_with(&mut connection, sql, &rows[0], options).unwrap();
            assert_eq!(back, rows, "{name} by {sql}");
        }
    }
}

/// As the value of a session option, and back.
pub fn every_sample_can_be_an_option(subject: &Subject) {
    let mut connection = subject.connect();
    for value in samples().flat_map(|(_, rows)| rows).flatten() {
        // An option has no column that would name the type.
        let expected = match &value {
            Value::Other { text, .. } => {
                Value::Other { type_name: String::new(), text: text.clone() }
            }
            value => value.clone(),
        };
        connection.set_option("anything", value.as_ref(), Limits::NONE).unwrap();
        assert_eq!(connection.get_option("anything", Limits::NONE).unwrap(), expected);
    }
}

/// Text and nested values that no arena holds.
pub fn values_larger_than_the_arena_arrive(subject: &Subject) {
    let mut connection = subject.connect();
    for size in [0, 1, 127, 128, 129, 32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1, 3_000_000] {
        for sql in [format!("text {size}"), format!("text lent {size}")] {
            let text = Value::Text("x".repeat(size));
            let row = vec![Value::I64(1), text, Value::I64(2)];
            let rows = query(&mut connection, &sql).unwrap();
            assert!(rows == [row.clone(), row], "{sql}");
        }
    }
    let elements = (0..100_000).map(|i| Value::from(format!("element {i}"))).collect();
    let large = vec![Value::Array(Array::new(elements)), Value::I64(7)];
    let back = query_with(&mut connection, "echo", &large, ExecuteOptions::default()).unwrap();
    assert!(back == [large]);
}

/// More columns than a batch has cells.
pub fn rows_wider_than_a_batch_arrive(subject: &Subject) {
    let mut connection = subject.connect();
    for columns in [0, 1, 2047, 2048, 2049, 20_000] {
        let rows = query(&mut connection, &format!("wide {columns}")).unwrap();
        let row: Vec<Value> = (0..columns).map(Value::I64).collect();
        assert!(rows == [row], "{columns} columns");
    }
}

/// Rows of executemany-like growth: each a little longer, so that batches end at every place.
pub fn rows_of_every_size_arrive_whole(subject: &Subject) {
    let mut connection = subject.connect();
    for len in (0..4000).step_by(97) {
        let values: Vec<Value> =
            vec![Value::Bytes(vec![7; len]), Value::Text("é".repeat(len)), Value::Null];
        let back = query_with(&mut connection, "echo", &values, ExecuteOptions::default()).unwrap();
        assert!(back == [values], "{len}");
    }
}

/// As deep as values may nest, and one level deeper.
pub fn values_nest_thirty_two_levels_and_no_deeper(subject: &Subject) {
    let nested = |levels: u32| {
        let wrap = |inner, _| Value::Array(Array::new(vec![inner, Value::Null]));
        (0..levels).fold(Value::from("core"), wrap)
    };
    let mut connection = subject.connect();
    let deepest = vec![nested(32)];
    let back = query_with(&mut connection, "echo", &deepest, ExecuteOptions::default()).unwrap();
    assert_eq!(back, [deepest]);
    for value in
        [nested(33), Value::Struct(vec![nested(32)]), Value::Map(vec![(Value::Null, nested(32))])]
    {
        let option = connection.set_option("anything", value.as_ref(), Limits::NONE).unwrap_err();
        let echo = query_with(&mut connection, "echo", &[value], ExecuteOptions::default());
        for error in [option, echo.unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::Argument);
            assert!(error.message().contains("nested more than 32 levels deep"), "{error}");
        }
    }
    assert!(connection.is_alive());
}
