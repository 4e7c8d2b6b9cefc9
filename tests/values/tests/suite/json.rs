//! JSON by serde.

use std::collections::BTreeMap;

use aludel::value::Json;
use aludel::{FromValue, Value};
use aludel_tests_values::{refused, selected, stored, through};
use serde::{Deserialize, Serialize};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Track {
    name: String,
    seconds: Option<u32>,
}

#[test]
fn whatever_serde_knows_goes_in_and_comes_out() -> aludel::Result<()> {
    let track = || Track { name: "ř \"x\"".into(), seconds: None };
    assert_eq!(stored(Json(track())).0, r#"{"name":"ř \"x\"","seconds":null}"#);
    assert_eq!(through::<_, Json<Track>>(Json(track()))?.0, track());
    let value = serde_json::json!({ "a": [1, null, "x"] });
    assert_eq!(through::<_, serde_json::Value>(&value)?, value);
    assert_eq!(Value::of(&value), Ok(Value::Json(value.to_string())));
    assert_eq!(selected::<Option<Json<Track>>>("null")?, None);
    assert_eq!(selected::<Json<Option<i32>>>("'null'")?, Json(None));
    Ok(())
}

#[test]
fn text_in_json_is_borrowed() {
    let value = Value::Json(r#"{"a":"b"}"#.into());
    let Json(map) = Json::<BTreeMap<&str, &str>>::from_value(value.as_ref()).expect("a map");
    assert_eq!(map["a"], "b");
}

#[test]
fn json_that_does_not_fit_says_where() {
    let error = "wanted Json, found text: missing field `name` at line 1 column 2";
    assert!(refused::<Json<Track>>("'{}'").contains(error));
    assert!(
        refused::<serde_json::Value>("'{'").contains("wanted serde_json::Value, found text: EOF")
    );
    assert!(refused::<serde_json::Value>("1").contains("wanted serde_json::Value, found i64"));
    assert!(refused::<Json<Track>>("null").contains("ask for Option<Json>"));
}

#[test]
fn what_has_no_json_is_not_sent() {
    let map = BTreeMap::from([((1, 2), 3)]);
    let error = through::<_, Value>(Json(&map)).expect_err("keys are text");
    let line = "ConversionError: parameter 1: a value of Json cannot be sent: key must be a string";
    assert_eq!(error.to_string().lines().next(), Some(line));
}
