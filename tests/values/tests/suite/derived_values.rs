//! `#[derive(ToValue, FromValue)]`.

use aludel::{FromValue, ToValue, Value};
use aludel_tests_values::{refused, selected, stored, through};

#[derive(ToValue, FromValue, Debug, PartialEq)]
struct TrackId(i64);

#[derive(ToValue, FromValue, Debug, PartialEq)]
struct Name<'a> {
    text: &'a str,
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
struct Wrapper<T>(T);

#[test]
fn a_struct_of_one_field_is_what_the_field_is() -> aludel::Result<()> {
    assert_eq!(stored(TrackId(5)), ("5".into(), "integer".into()));
    assert_eq!(through::<_, TrackId>(TrackId(5))?, TrackId(5));
    assert_eq!(through::<_, Option<TrackId>>(None::<TrackId>)?, None);
    assert_eq!(through::<_, Wrapper<String>>(Wrapper("a"))?, Wrapper("a".to_owned()));
    let value = Value::of(&Name { text: "a" }).expect("a text");
    assert_eq!(Name::from_value(value.as_ref()), Ok(Name { text: "a" }));
    assert!(refused::<TrackId>("'x'").contains("wanted TrackId, found text"));
    assert!(refused::<TrackId>("null").contains("ask for Option<TrackId>"));
    let list = Value::of(&vec![TrackId(1), TrackId(2)]).expect("a list");
    assert_eq!(Vec::<TrackId>::from_value(list.as_ref()), Ok(vec![TrackId(1), TrackId(2)]));
    Ok(())
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(rename_all = "kebab-case")]
enum Status {
    InStock,
    #[aludel(rename = "gone {0}")]
    SoldOut,
}

#[test]
fn an_enum_is_the_text_of_its_variant() -> aludel::Result<()> {
    assert_eq!(stored(Status::InStock), ("in-stock".into(), "text".into()));
    for status in [Status::InStock, Status::SoldOut] {
        assert_eq!(through::<_, Status>(&status)?, status);
    }
    assert_eq!(selected::<Status>("'gone {0}'")?, Status::SoldOut);
    let error = "wanted Status, found text: \"in stock\" is none of in-stock, gone {0}";
    assert!(refused::<Status>("'in stock'").contains(error));
    assert!(refused::<Status>("1").contains("wanted Status, found i64"));
    let other = Value::Other { type_name: "status".into(), text: "in-stock".into() };
    assert_eq!(Status::from_value(other.as_ref()), Ok(Status::InStock));
    Ok(())
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(repr = "i16")]
enum Level {
    Low = -1,
    Middle,
    High = 100,
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(repr = "u64")]
#[repr(u64)]
enum Huge {
    All = u64::MAX,
}

#[test]
fn with_repr_an_enum_is_the_number_of_its_variant() -> aludel::Result<()> {
    assert_eq!(stored(Level::Low), ("-1".into(), "integer".into()));
    for level in [Level::Low, Level::Middle, Level::High] {
        assert_eq!(through::<_, Level>(&level)?, level);
    }
    assert!(
        refused::<Level>("1").contains("wanted Level, found i64: 1 is the number of no variant")
    );
    assert!(refused::<Level>("100000").contains("wanted Level, found i64 out of its range"));
    assert!(refused::<Level>("'Low'").contains("wanted Level, found text"));
    assert_eq!(Value::of(&Huge::All), Ok(Value::U64(u64::MAX)));
    assert_eq!(Huge::from_value(Value::U64(u64::MAX).as_ref()), Ok(Huge::All));
    Ok(())
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(try_from = "String")]
struct Email(String);

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.contains('@') { Ok(Email(text)) } else { Err("it has no @") }
    }
}

#[test]
fn a_type_may_check_what_it_is_made_from() -> aludel::Result<()> {
    assert_eq!(through::<_, Email>("a@b")?, Email("a@b".into()));
    assert_eq!(stored(Email("a@b".into())).0, "a@b");
    assert!(refused::<Email>("'ab'").contains("wanted Email, found text: it has no @"));
    assert!(refused::<Email>("1").contains("wanted Email, found i64"));
    Ok(())
}

mod elsewhere {
    pub(super) use aludel as renamed;
}

#[derive(ToValue, FromValue, Debug, PartialEq)]
#[aludel(crate = "elsewhere::renamed")]
struct Renamed(bool);

#[test]
fn the_crate_may_have_another_name() -> aludel::Result<()> {
    assert_eq!(through::<_, Renamed>(Renamed(true))?, Renamed(true));
    Ok(())
}
