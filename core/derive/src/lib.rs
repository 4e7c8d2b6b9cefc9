//! The derive macros of `aludel`, which re-exports them: use them from there.
//!
//! Attributes stand in `#[aludel(…)]`. What an attribute means is said at each macro.
#![forbid(unsafe_code)]

mod attributes;
mod case;
mod enumeration;
mod from_row;
mod from_value;
mod input;
#[cfg(test)]
mod refusals;
mod to_value;

use proc_macro::TokenStream;

/// Reads a struct from a row: `aludel::FromRow`.
///
/// A struct with named fields reads the columns of these names, wherever they stand and whatever
/// others there are. They are looked up once for a result. A tuple struct reads all values of the
/// row by place. A struct with a lifetime may borrow text and bytes from the row.
///
/// | Attribute | On | Means |
/// | --- | --- | --- |
/// | `rename = "name"` | field | the column has this name |
/// | `rename_all = "camelCase"` | struct | the columns have the fields' names in this style |
/// | `default` | field | `Default::default()` where the result has no such column |
/// | `default = "path"` | field | what this function returns where the result has no such column |
/// | `skip` | field | never read: `Default::default()` |
/// | `flatten` | field | a struct that reads its own columns from the same row |
/// | `try_from = "Type"` | field | read as this type, then `TryFrom` |
/// | `crate = "path"` | struct | where the crate `aludel` is, when it has another name |
///
/// Styles are `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`,
/// `SCREAMING_SNAKE_CASE`, `kebab-case` and `SCREAMING-KEBAB-CASE`.
#[proc_macro_derive(FromRow, attributes(aludel))]
pub fn from_row(input: TokenStream) -> TokenStream {
    input::expand(input.into(), from_row::derive).into()
}

/// Reads a value: `aludel::FromValue`.
///
/// A struct of one field is read as that field is. An enum without fields is read from the text of
/// its variant's name; other text is an error that lists the names.
///
/// | Attribute | On | Means |
/// | --- | --- | --- |
/// | `rename = "name"` | variant | the text is this |
/// | `rename_all = "snake_case"` | enum | the texts are the variants' names in this style |
/// | `repr = "i32"` | enum | read from the variants' numbers, as this integer type |
/// | `try_from = "Type"` | type | read as this type, then `TryFrom`; its error is told |
/// | `crate = "path"` | type | where the crate `aludel` is, when it has another name |
#[proc_macro_derive(FromValue, attributes(aludel))]
pub fn from_value(input: TokenStream) -> TokenStream {
    input::expand(input.into(), from_value::derive).into()
}

/// Sends a value: `aludel::ToValue`, the way back from what `FromValue` reads.
///
/// A struct of one field is sent as that field is, an enum without fields as the text or, with
/// `repr`, the number of its variant. The attributes are those of `FromValue`; `try_from` has no
/// meaning here.
#[proc_macro_derive(ToValue, attributes(aludel))]
pub fn to_value(input: TokenStream) -> TokenStream {
    input::expand(input.into(), to_value::derive).into()
}
