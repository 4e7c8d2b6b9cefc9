//! Parameters that cannot be sent as they are.
//!
//! The errors do not repeat their values: the engine adds the parameters, unless they are to be
//! hidden.

use aludel::Error;
use aludel::value::ValueRef;

use super::pg_type::{Kind, PgType};

#[cold]
pub(super) fn out_of_range(ty: &PgType) -> Error {
    let (lowest, highest) = match ty.base().kind {
        Kind::Int2 => (i128::from(i16::MIN), i128::from(i16::MAX)),
        Kind::Int4 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Kind::Int8 => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Kind::UInt4 => (0, i128::from(u32::MAX)),
        _ => (0, i128::from(u64::MAX)),
    };
    let name = &ty.name;
    Error::data(format!("the value is out of range for type {name}"))
        .with_sqlstate("22003")
        .with_data_type(name.as_ref())
        .with_help(format!(
            "{name} goes from {lowest} to {highest}; if the statement means a larger type, say so \
             with a cast, as in `$1::bigint` or `$1::numeric`"
        ))
}

#[cold]
pub(super) fn too_early(ty: &PgType) -> Error {
    let name = &ty.name;
    Error::data(format!("the value is out of range for type {name}"))
        .with_sqlstate("22008")
        .with_data_type(name.as_ref())
        .with_help("PostgreSQL's dates begin with 4713 BC")
}

#[cold]
pub(super) fn too_large() -> Error {
    Error::data("a parameter is larger than 2 GiB")
        .with_sqlstate("54000")
        .with_help("PostgreSQL takes at most 1 GiB in one value; send it in parts")
}

/// The server would take the text of the value, but not for what it is.
#[cold]
pub(super) fn misread(value: ValueRef<'_>, ty: &PgType) -> Error {
    let (kind, name) = (value.kind_name(), &ty.name);
    let help = match value {
        ValueRef::Bytes(_) => {
            "pass text, or decode it in SQL, as in `convert_from($1::bytea, 'UTF8')`"
        }
        ValueRef::Time(_) => "pass a time without an offset, or cast it, as in `$1::timetz::time`",
        _ => {
            "pass a timestamp without an offset, or say in which time zone it is meant, as in \
             `$1::timestamptz at time zone 'UTC'`"
        }
    };
    Error::data(format!("a {kind} value cannot be sent as type {name}"))
        .with_sqlstate("42804")
        .with_data_type(name.as_ref())
        .with_help(help)
}

#[cold]
pub(super) fn no_binary_form(value: ValueRef<'_>, ty: &PgType) -> Error {
    let (kind, name) = (value.kind_name(), &ty.name);
    Error::data(format!("a {kind} value cannot be sent as binary {name}"))
        .with_sqlstate("42804")
        .with_data_type(name.as_ref())
        .with_help(format!(
            "pass a value of the kind that {name} has; for any other way send it as text"
        ))
}
