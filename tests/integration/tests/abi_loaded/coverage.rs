//! Nothing of the interface is left out of the checks.
//!
//! After all of them, every entry of every table was called, and every kind of value went each way,
//! across the boundary of the loaded plugin.

use std::collections::BTreeSet;

use aludel::Value;
use aludel::abi::constants::tag;
use aludel::abi::tables::{CancelVt, ConnectionVt, DialectVt, StatementVt};
use aludel::dialect::Capability;
use aludel_tests::checks::calls::CALLS;
use aludel_tests::checks::panics::APART;
use aludel_tests::checks::{EVERYTHING, REQUIRED};
use aludel_tests::subject::query;

use crate::everything::subject;

#[test]
fn every_entry_is_called_and_every_kind_of_value_crosses_both_ways() {
    let subject = subject();
    for (_, check) in REQUIRED.iter().chain(EVERYTHING) {
        check(&subject);
    }
    let seen = query(&mut subject.connect(), "coverage").unwrap();
    let names = |group: &str| -> BTreeSet<String> {
        let name = |row: &Vec<Value>| match &row[..] {
            [Value::Text(known), Value::Text(name)] if known == group => Some(name.clone()),
            _ => None,
        };
        seen.iter().filter_map(name).collect()
    };

    let tables = [DialectVt::LAYOUT, ConnectionVt::LAYOUT, StatementVt::LAYOUT, CancelVt::LAYOUT];
    let entries: BTreeSet<String> = tables
        .iter()
        .flat_map(|table| {
            table.entries.iter().map(|entry| format!("{}.{}", table.name, entry.name))
        })
        .collect();
    assert_eq!(names("entry"), entries);
    let called = CALLS.iter().map(|(entry, _)| *entry);
    let panics: BTreeSet<String> = called.chain(APART).map(str::to_owned).collect();
    assert_eq!(panics, entries, "every entry is made to panic");

    let tags: BTreeSet<String> = tag::ALL.iter().map(|tag| tag.name.to_owned()).collect();
    assert_eq!(names("received"), tags);
    assert_eq!(names("sent"), tags);
    let lent = ["BYTES", "DECIMAL", "JSON", "OTHER", "TEXT"];
    assert_eq!(names("lent"), lent.map(str::to_owned).into());
}

#[test]
fn the_note_declares_every_capability() {
    let info = subject().dialect.info();
    assert_eq!(info.capabilities, Capability::ALL);
    assert_eq!(info, aludel_test_everything::info());
}
