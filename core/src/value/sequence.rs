//! Lists as arrays of one dimension, and lists of `u8` as bytes.

use std::rc::Rc;
use std::sync::Arc;

use super::{ConversionError, FromValue, Scratch, ToValue, ValueRef};

impl<T: ToValue> ToValue for [T] {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        T::slice_to_value(self, scratch)
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        T::slice_to_value(self, scratch)
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value<'v>(&'v self, scratch: &'v Scratch) -> Result<ValueRef<'v>, ConversionError> {
        T::slice_to_value(self, scratch)
    }
}

/// The elements of an array of at most one dimension. Its lower bound is not told: places in a
/// list are counted from 0.
pub(super) fn elements<'a, T: FromValue<'a>>(
    value: ValueRef<'a>,
) -> Result<Vec<T>, ConversionError> {
    let array = match value {
        ValueRef::Array(array) => array,
        ValueRef::Null => return Err(ConversionError::null("Vec<_>")),
        other => return Err(ConversionError::wrong_type("Vec<_>", other.kind_name())),
    };
    let dimensions = array.dimension_count();
    if dimensions > 1 {
        let reason = format_args!("it has {dimensions} dimensions, and `Array` holds any number");
        return Err(ConversionError::because("Vec<_>", "array", reason));
    }
    let convert = |index| T::from_value(array.get(index)).map_err(|e| e.at_element(index));
    (0..array.len()).map(convert).collect()
}

impl<'a, T: FromValue<'a>> FromValue<'a> for Vec<T> {
    #[inline]
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        T::vec_from_value(value)
    }
}

macro_rules! boxed {
    ($($ty:ident),*) => {$(
        impl<'a, T: FromValue<'a>> FromValue<'a> for $ty<[T]> {
            fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
                T::vec_from_value(value).map(Into::into)
            }
        }
    )*};
}

boxed!(Box, Rc, Arc);

impl<'a, T: FromValue<'a>, const N: usize> FromValue<'a> for [T; N] {
    fn from_value(value: ValueRef<'a>) -> Result<Self, ConversionError> {
        let kind = value.kind_name();
        T::vec_from_value(value)?.try_into().map_err(|list: Vec<T>| {
            let reason = format_args!("it has {} elements, not {N}", list.len());
            ConversionError::because("[_; N]", kind, reason)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{Array, Dimension, FromValue, Value, ValueRef};

    fn read<T: for<'a> FromValue<'a>>(value: &Value) -> Result<T, String> {
        T::from_value(value.as_ref()).map_err(|error| error.to_string())
    }

    #[test]
    fn lists_are_arrays_and_lists_of_bytes_are_bytes() {
        let numbers = Value::Array(Array::from_iter([1_i64, 2, 3]));
        assert_eq!(Value::of(&vec![1, 2, 3]), Ok(numbers.clone()));
        assert_eq!(Value::of(&[1_i16, 2, 3]), Ok(numbers.clone()));
        assert_eq!(Value::of(&[1, 2, 3][..]), Ok(numbers.clone()));
        assert_eq!(Value::of(&vec![1_u8, 2]), Ok(Value::Bytes(vec![1, 2])));
        assert_eq!(Value::of(b"ab"), Ok(Value::Bytes(b"ab".to_vec())));
        let bytes = Value::Array(Array::from_iter([&b"a"[..], &b"b"[..]]));
        assert_eq!(Value::of(&[b"a", b"b"]), Ok(bytes));
        assert_eq!(read::<Vec<i64>>(&numbers), Ok(vec![1, 2, 3]));
        assert_eq!(read::<[i8; 3]>(&numbers), Ok([1, 2, 3]));
        assert_eq!(read::<Vec<u8>>(&Value::Bytes(vec![1, 2])), Ok(vec![1, 2]));
        assert_eq!(read::<[u8; 2]>(&Value::Bytes(vec![1, 2])), Ok([1, 2]));
    }

    #[test]
    fn lists_may_hold_anything_that_is_a_value() {
        let list = vec![Some("a".to_owned()), None];
        let value = Value::of(&list).expect("texts");
        assert_eq!(read::<Vec<Option<String>>>(&value), Ok(list));
        let pairs = Value::of(&[[1, 2], [3, 4]]).expect("numbers");
        assert_eq!(read::<Vec<[i32; 2]>>(&pairs), Ok(vec![[1, 2], [3, 4]]));
    }

    #[test]
    fn text_of_elements_is_borrowed() {
        let value = Value::of(&["a", "b"]).expect("texts");
        let ValueRef::Array(array) = value.as_ref() else { panic!("an array") };
        assert_eq!(Vec::<&str>::from_value(ValueRef::Array(array)), Ok(vec!["a", "b"]));
    }

    #[test]
    fn what_a_list_cannot_hold_is_refused() {
        let nulls = Value::of(&[Some(1), None]).expect("numbers");
        assert_eq!(read::<Vec<i64>>(&nulls), Err("element 1: wanted i64, found NULL".into()));
        let pairs = Value::of(&[vec![1, 2], vec![3, 400]]).expect("numbers");
        let error = "element 1.1: wanted u8, found i64 out of its range";
        assert_eq!(read::<Vec<Vec<Option<u8>>>>(&pairs), Err(error.into()));
        assert_eq!(
            read::<[i64; 2]>(&Value::of(&[1, 2, 3]).expect("numbers")),
            Err("wanted [_; N], found array: it has 3 elements, not 2".into())
        );
        assert_eq!(read::<Vec<i64>>(&Value::I64(1)), Err("wanted Vec<_>, found i64".into()));
        let line = Dimension { len: 2, lower_bound: 1 };
        let square = Array::with_dimensions(vec![line; 2], vec![Value::Null; 4]).expect("four");
        let error = "wanted Vec<_>, found array: it has 2 dimensions, and `Array` holds any number";
        assert_eq!(read::<Vec<Option<i64>>>(&Value::Array(square)), Err(error.into()));
        let empty = Array::with_dimensions(vec![], vec![]).expect("none");
        assert_eq!(read::<Vec<i64>>(&Value::Array(empty)), Ok(vec![]));
    }
}
