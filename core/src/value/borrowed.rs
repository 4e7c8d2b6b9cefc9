//! The borrowed value.

use super::{ArrayRef, CompositeRef, Date, Interval, Time, Timestamp, TimestampTz, Uuid, Value};

/// A value that borrows text, bytes and elements from a row or a [`Value`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ValueRef<'a> {
    /// SQL NULL.
    Null,
    /// Truth value.
    Bool(bool),
    /// Signed integer of up to 64 bits.
    I64(i64),
    /// Unsigned integer of up to 64 bits.
    U64(u64),
    /// Signed integer of up to 128 bits.
    I128(i128),
    /// Unsigned integer of up to 128 bits.
    U128(u128),
    /// IEEE 754 binary64.
    F64(f64),
    /// IEEE 754 binary32.
    F32(f32),
    /// Exact decimal as text.
    Decimal(&'a str),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Calendar date.
    Date(Date),
    /// Time of day, or MySQL's signed duration.
    Time(Time),
    /// Date and time without a time zone.
    Timestamp(Timestamp),
    /// Moment in time.
    TimestampTz(TimestampTz),
    /// Months, days and microseconds.
    Interval(Interval),
    /// UUID.
    Uuid(Uuid),
    /// JSON text.
    Json(&'a str),
    /// Array of any dimension.
    Array(ArrayRef<'a>),
    /// Composite.
    Struct(CompositeRef<'a>),
    /// Keys and values in turn.
    Map(CompositeRef<'a>),
    /// A value of any other type, in its text form.
    Other {
        /// The database's name of the type; empty when it is not known.
        type_name: &'a str,
        /// Text form.
        text: &'a str,
    },
}

impl ValueRef<'_> {
    /// True for SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, ValueRef::Null)
    }

    /// The name of the kind of value, as errors and documentation write it.
    pub const fn kind_name(&self) -> &'static str {
        match self {
            ValueRef::Null => "NULL",
            ValueRef::Bool(_) => "bool",
            ValueRef::I64(_) => "i64",
            ValueRef::U64(_) => "u64",
            ValueRef::I128(_) => "i128",
            ValueRef::U128(_) => "u128",
            ValueRef::F64(_) => "f64",
            ValueRef::F32(_) => "f32",
            ValueRef::Decimal(_) => "decimal",
            ValueRef::Text(_) => "text",
            ValueRef::Bytes(_) => "bytes",
            ValueRef::Date(_) => "date",
            ValueRef::Time(_) => "time",
            ValueRef::Timestamp(_) => "timestamp",
            ValueRef::TimestampTz(_) => "timestamptz",
            ValueRef::Interval(_) => "interval",
            ValueRef::Uuid(_) => "uuid",
            ValueRef::Json(_) => "json",
            ValueRef::Array(_) => "array",
            ValueRef::Struct(_) => "struct",
            ValueRef::Map(_) => "map",
            ValueRef::Other { .. } => "other",
        }
    }

    /// Copies what is borrowed.
    pub fn to_owned(&self) -> Value {
        match *self {
            ValueRef::Null => Value::Null,
            ValueRef::Bool(value) => Value::Bool(value),
            ValueRef::I64(value) => Value::I64(value),
            ValueRef::U64(value) => Value::U64(value),
            ValueRef::I128(value) => Value::I128(value),
            ValueRef::U128(value) => Value::U128(value),
            ValueRef::F64(value) => Value::F64(value),
            ValueRef::F32(value) => Value::F32(value),
            ValueRef::Decimal(text) => Value::Decimal(text.into()),
            ValueRef::Text(text) => Value::Text(text.into()),
            ValueRef::Bytes(bytes) => Value::Bytes(bytes.into()),
            ValueRef::Date(value) => Value::Date(value),
            ValueRef::Time(value) => Value::Time(value),
            ValueRef::Timestamp(value) => Value::Timestamp(value),
            ValueRef::TimestampTz(value) => Value::TimestampTz(value),
            ValueRef::Interval(value) => Value::Interval(value),
            ValueRef::Uuid(value) => Value::Uuid(value),
            ValueRef::Json(text) => Value::Json(text.into()),
            ValueRef::Array(array) => Value::Array(array.to_owned()),
            ValueRef::Struct(fields) => {
                Value::Struct(fields.iter().map(|v| v.to_owned()).collect())
            }
            ValueRef::Map(entries) => Value::Map(
                (0..entries.len() / 2)
                    .map(|i| (entries.get(2 * i).to_owned(), entries.get(2 * i + 1).to_owned()))
                    .collect(),
            ),
            ValueRef::Other { type_name, text } => {
                Value::Other { type_name: type_name.into(), text: text.into() }
            }
        }
    }
}
