//! When two values are the same.

use aludel::Value;

/// True for the same kind of value with the same contents, floats bit by bit, save that every NaN is
/// the same.
pub(crate) fn identical(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::F64(left), Value::F64(right)) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        (Value::F32(left), Value::F32(right)) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        _ => left == right,
    }
}

/// True also for the same number in another kind: what `count(*)` or a literal is called differs
/// between databases, and is the business of the cases about types alone.
pub(crate) fn alike(left: &Value, right: &Value) -> bool {
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => left == right,
        (None, None) => match (float(left), float(right)) {
            (Some(left), Some(right)) => left.to_bits() == right.to_bits(),
            _ => identical(left, right),
        },
        _ => false,
    }
}

/// True when rows are alike, value by value.
pub(crate) fn rows_alike(left: &[Vec<Value>], right: &[Vec<Value>]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| row_alike(left, right))
}

/// True when the values of two rows are alike.
pub(crate) fn row_alike(left: &[Value], right: &[Value]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
}

/// A whole number, whatever kind it comes as.
pub(crate) fn whole(value: &Value) -> Option<i128> {
    match value {
        Value::I64(number) => Some(i128::from(*number)),
        Value::U64(number) => Some(i128::from(*number)),
        Value::I128(number) => Some(*number),
        Value::U128(number) => i128::try_from(*number).ok(),
        Value::Decimal(text) => text.parse().ok(),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    match value {
        Value::F64(number) => Some(*number),
        Value::F32(number) => Some(f64::from(*number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeroes_of_different_sign_differ_and_all_nans_are_one() {
        assert!(!identical(&Value::F64(0.0), &Value::F64(-0.0)));
        assert!(identical(&Value::F64(f64::NAN), &Value::F64(-f64::NAN)));
        assert!(!identical(&Value::I64(1), &Value::U64(1)));
    }

    #[test]
    fn a_number_is_alike_in_every_kind_but_not_to_text_or_null() {
        assert!(alike(&Value::I64(3), &Value::U64(3)));
        assert!(alike(&Value::I64(3), &Value::Decimal("3".into())));
        assert!(!alike(&Value::I64(3), &Value::I64(4)));
        assert!(!alike(&Value::I64(3), &Value::Text("3".into())));
        assert!(!alike(&Value::Text(String::new()), &Value::Null));
        assert!(alike(&Value::Null, &Value::Null));
        assert!(!rows_alike(&[vec![Value::Null]], &[]));
    }
}
