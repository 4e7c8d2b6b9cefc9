//! Panics of a loaded plugin: the message says where in its source they happened.

use aludel_tests::subject::query;

use crate::everything::subject;

#[test]
fn a_panic_of_a_plugin_names_its_place() {
    let mut connection = subject().connect();
    query(&mut connection, "panic in ConnectionVt.commit").unwrap();
    let error = connection.commit(aludel::abi::host::Limits::NONE).unwrap_err();
    let (text, place) = error.message().rsplit_once(" (").unwrap();
    assert_eq!(text, "panicked in commit(): asked to panic in ConnectionVt.commit");
    let (file, line) = place.trim_end_matches(')').rsplit_once(':').unwrap();
    assert!(file.ends_with("src/probe.rs"), "{file}");
    assert!(line.parse::<u32>().unwrap() > 0);
}
