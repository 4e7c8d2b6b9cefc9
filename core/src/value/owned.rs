//! The owned value.

use super::{Array, Date, Interval, Time, Timestamp, TimestampTz, Uuid, ValueRef};

/// A value that owns what it holds.
///
/// ```
/// use aludel::Value;
///
/// let value = Value::from("abc");
/// assert_eq!(value, Value::Text("abc".into()));
/// assert!(Value::from(None::<i64>).is_null());
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum Value {
    /// SQL NULL.
    #[default]
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
    /// Exact decimal as the database writes it; also `NaN`, `Infinity`, `-Infinity`.
    Decimal(String),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
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
    Json(String),
    /// Array of any dimension, with nulls and lower bounds.
    Array(Array),
    /// Composite: fields in order; names stand in the column's type.
    Struct(Vec<Value>),
    /// Keys and values in order.
    Map(Vec<(Value, Value)>),
    /// A value of any other type, in its text form.
    Other {
        /// The database's name of the type; empty when it is not known.
        type_name: String,
        /// Text form.
        text: String,
    },
}

impl Value {
    /// True for SQL NULL.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Borrows the value.
    pub fn as_ref(&self) -> ValueRef<'_> {
        use super::{ArrayRef, CompositeRef};
        match self {
            Value::Null => ValueRef::Null,
            Value::Bool(value) => ValueRef::Bool(*value),
            Value::I64(value) => ValueRef::I64(*value),
            Value::U64(value) => ValueRef::U64(*value),
            Value::I128(value) => ValueRef::I128(*value),
            Value::U128(value) => ValueRef::U128(*value),
            Value::F64(value) => ValueRef::F64(*value),
            Value::F32(value) => ValueRef::F32(*value),
            Value::Decimal(text) => ValueRef::Decimal(text),
            Value::Text(text) => ValueRef::Text(text),
            Value::Bytes(bytes) => ValueRef::Bytes(bytes),
            Value::Date(value) => ValueRef::Date(*value),
            Value::Time(value) => ValueRef::Time(*value),
            Value::Timestamp(value) => ValueRef::Timestamp(*value),
            Value::TimestampTz(value) => ValueRef::TimestampTz(*value),
            Value::Interval(value) => ValueRef::Interval(*value),
            Value::Uuid(value) => ValueRef::Uuid(*value),
            Value::Json(text) => ValueRef::Json(text),
            Value::Array(array) => ValueRef::Array(ArrayRef::from(array)),
            Value::Struct(fields) => ValueRef::Struct(CompositeRef::fields(fields)),
            Value::Map(entries) => ValueRef::Map(CompositeRef::entries(entries)),
            Value::Other { type_name, text } => ValueRef::Other { type_name, text },
        }
    }
}

macro_rules! from {
    ($($ty:ty => $variant:ident),* $(,)?) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                Value::$variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Bool,
    i8 => I64, i16 => I64, i32 => I64, i64 => I64,
    u8 => U64, u16 => U64, u32 => U64, u64 => U64,
    i128 => I128, u128 => U128,
    f64 => F64, f32 => F32,
    &str => Text, String => Text,
    &[u8] => Bytes, Vec<u8> => Bytes,
    Date => Date, Time => Time, Timestamp => Timestamp, TimestampTz => TimestampTz,
    Interval => Interval, Uuid => Uuid, Array => Array,
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
