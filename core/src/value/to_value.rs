//! From a Rust type to a borrowed value, for parameters.

use super::{
    Array, ArrayRef, Date, Decimal, Interval, Time, Timestamp, TimestampTz, Uuid, Value, ValueRef,
};

/// A type that can be sent as a parameter. Nothing is copied: the parameter borrows.
pub trait ToValue {
    /// The value to send.
    fn to_value(&self) -> ValueRef<'_>;
}

macro_rules! to_value {
    ($($ty:ty => |$value:ident| $expr:expr),* $(,)?) => {$(
        impl ToValue for $ty {
            #[inline]
            fn to_value(&self) -> ValueRef<'_> {
                let $value = self;
                $expr
            }
        }
    )*};
}

to_value! {
    bool => |v| ValueRef::Bool(*v),
    i8 => |v| ValueRef::I64(i64::from(*v)),
    i16 => |v| ValueRef::I64(i64::from(*v)),
    i32 => |v| ValueRef::I64(i64::from(*v)),
    i64 => |v| ValueRef::I64(*v),
    isize => |v| ValueRef::I64(*v as i64),
    i128 => |v| ValueRef::I128(*v),
    u8 => |v| ValueRef::U64(u64::from(*v)),
    u16 => |v| ValueRef::U64(u64::from(*v)),
    u32 => |v| ValueRef::U64(u64::from(*v)),
    u64 => |v| ValueRef::U64(*v),
    usize => |v| ValueRef::U64(*v as u64),
    u128 => |v| ValueRef::U128(*v),
    f32 => |v| ValueRef::F32(*v),
    f64 => |v| ValueRef::F64(*v),
    str => |v| ValueRef::Text(v),
    String => |v| ValueRef::Text(v),
    [u8] => |v| ValueRef::Bytes(v),
    Vec<u8> => |v| ValueRef::Bytes(v),
    Date => |v| ValueRef::Date(*v),
    Time => |v| ValueRef::Time(*v),
    Timestamp => |v| ValueRef::Timestamp(*v),
    TimestampTz => |v| ValueRef::TimestampTz(*v),
    Interval => |v| ValueRef::Interval(*v),
    Uuid => |v| ValueRef::Uuid(*v),
    Decimal => |v| ValueRef::Decimal(v.as_str()),
    Array => |v| ValueRef::Array(ArrayRef::from(v)),
    Value => |v| v.as_ref(),
    () => |_v| ValueRef::Null,
}

impl ToValue for ValueRef<'_> {
    fn to_value(&self) -> ValueRef<'_> {
        *self
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Bytes(self)
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    #[inline]
    fn to_value(&self) -> ValueRef<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    #[inline]
    fn to_value(&self) -> ValueRef<'_> {
        self.as_ref().map_or(ValueRef::Null, ToValue::to_value)
    }
}

impl ToValue for std::borrow::Cow<'_, str> {
    fn to_value(&self) -> ValueRef<'_> {
        ValueRef::Text(self)
    }
}
