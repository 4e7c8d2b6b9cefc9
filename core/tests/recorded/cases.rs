//! The cases recorded from SQLAlchemy, and tests for those in which we differ.

use serde_json::Value as Json;

/// The cases of a record.
pub(crate) fn cases(record: &str) -> Vec<Json> {
    let path = format!("{}/../tests/cases/{record}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the record is there");
    let mut record: Json = serde_json::from_str(&text).expect("the record is JSON");
    match record["cases"].take() {
        Json::Array(cases) => cases,
        other => panic!("`cases` is a list, not {other}"),
    }
}
