//! Which rows have been seen before.

use std::collections::HashSet;
use std::fmt::Write;

use crate::abi::host::Row;
use crate::error::Result;
use crate::value::ValueRef;

/// The rows that were seen, each as bytes that are the same for the same values.
#[derive(Default)]
pub(super) struct Seen {
    rows: HashSet<Box<[u8]>>,
    row: Vec<u8>,
}

impl Seen {
    /// Remembers a row; false when it was there.
    pub(super) fn insert(&mut self, row: &Row<'_>) -> Result<bool> {
        self.row.clear();
        for index in 0..row.len() {
            write_key(row.value(index)?, &mut self.row);
        }
        if self.rows.contains(self.row.as_slice()) {
            return Ok(false);
        }
        Ok(self.rows.insert(self.row.as_slice().into()))
    }
}

/// Numbers are told apart by value and not by kind, everything else by both.
fn write_key(value: ValueRef<'_>, key: &mut Vec<u8>) {
    match value {
        ValueRef::I64(number) => integer(number.into(), key),
        ValueRef::U64(number) => integer(number.into(), key),
        ValueRef::I128(number) => integer(number, key),
        ValueRef::U128(number) => match i128::try_from(number) {
            Ok(number) => integer(number, key),
            Err(_) => part("u128", &number.to_ne_bytes(), key),
        },
        ValueRef::F32(number) => float(number.into(), key),
        ValueRef::F64(number) => float(number, key),
        ValueRef::Bytes(bytes) => part("bytes", bytes, key),
        ValueRef::Text(text) | ValueRef::Json(text) => {
            part(value.kind_name(), text.as_bytes(), key)
        }
        ValueRef::Decimal(text) => decimal(text, key),
        other => {
            let mut text = String::new();
            let _infallible = write!(text, "{:?}", other.to_owned());
            part(other.kind_name(), text.as_bytes(), key);
        }
    }
}

fn integer(number: i128, key: &mut Vec<u8>) {
    part("integer", &number.to_ne_bytes(), key);
}

fn float(number: f64, key: &mut Vec<u8>) {
    // Whole numbers below it are exactly one integer of 128 bits.
    const EXACT: f64 = 1e38;
    if number.trunc() == number && number.abs() < EXACT {
        integer(number as i128, key);
    } else {
        let number = if number.is_nan() { f64::NAN } else { number };
        part("f64", &number.to_bits().to_ne_bytes(), key);
    }
}

/// 1.50 and 1.5 are the same number, and 1.0 is 1.
fn decimal(text: &str, key: &mut Vec<u8>) {
    let short = match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    };
    match short.parse() {
        Ok(number) => integer(number, key),
        Err(_) => part("decimal", short.as_bytes(), key),
    }
}

fn part(kind: &str, bytes: &[u8], key: &mut Vec<u8>) {
    key.extend_from_slice(kind.as_bytes());
    key.push(0);
    key.extend_from_slice(&bytes.len().to_ne_bytes());
    key.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::write_key;
    use crate::value::ValueRef;

    fn key(value: ValueRef<'_>) -> Vec<u8> {
        let mut key = Vec::new();
        write_key(value, &mut key);
        key
    }

    #[test]
    fn numbers_of_one_value_are_the_same_and_others_are_not() {
        let one = key(ValueRef::I64(1));
        let same = [ValueRef::U64(1), ValueRef::F64(1.0), ValueRef::F32(1.0), ValueRef::I128(1)];
        assert!(same.into_iter().all(|value| key(value) == one));
        assert_eq!(key(ValueRef::Decimal("1.00")), one);
        let others = [ValueRef::I64(2), ValueRef::F64(1.5), ValueRef::Text("1"), ValueRef::Null];
        assert!(others.into_iter().all(|value| key(value) != one));
        assert_eq!(key(ValueRef::Decimal("1.50")), key(ValueRef::Decimal("1.5")));
        assert_eq!(key(ValueRef::F64(0.0)), key(ValueRef::F64(-0.0)));
        assert_eq!(key(ValueRef::F64(f64::NAN)), key(ValueRef::F64(-f64::NAN)));
    }

    #[test]
    fn a_value_does_not_run_into_the_next() {
        let row = |values: [&str; 2]| values.map(|text| key(ValueRef::Text(text))).concat();
        assert_ne!(row(["a", "b"]), row(["ab", ""]));
        assert_ne!(key(ValueRef::Text("a")), key(ValueRef::Bytes(b"a")));
    }
}
