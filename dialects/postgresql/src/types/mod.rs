//! The types of PostgreSQL: what they are called, and their values in both directions and forms.

mod binary;
mod builtin;
mod catalog;
mod column;
mod declared;
mod decode;
mod decoded;
mod encode;
mod interval;
mod malformed;
mod moment;
mod nested_text;
mod network;
mod numeric;
mod pg_type;
mod refused;
mod sql_type;
mod text;
mod write_binary;
mod write_text;

#[cfg(test)]
mod tests;

pub(crate) use builtin::builtin;
pub(crate) use catalog::{catalog_query, types_from_catalog};
pub(crate) use column::{append_column, array_parameter, column_format};
pub(crate) use declared::declared_at;
pub(crate) use decode::{binary_results, decode_binary, decode_text};
pub(crate) use encode::{
    BYTEA, Format, append, depends_on_type, encode, parameter_format, verbatim,
};
pub(crate) use pg_type::{Oid, PgType};
pub(crate) use sql_type::sql_type;
pub(crate) use write_binary::has_binary_form;
