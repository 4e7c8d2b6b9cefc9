//! What stands in `#[aludel(…)]`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::meta::ParseNestedMeta;
use syn::parse::Parse;
use syn::{Attribute, Error, Ident, LitStr, Path, Result, Token, Type};

use crate::case::Case;

/// The attributes of a struct, enum, field or variant, with where each was written.
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<(Case, Span)>,
    pub(crate) default: Option<(Option<Path>, Span)>,
    pub(crate) skip: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) try_from: Option<Type>,
    pub(crate) repr: Option<Ident>,
    krate: Option<Path>,
}

impl Attributes {
    /// Reads the attributes; `allowed` are the names that mean something in this place.
    pub(crate) fn read(attributes: &[Attribute], allowed: &[&str], place: &str) -> Result<Self> {
        let mut read = Attributes::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("aludel")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
                if !allowed.contains(&name.as_str()) {
                    return Err(unknown(&meta, allowed, place));
                }
                read.one(&name, &meta)
            })?;
        }
        Ok(read)
    }

    fn one(&mut self, name: &str, meta: &ParseNestedMeta<'_>) -> Result<()> {
        let span = meta.path.get_ident().map_or_else(Span::call_site, Ident::span);
        match name {
            "rename" => once(&mut self.rename, literal(meta)?, span),
            "rename_all" => {
                let style = literal(meta)?;
                let case = Case::parse(&style.value()).map_err(|m| Error::new(style.span(), m))?;
                once(&mut self.rename_all, (case, span), span)
            }
            "default" => {
                let path = if meta.input.peek(Token![=]) { Some(parsed(meta)?) } else { None };
                once(&mut self.default, (path, span), span)
            }
            "skip" => once(&mut self.skip, span, span),
            "flatten" => once(&mut self.flatten, span, span),
            "try_from" => once(&mut self.try_from, parsed(meta)?, span),
            "repr" => once(&mut self.repr, integer(meta)?, span),
            _ => once(&mut self.krate, parsed(meta)?, span),
        }
    }

    /// The path of the crate `aludel`.
    pub(crate) fn krate(&self) -> TokenStream {
        self.krate.as_ref().map_or_else(|| quote!(::aludel), ToTokens::to_token_stream)
    }

    /// The name for the database of what has this name in Rust.
    pub(crate) fn name(&self, ident: &Ident, all: Option<Case>) -> String {
        let name = ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        match (&self.rename, all) {
            (Some(rename), _) => rename.value(),
            (None, Some(case)) => case.apply(name),
            (None, None) => name.to_owned(),
        }
    }
}

fn once<T>(place: &mut Option<T>, value: T, span: Span) -> Result<()> {
    if place.replace(value).is_some() {
        return Err(Error::new(span, "this attribute stands here twice"));
    }
    Ok(())
}

fn literal(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

/// A path or type in quotes.
fn parsed<T: Parse>(meta: &ParseNestedMeta<'_>) -> Result<T> {
    literal(meta)?.parse()
}

fn integer(meta: &ParseNestedMeta<'_>) -> Result<Ident> {
    const INTEGERS: [&str; 10] =
        ["i8", "i16", "i32", "i64", "isize", "u8", "u16", "u32", "u64", "usize"];
    let name = literal(meta)?;
    if INTEGERS.contains(&name.value().as_str()) {
        return Ok(Ident::new(&name.value(), name.span()));
    }
    let message = format!("`{}` is no integer type; write for example \"i32\"", name.value());
    Err(Error::new(name.span(), message))
}

fn unknown(meta: &ParseNestedMeta<'_>, allowed: &[&str], place: &str) -> Error {
    let names: Vec<String> = allowed.iter().map(|name| format!("`{name}`")).collect();
    meta.error(match names.as_slice() {
        [] => format!("no attribute of aludel has a meaning on {place}"),
        names => format!("no such attribute on {place}; there are {}", names.join(", ")),
    })
}
