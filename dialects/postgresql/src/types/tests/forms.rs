//! Short ways to types and values.

use aludel::Value;

use crate::types::malformed::Read;
use crate::types::pg_type::{Oid, PgType};
use crate::types::{binary, builtin, text};

pub(super) fn ty(oid: Oid) -> PgType {
    builtin(oid).expect("a builtin type")
}

pub(super) fn from_binary(ty: &PgType, bytes: &[u8]) -> Read<Value> {
    binary::read(ty, bytes)?.into_value(ty)
}

pub(super) fn from_text(ty: &PgType, text: &str) -> Read<Value> {
    text::read(ty, text.as_bytes())?.into_value(ty)
}

/// Equal also where a float is not a number.
pub(super) fn assert_same(left: &Value, right: &Value, what: &str) {
    assert_eq!(format!("{left:?}"), format!("{right:?}"), "{what}");
}

pub(super) fn unhex(digits: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    (0..digits.len()).step_by(2).map(digit).collect()
}
