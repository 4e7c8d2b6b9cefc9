//! JSON by `serde_json`: whatever serde knows, and `serde_json::Value`.

use serde_core::{Deserialize, Serialize};

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

/// A value that is sent and read as JSON.
///
/// ```
/// # fn main() -> aludel::Result<()> {
/// # aludel::register(aludel_dialect_sqlite::dialect())?;
/// use aludel::value::Json;
/// use std::collections::BTreeMap;
///
/// let engine = aludel::create_engine("sqlite:///:memory:")?;
/// let tags = BTreeMap::from([("colour", "red")]);
/// let Json(colour): Json<String> =
///     engine.execute("select ? -> 'colour'", (Json(tags),))?.scalar()?;
/// assert_eq!(colour, "red");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Json<T: ?Sized>(pub T);

/// Appends what serde_json writes, which is UTF-8, to text.
struct Appender<'t>(&'t mut String);

impl std::io::Write for Appender<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = str::from_utf8(bytes).map_err(std::io::Error::other)?;
        self.0.push_str(text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn write<'v, T: Serialize + ?Sized>(
    value: &T,
    scratch: &'v Scratch,
) -> Result<ValueRef<'v>, ConversionError> {
    scratch
        .make(|text| serde_json::to_writer(Appender(text), value))
        .map(ValueRef::Json)
        .map_err(|error| ConversionError::unsendable("Json", error))
}

fn read<'a, T: Deserialize<'a>>(
    value: ValueRef<'a>,
    wanted: &'static str,
) -> Result<T, ConversionError> {
    match value {
        ValueRef::Json(text) | ValueRef::Text(text) => serde_json::from_str(text)
            .map_err(|error| ConversionError::because(wanted, value.kind_name(), error)),
        ValueRef::Null => Err(ConversionError::null(wanted)),
        other => Err(ConversionError::wrong_type(wanted, other.kind_name())),
    }
}

impl<T: Serialize + ?Sized> ToValue for Json<T> {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        write(&self.0, scratch)
    }
}

/// From JSON and from text, which is what databases without a JSON type hold. Text in it may be
/// borrowed from the row.
impl<'a, T: Deserialize<'a>> FromValue<'a> for Json<T> {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        read(value, "Json").map(Json)
    }
}

impl ToValue for serde_json::Value {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        write(self, scratch)
    }
}

/// From JSON and from text. SQL's NULL is not JSON's `null`: it goes into `Option`.
impl<'a> FromValue<'a> for serde_json::Value {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        read(value, "serde_json::Value")
    }
}
