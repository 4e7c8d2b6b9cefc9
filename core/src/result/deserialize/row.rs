//! A row as serde sees it: a map of columns, a sequence of values, or its only value.

use std::marker::PhantomData;

use serde_core::de::{
    DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_core::{Deserialize, forward_to_deserialize_any};

use super::failure::Failure;
use super::value::ValueDeserializer;
use crate::dbapi::Column;
use crate::error::{Error, Result};
use crate::result::any_row::AnyRow;

/// Reads a row as a type that serde knows.
pub(super) fn deserialize<'de, R: AnyRow<'de>, T: Deserialize<'de>>(row: &R) -> Result<T> {
    let columns = row.columns()?;
    let access = RowDeserializer { row, columns: &columns, lends: PhantomData };
    T::deserialize(access).map_err(|failure| match failure {
        Failure::Reported(error) => error,
        Failure::Unfit(message) => Error::conversion(message),
        Failure::Missing(field) => {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            Error::no_such_column(format!("no column `{field}`"))
                .with_help(format!("the result has: {}", names.join(", ")))
        }
    })
}

struct RowDeserializer<'a, 'de, R> {
    row: &'a R,
    columns: &'a [Column],
    lends: PhantomData<&'de ()>,
}

impl<'a, 'de, R: AnyRow<'de>> RowDeserializer<'a, 'de, R> {
    fn only_value(&self) -> Result<ValueDeserializer<'de>, Failure> {
        match self.row.width() {
            1 => Ok(ValueDeserializer(self.row.value(0)?)),
            width => Err(Failure::custom(format_args!(
                "the row has {width} values, and one was asked for"
            ))),
        }
    }

    fn by_place(self) -> Cells<'a, 'de, R> {
        Cells { row: self.row, columns: self.columns, at: 0, lends: PhantomData }
    }
}

/// Methods for types that are one value.
macro_rules! one_value {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
            let value = self.only_value()?;
            value.$method(visitor).map_err(|failure| in_column(failure, self.columns, 0))
        }
    )*};
}

fn in_column(failure: Failure, columns: &[Column], index: usize) -> Failure {
    failure.in_column(index, columns.get(index).map_or("", |column| column.name.as_str()))
}

impl<'de, R: AnyRow<'de>> Deserializer<'de> for RowDeserializer<'_, 'de, R> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_map(self.by_place())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_seq(self.by_place())
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        let width = self.row.width();
        if width != len {
            let message = format_args!("the row has {width} values, the tuple {len}");
            return Err(Failure::custom(message));
        }
        visitor.visit_seq(self.by_place())
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        self.deserialize_tuple(len, visitor)
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
        let value = self.only_value()?;
        value
            .deserialize_enum(name, variants, visitor)
            .map_err(|failure| in_column(failure, self.columns, 0))
    }

    one_value! {
        deserialize_bool
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option
    }

    forward_to_deserialize_any! { map struct unit unit_struct identifier ignored_any }
}

/// The values of a row in order, with or without the names of their columns.
struct Cells<'a, 'de, R> {
    row: &'a R,
    columns: &'a [Column],
    at: usize,
    lends: PhantomData<&'de ()>,
}

impl<'de, R: AnyRow<'de>> Cells<'_, 'de, R> {
    fn next<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Failure> {
        let index = self.at;
        self.at += 1;
        let value = ValueDeserializer(self.row.value(index)?);
        seed.deserialize(value).map_err(|failure| in_column(failure, self.columns, index))
    }
}

impl<'de, R: AnyRow<'de>> MapAccess<'de> for Cells<'_, 'de, R> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Failure> {
        let Some(column) = self.columns.get(self.at) else { return Ok(None) };
        seed.deserialize(column.name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Failure> {
        self.next(seed)
    }
}

impl<'de, R: AnyRow<'de>> SeqAccess<'de> for Cells<'_, 'de, R> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Failure> {
        if self.at == self.row.width() { Ok(None) } else { self.next(seed).map(Some) }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.row.width() - self.at)
    }
}
