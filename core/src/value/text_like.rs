//! Characters and network addresses, which databases hold as text.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

impl ToValue for char {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        scratch.text(self).map(ValueRef::Text)
    }
}

/// From text of exactly one character.
impl<'a> FromValue<'a> for char {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let text = <&str>::from_value(value).map_err(|error| error.for_type("char"))?;
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            (first, _) => {
                let reason = if first.is_none() { "it is empty" } else { "it is longer than one" };
                Err(ConversionError::because("char", value.kind_name(), reason))
            }
        }
    }
}

macro_rules! addresses {
    ($($ty:ident / $bits:literal),*) => {$(
        impl ToValue for $ty {
            fn to_value<'v>(
                &'v self,
                scratch: &'v Scratch,
            ) -> Result<ValueRef<'v>, ConversionError> {
                scratch.text(self).map(ValueRef::Text)
            }
        }

        /// From text, or from an address type of the database; a network of several addresses is
        /// refused.
        impl<'a> FromValue<'a> for $ty {
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                const NAME: &str = stringify!($ty);
                let text = <&str>::from_value(value).map_err(|error| error.for_type(NAME))?;
                // PostgreSQL's cidr writes the length of the network always.
                let address = text.strip_suffix($bits).unwrap_or(text);
                address.parse().map_err(|_| ConversionError::malformed(NAME, value.kind_name()))
            }
        }
    )*};
}

addresses!(Ipv4Addr / "/32", Ipv6Addr / "/128");

impl ToValue for IpAddr {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        scratch.text(self).map(ValueRef::Text)
    }
}

/// As the addresses of each version.
impl<'a> FromValue<'a> for IpAddr {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        Ipv4Addr::from_value(value)
            .map(IpAddr::V4)
            .or_else(|_| Ipv6Addr::from_value(value).map(IpAddr::V6))
            .map_err(|error| error.for_type("IpAddr"))
    }
}
