//! The way of values into the cells of rows.

use aludel::Value;
use aludel::abi::host::written_rows;
use aludel::dbapi::Column;

use super::forms::{assert_same, from_text, ty, unhex};
use super::wire_table::WIRE;
use crate::types::{PgType, decode_binary, decode_text, sql_type};

/// The value as a host reads it from a row that was decoded from these bytes.
fn through_a_row(ty: &PgType, bytes: &[u8], binary: bool) -> Value {
    let columns = vec![Column::new("value", sql_type(ty, -1))];
    let mut rows = written_rows(columns, |rows| {
        let mut row = rows.row();
        let decode = if binary { decode_binary } else { decode_text };
        decode(&mut row, ty, bytes).unwrap();
        assert!(row.commit());
    })
    .unwrap();
    rows.pop().and_then(|mut row| row.pop()).expect("one value")
}

/// Cells do not name the types of other values: the host adds the name from the column.
fn without_names(value: Value) -> Value {
    match value {
        Value::Other { text, .. } => Value::Other { type_name: String::new(), text },
        Value::Array(array) => {
            let dimensions = array.dimensions().to_vec();
            let elements = array.into_elements().into_iter().map(without_names).collect();
            Value::Array(aludel::value::Array::with_dimensions(dimensions, elements).unwrap())
        }
        other => other,
    }
}

#[test]
fn a_row_has_the_value_that_was_decoded_in_either_form() {
    for &(oid, text, hex) in WIRE {
        let ty = ty(oid);
        let what = format!("{} {text}", ty.name);
        let expected = without_names(from_text(&ty, text).unwrap());
        assert_same(&through_a_row(&ty, &unhex(hex), true), &expected, &what);
        assert_same(&through_a_row(&ty, text.as_bytes(), false), &expected, &what);
    }
}

#[test]
fn a_row_with_a_malformed_value_is_an_error_that_names_the_type() {
    let columns = vec![Column::new("value", sql_type(&ty(23), -1))];
    written_rows(columns, |rows| {
        let mut row = rows.row();
        let error = decode_binary(&mut row, &ty(23), &[1, 2, 3]).unwrap_err();
        assert_eq!(error.data_type(), Some("integer"));
        assert!(error.message().contains("malformed integer"), "{error}");
        assert!(error.help().is_some());
        let error = decode_text(&mut row, &ty(23), b"99999999999").unwrap_err();
        assert!(error.message().contains("\"99999999999\""), "{error}");
    })
    .unwrap();
}
