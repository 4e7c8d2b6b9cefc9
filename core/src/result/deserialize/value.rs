//! A value as serde sees it.

use std::fmt::Display;

use serde_core::de::value::{MapDeserializer, SeqDeserializer};
use serde_core::de::{Deserializer, IntoDeserializer, Visitor};
use serde_core::forward_to_deserialize_any;

use super::failure::Failure;
use crate::value::{FromValue, ValueRef};

/// A value of a row, or of an array in one.
#[derive(Clone, Copy)]
pub(super) struct ValueDeserializer<'de>(pub(super) ValueRef<'de>);

/// Methods for types that `FromValue` reads without loss.
macro_rules! scalars {
    ($($method:ident $ty:ty => $visit:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            match self.0 {
                ValueRef::Json(text) => in_json(text, |json| json.$method(visitor)),
                value => visitor.$visit(<$ty>::from_value(value)?),
            }
        }
    )*};
}

/// A part of a type that is made of others: an array, map or composite, or JSON.
macro_rules! nested {
    ($($method:ident ( $($name:ident : $ty:ty),* ) => $own:ident),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $ty,)* visitor: V) -> Result<V::Value, Failure> {
            match self.0 {
                // Databases without a JSON type hold it as text.
                ValueRef::Json(text) | ValueRef::Text(text) => {
                    in_json(text, |json| json.$method($($name,)* visitor))
                }
                _ => self.$own(visitor),
            }
        }
    )*};
}

type Json<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;

/// Reads the whole of a JSON text.
fn in_json<'de, T>(
    text: &'de str,
    read: impl FnOnce(&mut Json<'de>) -> serde_json::Result<T>,
) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value = read(&mut json)?;
    json.end()?;
    Ok(value)
}

fn shown<'de, V: Visitor<'de>>(value: impl Display, visitor: V) -> Result<V::Value, Failure> {
    visitor.visit_string(value.to_string())
}

/// ISO 8601, as other libraries read it.
fn with_t(moment: impl Display) -> String {
    moment.to_string().replace(' ', "T")
}

impl<'de> ValueDeserializer<'de> {
    fn sequence<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            ValueRef::Array(array) => elements(array.iter(), visitor),
            ValueRef::Struct(fields) => elements(fields.iter(), visitor),
            ValueRef::Bytes(bytes) => {
                visitor.visit_seq(SeqDeserializer::<_, Failure>::new(bytes.iter().copied()))
            }
            _ => self.deserialize_any(visitor),
        }
    }
}

fn elements<'de, V: Visitor<'de>>(
    values: impl Iterator<Item = ValueRef<'de>>,
    visitor: V,
) -> Result<V::Value, Failure> {
    visitor.visit_seq(SeqDeserializer::new(values.map(ValueDeserializer)))
}

impl<'de> Deserializer<'de> for ValueDeserializer<'de> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        match self.0 {
            ValueRef::Null => visitor.visit_unit(),
            ValueRef::Bool(value) => visitor.visit_bool(value),
            ValueRef::I64(value) => visitor.visit_i64(value),
            ValueRef::U64(value) => visitor.visit_u64(value),
            ValueRef::I128(value) => visitor.visit_i128(value),
            ValueRef::U128(value) => visitor.visit_u128(value),
            ValueRef::F64(value) => visitor.visit_f64(value),
            ValueRef::F32(value) => visitor.visit_f32(value),
            ValueRef::Text(text) | ValueRef::Decimal(text) => visitor.visit_borrowed_str(text),
            ValueRef::Other { text, .. } => visitor.visit_borrowed_str(text),
            ValueRef::Json(text) => in_json(text, |json| json.deserialize_any(visitor)),
            ValueRef::Bytes(bytes) => visitor.visit_borrowed_bytes(bytes),
            ValueRef::Date(value) => shown(value, visitor),
            ValueRef::Time(value) => shown(value, visitor),
            ValueRef::Timestamp(value) => visitor.visit_string(with_t(value)),
            ValueRef::TimestampTz(value) => visitor.visit_string(with_t(value)),
            ValueRef::Interval(value) => shown(value, visitor),
            ValueRef::Uuid(value) => shown(value, visitor),
            ValueRef::Array(_) | ValueRef::Struct(_) => self.sequence(visitor),
            ValueRef::Map(entries) => {
                let entry = |at| (entries.get(2 * at), entries.get(2 * at + 1));
                let pairs = (0..entries.len() / 2).map(entry);
                let pairs = pairs.map(|(key, value)| (Self(key), Self(value)));
                visitor.visit_map(MapDeserializer::new(pairs))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.0 {
            ValueRef::Json(text) => {
                in_json(text, |json| json.deserialize_enum(name, variants, visitor))
            }
            value => visitor.visit_enum(<&str>::from_value(value)?.into_deserializer()),
        }
    }

    scalars! {
        deserialize_bool bool => visit_bool,
        deserialize_i8 i8 => visit_i8,
        deserialize_i16 i16 => visit_i16,
        deserialize_i32 i32 => visit_i32,
        deserialize_i64 i64 => visit_i64,
        deserialize_i128 i128 => visit_i128,
        deserialize_u8 u8 => visit_u8,
        deserialize_u16 u16 => visit_u16,
        deserialize_u32 u32 => visit_u32,
        deserialize_u64 u64 => visit_u64,
        deserialize_u128 u128 => visit_u128,
        deserialize_f32 f32 => visit_f32,
        deserialize_f64 f64 => visit_f64,
        deserialize_char char => visit_char,
        deserialize_bytes &[u8] => visit_borrowed_bytes,
        deserialize_byte_buf &[u8] => visit_borrowed_bytes,
    }

    nested! {
        deserialize_seq() => sequence,
        deserialize_tuple(len: usize) => sequence,
        deserialize_tuple_struct(name: &'static str, len: usize) => sequence,
        deserialize_map() => deserialize_any,
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) => deserialize_any,
    }

    forward_to_deserialize_any! {
        str string unit unit_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Failure> for ValueDeserializer<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
