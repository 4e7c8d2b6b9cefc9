//! Conversions for the crate `uuid`.

use ::uuid::Uuid;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

impl ToValue for Uuid {
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        Ok(ValueRef::Uuid(super::Uuid(self.into_bytes())))
    }
}

/// From UUIDs, text and 16 bytes.
impl<'a> FromValue<'a> for Uuid {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        super::Uuid::from_value(value).map(|uuid| Uuid::from_bytes(uuid.0))
    }
}
