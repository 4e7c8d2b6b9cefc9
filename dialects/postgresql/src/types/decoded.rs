//! A value on its way from the wire to a row, or into an array or composite.

use aludel::abi::constants::tag;
use aludel::dbapi::RowBuilder;
use aludel::value::{Value, ValueRef};

use super::malformed::{Read, text};
use super::pg_type::PgType;

/// A value that was read.
pub(super) enum Decoded<'a> {
    /// A value that needs no memory of its own.
    Plain(ValueRef<'a>),
    /// The bytes of a text-like value, not checked yet.
    Lent(u8, &'a [u8]),
    /// A value that had to be put together.
    Made(Value),
}

impl<'a> Decoded<'a> {
    pub(super) fn text(bytes: &'a [u8]) -> Self {
        Decoded::Lent(tag::TEXT, bytes)
    }

    /// The text of a type that the host has no kind for.
    pub(super) fn other(bytes: &'a [u8]) -> Self {
        Decoded::Lent(tag::OTHER, bytes)
    }

    /// As [`other`](Self::other), for text that was made.
    pub(super) fn made_other(ty: &PgType, text: String) -> Self {
        Decoded::Made(Value::Other { type_name: ty.name.as_ref().into(), text })
    }

    pub(super) fn put(self, row: &mut RowBuilder<'_, '_, 'a>) {
        match self {
            Decoded::Plain(value) => row.value(value),
            Decoded::Lent(tag, bytes) => row.lend_as(tag, bytes),
            Decoded::Made(value) => row.value(value.as_ref()),
        }
    }

    /// The value on its own; `ty` is its type.
    pub(super) fn into_value(self, ty: &PgType) -> Read<Value> {
        Ok(match self {
            Decoded::Plain(value) => value.to_owned(),
            Decoded::Made(value) => value,
            Decoded::Lent(tag, bytes) => {
                let text = text(bytes)?.to_owned();
                match tag {
                    tag::TEXT => Value::Text(text),
                    tag::JSON => Value::Json(text),
                    tag::DECIMAL => Value::Decimal(text),
                    _ => Value::Other { type_name: ty.name.as_ref().into(), text },
                }
            }
        })
    }
}
