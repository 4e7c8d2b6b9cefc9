//! The crates `rust_decimal` and `bigdecimal`.

use aludel::{FromValue, Value};
use aludel_tests_values::{refused, selected, stored, through};
use bigdecimal::BigDecimal;
use rust_decimal::Decimal;

#[test]
fn decimals_keep_their_digits() -> aludel::Result<()> {
    for text in
        ["0", "0.00", "12.50", "-0.000000000000000000000000001", "79228162514264337593543950335"]
    {
        let decimal: Decimal = text.parse().expect("a decimal");
        assert_eq!(stored(decimal), (text.to_owned(), "text".to_owned()));
        assert_eq!(through::<_, Decimal>(decimal)?.to_string(), text);
        let decimal: BigDecimal = text.parse().expect("a decimal");
        assert_eq!(stored(&decimal), (text.to_owned(), "text".to_owned()));
        assert_eq!(through::<_, BigDecimal>(decimal.clone())?, decimal);
    }
    assert_eq!(selected::<Decimal>("9223372036854775807")?, Decimal::from(i64::MAX));
    assert_eq!(selected::<Option<BigDecimal>>("null")?, None);
    Ok(())
}

#[test]
fn exponents_are_read_where_no_digit_is_lost() {
    let read = |text: &str| Decimal::from_value(Value::Decimal(text.into()).as_ref());
    for (text, digits) in [
        ("1.5e3", "1500"),
        ("1500e-3", "1.500"),
        ("-2E2", "-200"),
        ("1e28", "1e28"),
        ("0e-28", "0"),
    ] {
        let expected = Decimal::from_scientific(digits).or_else(|_| digits.parse());
        assert_eq!(read(text).expect(text), expected.expect(digits), "{text}");
    }
    for text in ["1e29", "1e-29", "1e99999999999", "1e", "e5"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn what_a_decimal_cannot_hold_is_refused() {
    for text in
        ["NaN", "Infinity", "79228162514264337593543950336", "0.00000000000000000000000000001"]
    {
        let value = Value::Decimal(text.into());
        let error = Decimal::from_value(value.as_ref()).expect_err(text).to_string();
        assert!(error.starts_with("wanted rust_decimal::Decimal, found decimal: "), "{error}");
    }
    assert!(BigDecimal::from_value(Value::Decimal("NaN".into()).as_ref()).is_err());
    assert!(refused::<Decimal>("1.5").contains("wanted rust_decimal::Decimal, found f64"));
    assert!(refused::<BigDecimal>("'x'").contains("wanted BigDecimal, found text: "));
    assert!(Decimal::from_value(Value::U128(u128::MAX).as_ref()).is_err());
}
