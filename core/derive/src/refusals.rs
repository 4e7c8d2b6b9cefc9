//! What the macros refuse, with the piece of source that each error points to.

use proc_macro2::TokenStream;
use syn::{DeriveInput, Result};

use crate::{from_row, from_value, to_value};

type Derive = fn(&DeriveInput) -> Result<TokenStream>;

/// The message and the source that it points to.
fn refusal(derive: Derive, source: &str) -> (String, String) {
    let input: DeriveInput = syn::parse_str(source).expect("the source is Rust");
    let error = derive(&input).err().unwrap_or_else(|| panic!("accepted: {source}"));
    let place = error.span().source_text().expect("the error has a place in the source");
    (error.to_string(), place)
}

#[test]
fn rows_say_what_is_wrong_with_a_struct_and_where() {
    for (source, place, message) in [
        ("enum E { A }", "E", "FromRow is for structs: a row has the same columns each time"),
        ("struct U;", "U", "a struct without fields reads no row"),
        (
            "struct T<'a, 'b> { x: &'a str, y: &'b str }",
            "'b",
            "a row lends for one lifetime: give the type no second one",
        ),
        (
            "#[aludel(rename_all = \"snake\")] struct T { x: i64 }",
            "\"snake\"",
            "`snake` is no style of names; there are `lowercase`, `UPPERCASE`, `PascalCase`, \
             `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, \
             `SCREAMING-KEBAB-CASE`",
        ),
        (
            "#[aludel(rename_all = \"UPPERCASE\")] struct T(i64);",
            "rename_all",
            "fields of a tuple struct are read by place",
        ),
        (
            "struct T { #[aludel(rename = \"y\", column = \"z\")] x: i64 }",
            "column",
            "no such attribute on a field of a row; there are `rename`, `default`, `skip`, \
             `flatten`, `try_from`",
        ),
        (
            "struct T { #[aludel(default, default)] x: i64 }",
            "default",
            "this attribute stands here twice",
        ),
        (
            "struct T { #[aludel(skip, rename = \"y\")] x: i64 }",
            "skip",
            "`skip` stands alone: the field reads no column of its own",
        ),
        (
            "struct T(#[aludel(flatten)] i64);",
            "flatten",
            "no such attribute on a field that is read by place; there are `try_from`",
        ),
        ("struct T { #[aludel(rename = 1)] x: i64 }", "1", "expected string literal"),
    ] {
        assert_eq!(refusal(from_row::derive, source), (message.to_owned(), place.to_owned()));
    }
}

#[test]
fn values_say_what_is_wrong_with_a_type_and_where() {
    for (source, place, message) in [
        (
            "struct T { x: i64, y: i64 }",
            "T",
            "is for structs of one field and for enums without fields; a struct of several is a \
             row, or JSON",
        ),
        ("union U { x: i64 }", "U", "is not for unions"),
        (
            "struct T(#[aludel(rename = \"y\")] i64);",
            "rename",
            "no attribute of aludel has a meaning on the field of a struct that is a value",
        ),
        (
            "enum E { A, B(i64) }",
            "B",
            "a variant with fields is no text and no number; send the enum as JSON",
        ),
        ("enum E { A, #[aludel(rename = \"A\")] B }", "B", "`A` has the name \"A\" already"),
        (
            "#[aludel(repr = \"f64\")] enum E { A }",
            "\"f64\"",
            "`f64` is no integer type; write for example \"i32\"",
        ),
        (
            "#[aludel(repr = \"i32\")] enum E { #[aludel(rename = \"a\")] A }",
            "\"a\"",
            "with `repr` the variants are numbers and have no names",
        ),
        (
            "#[aludel(repr = \"i32\", rename_all = \"lowercase\")] enum E { A }",
            "rename_all",
            "with `repr` the variants are numbers and have no names",
        ),
        (
            "#[aludel(repr = \"i32\")] struct T(i64);",
            "repr",
            "no such attribute on a type that is a value; there are `try_from`, `crate`",
        ),
    ] {
        for derive in [from_value::derive as Derive, to_value::derive] {
            let (said, at) = refusal(derive, source);
            assert!(said.ends_with(message), "{said}");
            assert_eq!(at, place, "{said}");
        }
    }
}

#[test]
fn what_cannot_be_parsed_is_a_compile_error() {
    let broken = "struct T { x: }".parse().expect("tokens");
    let made = crate::input::expand(broken, from_row::derive).to_string();
    assert!(made.contains("compile_error"), "{made}");
}
