//! SQL text: binds are found by any dialect's rules, and nothing outside a bind is changed.

use aludel::Value;
use aludel::dialect::{EmptyIn, ParamStyle, SqlRules};
use aludel::text::text as sql_text;
use aludel::value::Array;

/// Checks a text as SQL under the rules of several dialects.
///
/// # Panics
/// When what must hold does not.
pub fn text(data: &[u8]) {
    let Ok(sql) = std::str::from_utf8(data) else { return };
    for rules in dialects() {
        check(sql, rules);
    }
}

/// The rules of standard SQL, PostgreSQL, MySQL and SQLite, as far as they matter here.
fn dialects() -> [SqlRules; 4] {
    let mut postgresql = SqlRules::STANDARD;
    postgresql.escape_strings = true;
    postgresql.dollar_quotes = true;
    postgresql.nested_comments = true;
    postgresql.empty_in = EmptyIn::Any;
    let mut mysql = SqlRules::STANDARD;
    mysql.backslash_escapes = true;
    mysql.hash_comments = true;
    mysql.backtick_quotes = true;
    mysql.double_quoted_strings = true;
    let mut sqlite = SqlRules::STANDARD;
    sqlite.backtick_quotes = true;
    sqlite.bracket_quotes = true;
    sqlite.empty_in = EmptyIn::Parentheses;
    sqlite.tuple_in_values = true;
    [SqlRules::STANDARD, postgresql, mysql, sqlite]
}

fn check(sql: &str, mut rules: SqlRules) {
    rules.paramstyle = ParamStyle::Named;
    let compiled = sql_text(sql).compile(&rules);
    let names: Vec<&str> = compiled.names().collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!name.is_empty() && !names[..index].contains(name), "{name:?} of {sql:?}");
    }
    // Each bind after IN is a list of one element; the others do not look at their values.
    let list = Value::Array(Array::new(vec![Value::I64(1)]));
    let values = vec![list.as_ref(); names.len()];
    let named = compiled.assemble(&values).expect("lists are written");
    check_unchanged(sql, &named.sql, &names);

    // Placeholders are shared where they have names or numbers, and repeated elsewhere.
    assert_eq!(named.slots.len(), names.len(), "{sql:?}");
    rules.paramstyle = ParamStyle::Qmark;
    let repeated = sql_text(sql).compile(&rules).assemble(&values).expect("lists are written");
    assert!(repeated.slots.len() >= names.len(), "{sql:?}");
    assert!(repeated.slots.iter().all(|slot| slot.bind() < names.len()), "{sql:?}");
    let empty = Value::Array(Array::new(Vec::new()));
    let empty = compiled.assemble(&vec![empty.as_ref(); names.len()]);
    assert!(empty.is_ok(), "an empty list can be written: {sql:?}");
}

/// The text with names for placeholders is the one that was given, save that lists stand in
/// parentheses and the backslash of `\:` is gone.
fn check_unchanged(given: &str, made: &str, names: &[&str]) {
    let (mut given_rest, mut made_rest) = (given, made);
    while let Some(character) = given_rest.chars().next() {
        if let Some(rest) = made_rest.strip_prefix(character) {
            given_rest = &given_rest[character.len_utf8()..];
            made_rest = rest;
        } else if character == '\\' && given_rest[1..].starts_with(':') {
            given_rest = &given_rest[1..];
        } else {
            let name = longest(names, given_rest.strip_prefix(':').unwrap_or_default());
            let list = format!("(:{name}_1)");
            assert!(!name.is_empty() && made_rest.starts_with(&list), "{given:?} became {made:?}");
            given_rest = &given_rest[1 + name.len()..];
            made_rest = &made_rest[list.len()..];
        }
    }
    assert_eq!(made_rest, "", "{given:?} became {made:?}");
}

/// The longest of the names that the text begins with.
fn longest<'n>(names: &[&'n str], text: &str) -> &'n str {
    let found = names.iter().filter(|name| text.starts_with(**name)).max_by_key(|name| name.len());
    found.copied().unwrap_or_default()
}
