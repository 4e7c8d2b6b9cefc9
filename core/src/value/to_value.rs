//! From a Rust type to a borrowed value, for parameters.

use super::{
    Array, ArrayRef, ConversionError, Date, Decimal, Interval, Scratch, Time, Timestamp,
    TimestampTz, Uuid, Value, ValueRef,
};

/// A type that can be sent as a parameter.
///
/// What the type holds is borrowed, not copied. What it does not hold, such as the text form of a
/// number, is made in the [`Scratch`]; scalars have no use for it and allocate nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as a parameter",
    label = "not a value",
    note = "write `#[derive(aludel::ToValue)]` on it, send it as `aludel::value::Json`, or turn on \
            the feature of `aludel` for the crate that it comes from"
)]
pub trait ToValue {
    /// The value to send.
    ///
    /// # Errors
    /// When no value says the same; nothing is rounded, cut or left out in silence.
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError>;

    /// What a list of this type is: an array, but bytes for `u8`. Not for implementing.
    ///
    /// # Errors
    /// Those of the elements.
    #[doc(hidden)]
    fn slice_to_value<'v>(
        slice: &'v [Self],
        scratch: &'v Scratch,
    ) -> Result<ValueRef<'v>, ConversionError>
    where
        Self: Sized,
    {
        let elements = slice.iter().map(|element| element.to_value(scratch));
        scratch.array(elements).map(ValueRef::Array)
    }
}

macro_rules! to_value {
    ($($ty:ty => |$value:ident| $expr:expr),* $(,)?) => {$(
        impl ToValue for $ty {
            #[inline]
            fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
                let $value = self;
                Ok($expr)
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
    u16 => |v| ValueRef::U64(u64::from(*v)),
    u32 => |v| ValueRef::U64(u64::from(*v)),
    u64 => |v| ValueRef::U64(*v),
    usize => |v| ValueRef::U64(*v as u64),
    u128 => |v| ValueRef::U128(*v),
    f32 => |v| ValueRef::F32(*v),
    f64 => |v| ValueRef::F64(*v),
    str => |v| ValueRef::Text(v),
    String => |v| ValueRef::Text(v),
    Date => |v| ValueRef::Date(*v),
    Time => |v| ValueRef::Time(*v),
    Timestamp => |v| ValueRef::Timestamp(*v),
    TimestampTz => |v| ValueRef::TimestampTz(*v),
    Interval => |v| ValueRef::Interval(*v),
    Uuid => |v| ValueRef::Uuid(*v),
    Decimal => |v| ValueRef::Decimal(v.as_str()),
    Array => |v| ValueRef::Array(ArrayRef::from(v)),
    Value => |v| v.as_ref(),
    ValueRef<'_> => |v| *v,
    () => |_v| ValueRef::Null,
}

impl ToValue for u8 {
    #[inline]
    fn to_value<'v>(&'v self, _: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        Ok(ValueRef::U64(u64::from(*self)))
    }

    #[inline]
    fn slice_to_value<'v>(
        slice: &'v [Self],
        _: &'v Scratch,
    ) -> Result<ValueRef<'v>, ConversionError> {
        Ok(ValueRef::Bytes(slice))
    }
}

impl<T: ToValue> ToValue for Option<T> {
    #[inline]
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        match self {
            Some(value) => value.to_value(scratch),
            None => Ok(ValueRef::Null),
        }
    }
}

impl Value {
    /// The value that a parameter of this type is, owned.
    ///
    /// ```
    /// use aludel::Value;
    ///
    /// assert_eq!(Value::of("a")?, Value::Text("a".into()));
    /// assert_eq!(Value::of(&None::<i64>)?, Value::Null);
    /// # Ok::<(), aludel::value::ConversionError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the type.
    pub fn of<T: ToValue + ?Sized>(value: &T) -> Result<Value, ConversionError> {
        value.to_value(&Scratch::new()).map(|value| value.to_owned())
    }
}
