//! Notes that were written by the compiler, and notes that others wrote.

use serde_json::{Value, json};

use super::{Requirement, head, leak, target};
use crate::abi::{ABI_MAJOR, ABI_MINOR, LAYOUT_HASH};
use crate::dbapi::{IsolationLevel, TypeKind};
use crate::dialect::json::{len, render};
use crate::dialect::{
    Capability, DialectInfo, EmptyIn, IdentifierCase, NativeLibrary, OptionClass, OptionInfo,
    OptionType, ParamStyle, SqlRules, Threading, TypeName,
};

const FULL: DialectInfo = DialectInfo {
    name: "full",
    version: "1.2.3",
    description: "quotes \" and \\ and\ncontrol characters",
    aliases: &["full2", "full+driver"],
    drivers: &["driver"],
    default_port: 5432,
    rules: SqlRules {
        paramstyle: ParamStyle::NumericDollar,
        identifier_quote_open: '[',
        identifier_quote_close: ']',
        identifier_case: IdentifierCase::Lower,
        max_identifier: 63,
        max_parameters: 65_535,
        backslash_escapes: true,
        escape_strings: false,
        dollar_quotes: true,
        nested_comments: false,
        hash_comments: true,
        backtick_quotes: false,
        bracket_quotes: true,
        double_quoted_strings: true,
        empty_in: EmptyIn::Any,
        tuple_in_values: true,
    },
    capabilities: Capability::ALL,
    isolation_levels: &[IsolationLevel::ReadUncommitted, IsolationLevel::Autocommit],
    reserved_words: &["select", "table"],
    type_names: &[TypeName { kind: TypeKind::Varchar, name: "varchar({length})" }],
    ping_statement: "select 2",
    options: &[
        OptionInfo::new("mode", OptionType::OneOf(&["a", "b"]), "a", "one of two"),
        OptionInfo::new("file", OptionType::Text, "", "a file").class(OptionClass::File),
        OptionInfo::new("library", OptionType::Bool, "", "runs code").class(OptionClass::Code),
        OptionInfo::new("key", OptionType::Seconds, "1", "").secret().repeatable(),
        OptionInfo::new("size", OptionType::Integer, "", ""),
    ],
    native_libraries: &[NativeLibrary {
        soname: "libodbc.so.2",
        debian: "unixodbc",
        fedora: "unixODBC",
        brew: "unixodbc",
    }],
    threading: Threading::ThreadAffine,
    license: "MIT",
    homepage: "https://example.org",
};
static NOTE: [u8; len(&FULL)] = render(&FULL);

fn minimal() -> Value {
    json!({
        "aludel": 1, "name": "toy", "version": "0.1.0", "abi": [0, 1],
        "layout": "00ff", "target": "t", "panic": "unwind",
    })
}

fn refusal(note: &Value) -> String {
    head(note.to_string().as_bytes()).unwrap_err()
}

#[test]
fn what_the_compiler_wrote_is_read_back() {
    assert_eq!(*leak(&NOTE).unwrap(), FULL);
    let head = head(&NOTE).unwrap();
    assert_eq!((head.name.as_str(), head.version.as_str()), ("full", "1.2.3"));
    assert_eq!(head.aliases, FULL.aliases);
    assert_eq!((head.abi, head.layout), ((ABI_MAJOR, ABI_MINOR), LAYOUT_HASH));
    assert_eq!(head.target, env!("ALUDEL_TARGET"));
    assert_eq!((head.panic.as_str(), head.threading), ("unwind", Threading::ThreadAffine));
    let requirement = Requirement {
        soname: "libodbc.so.2".into(),
        debian: Some("unixodbc".into()),
        fedora: Some("unixODBC".into()),
        brew: Some("unixodbc".into()),
    };
    assert_eq!(head.requires, [requirement]);
}

#[test]
fn what_is_missing_is_as_usual() {
    let note = minimal().to_string();
    assert_eq!(*leak(note.as_bytes()).unwrap(), DialectInfo::new("toy", "0.1.0"));
}

#[test]
fn a_missing_member_is_named() {
    for key in ["aludel", "name", "version", "abi", "layout", "target", "panic"] {
        let mut note = minimal();
        note.as_object_mut().unwrap().remove(key);
        assert_eq!(refusal(&note), format!("the note lacks `{key}`"));
    }
    let mut note = minimal();
    note["options"] = json!([{"type": "text"}]);
    assert_eq!(refusal(&note), "the note lacks `options[].name`");
}

#[test]
fn what_a_newer_plugin_adds_is_skipped() {
    let mut note = minimal();
    note["unheard_of"] = json!({"a": [1]});
    note["capabilities"] = json!(["cancel", "teleport"]);
    note["isolation_levels"] = json!(["QUANTUM", "SERIALIZABLE"]);
    note["type_names"] = json!([{"kind": 9999, "name": "x"}, {"kind": 5, "name": "int"}]);
    note["options"] = json!([{"name": "o", "type": "matrix", "class": "cursed"}]);
    let info = leak(note.to_string().as_bytes()).unwrap();
    assert_eq!(info.capabilities, [Capability::Cancel]);
    assert_eq!(info.isolation_levels, [IsolationLevel::Serializable]);
    assert_eq!(info.type_names, [TypeName { kind: TypeKind::Integer, name: "int" }]);
    assert_eq!(info.options[0].kind, OptionType::Text);
    assert_eq!(info.options[0].class, OptionClass::Code);
}

#[test]
fn a_member_of_another_type_is_named() {
    for (key, value, message) in [
        ("aludel", json!(2), "form 2 of the note is unknown, 1 is known"),
        ("name", json!("../x"), "`name` is no name of a dialect"),
        ("version", json!("\u{1b}[2J"), "`version` cannot be shown"),
        ("abi", json!([0]), "`abi` is no pair of numbers"),
        ("abi", json!([0, 65_536]), "`abi` is no pair of numbers"),
        ("layout", json!("xyz"), "`layout` is no hexadecimal number"),
        ("aliases", json!("toy2"), "`aliases` is no list of texts"),
        ("aliases", json!([1]), "`aliases` is no list of texts"),
        ("default_port", json!(65_536), "`default_port` is no small number"),
        ("threading", json!("fibre"), "`threading` is of an unknown kind"),
        ("rules", json!([]), "`rules` is no object"),
        ("rules", json!({"paramstyle": "x"}), "`rules.paramstyle` is unknown"),
        ("rules", json!({"identifier_case": "x"}), "`rules.identifier_case` is unknown"),
        (
            "rules",
            json!({"identifier_quote_open": "<<"}),
            "`rules.identifier_quote_open` is no character",
        ),
        ("rules", json!({"dollar_quotes": 1}), "`rules.dollar_quotes` is no truth value"),
        ("options", json!([1]), "`options` is no list of objects"),
    ] {
        let mut note = minimal();
        note[key] = value;
        assert_eq!(refusal(&note), message);
    }
}

#[test]
fn text_that_is_no_note_is_refused() {
    assert_eq!(head(b"[]").unwrap_err(), "the note is no JSON object");
    for text in [b"".as_slice(), b"{", b"\xff", &[b'['; 10_000]] {
        assert!(head(text).unwrap_err().starts_with("the note is no JSON: "));
    }
}

#[test]
fn aliases_that_are_no_schemes_are_left_out() {
    let mut note = minimal();
    note["aliases"] = json!(["a/b", "TOY-2", "toy+x", "\u{1b}"]);
    assert_eq!(head(note.to_string().as_bytes()).unwrap().aliases, ["toy_2", "toy+x"]);
}

#[test]
fn packages_that_would_be_more_than_a_word_of_a_command_are_left_out() {
    let mut note = minimal();
    for name in ["", "a b", "a;b", "--root", "$(x)", "a\n", "\u{1b}"] {
        note["requires"] = json!([{"soname": "lib", "debian": name, "brew": "a/b/c@1.2+x"}]);
        let head = head(note.to_string().as_bytes()).unwrap();
        assert_eq!(head.requires[0].debian, None, "{name:?}");
        assert_eq!(head.requires[0].brew.as_deref(), Some("a/b/c@1.2+x"));
    }
}

#[test]
fn the_target_is_read_from_notes_of_other_versions_too() {
    assert_eq!(target(br#"{"aludel":99,"target":"x"}"#).as_deref(), Some("x"));
    for note in [r#"{"target":"\u001b"}"#, r#"{"target":1}"#, "[]", "{"] {
        assert_eq!(target(note.as_bytes()), None, "{note}");
    }
}
