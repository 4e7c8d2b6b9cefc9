//! Values of each kind that have bitten drivers: limits, signs, zeroes, empties, what needs escapes.

use aludel::Value;
use aludel::dbapi::TypeKind;
use aludel::value::{Date, Time, Timestamp, TimestampTz, Uuid};

/// The values of a kind that every database is tried with; none for kinds that have no neutral ones.
pub(super) fn of(kind: TypeKind) -> Vec<Value> {
    match kind {
        TypeKind::Boolean => vec![true.into(), false.into(), Value::Null],
        TypeKind::TinyInteger => integers(&[0, -1, 127, -128]),
        TypeKind::SmallInteger => integers(&[0, -1, 32_767, -32_768]),
        TypeKind::Integer => integers(&[0, -1, i64::from(i32::MAX), i64::from(i32::MIN)]),
        TypeKind::BigInteger => integers(&[
            0,
            -1,
            i64::from(i32::MAX) + 1,
            i64::from(u32::MAX) + 1,
            9_007_199_254_740_993, // beyond what a float holds exactly
            i64::MAX,
            i64::MIN,
        ]),
        TypeKind::Real => floats(&[0.0, 0.5, -1.5, 16_777_216.0]),
        TypeKind::Double => floats(&[
            0.0,
            -0.0,
            0.1,
            1.0 / 3.0,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            5e-324,
            9_007_199_254_740_992.0,
        ]),
        TypeKind::Numeric => decimals(&["0.0000", "12.3400", "-0.0001", "9999999999.9999"]),
        TypeKind::Varchar | TypeKind::Text => texts(),
        TypeKind::Varbinary | TypeKind::Blob => blobs(),
        TypeKind::Date => parsed::<Date>(&["1970-01-01", "2024-02-29", "0001-01-01", "9999-12-31"]),
        TypeKind::Time => parsed::<Time>(&["00:00:00", "12:30:00.000001", "23:59:59.999999"]),
        TypeKind::Timestamp => parsed::<Timestamp>(&[
            "1970-01-01 00:00:00",
            "1969-12-31 23:59:59.999999",
            "2024-02-29 12:30:00.5",
            "9999-12-31 23:59:59.999999",
        ]),
        TypeKind::TimestampTz => parsed::<TimestampTz>(&[
            "1970-01-01 00:00:00+00:00",
            "2024-02-29 12:30:00+02:00",
            "2024-02-29 23:59:59.999999-11:30",
        ]),
        TypeKind::Uuid => parsed::<Uuid>(&[
            "00000000-0000-0000-0000-000000000000",
            "67e55044-10b1-426f-9247-bb680e5fe0c8",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ]),
        TypeKind::Json => jsons(&["null", "{\"a\": [1, 2.5, \"x\"]}", "\"ů\"", "[]"]),
        _ => Vec::new(),
    }
}

fn integers(numbers: &[i64]) -> Vec<Value> {
    with_null(numbers.iter().map(|number| Value::I64(*number)))
}

fn floats(numbers: &[f64]) -> Vec<Value> {
    with_null(numbers.iter().map(|number| Value::F64(*number)))
}

pub(super) fn decimals(numbers: &[&str]) -> Vec<Value> {
    with_null(numbers.iter().map(|number| Value::Decimal((*number).into())))
}

fn jsons(documents: &[&str]) -> Vec<Value> {
    with_null(documents.iter().map(|document| Value::Json((*document).into())))
}

fn texts() -> Vec<Value> {
    with_null(
        [
            "",
            " ",
            "a",
            " spaces around ",
            "it's \"quoted\" `twice` [x]",
            "back\\slash \\' \\0 \\n",
            "line\nbreak\r\ntab\t",
            "100 % %s %(x)s ? :x $1 @x ; --",
            "příliš žluťoučký kůň 🐎 e\u{301} \u{200b}\u{feff}",
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
             0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\
             longer than a short text",
        ]
        .into_iter()
        .map(Value::from),
    )
}

fn blobs() -> Vec<Value> {
    let every: Vec<u8> = (0..=255).collect();
    with_null([vec![], vec![0], vec![0, 255, 0, 39, 92], every].into_iter().map(Value::Bytes))
}

fn parsed<T: std::str::FromStr<Err = aludel::Error> + Into<Value>>(texts: &[&str]) -> Vec<Value> {
    with_null(texts.iter().map(|text| {
        text.parse::<T>().expect("invariant: samples are well formed; a test reads them").into()
    }))
}

fn with_null(values: impl Iterator<Item = Value>) -> Vec<Value> {
    values.chain([Value::Null]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_with_samples_has_null_among_them() {
        let kinds = (0..=31).map(TypeKind::from_code);
        let with_samples = kinds.filter(|kind| !of(*kind).is_empty());
        let count = with_samples.inspect(|kind| assert!(of(*kind).contains(&Value::Null))).count();
        assert_eq!(count, 18);
    }
}
