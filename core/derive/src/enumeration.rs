//! Enums without fields, as text or as numbers.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{Data, DataEnum, DeriveInput, Error, Ident, Result};

use crate::attributes::Attributes;

/// The variants with what each is for the database.
pub(crate) enum Variants {
    /// Texts.
    Names(Vec<(Ident, String)>),
    /// Numbers of this integer type.
    Numbers(Ident, Vec<Ident>),
}

/// Attributes that mean something on a type that is a value.
pub(crate) fn allowed(input: &DeriveInput) -> &'static [&'static str] {
    match input.data {
        Data::Enum(_) => &["rename_all", "repr", "try_from", "crate"],
        _ => &["try_from", "crate"],
    }
}

/// Reads the variants.
pub(crate) fn variants(data: &DataEnum, attributes: &Attributes) -> Result<Variants> {
    let mut names: Vec<(Ident, String)> = Vec::new();
    for variant in &data.variants {
        if !variant.fields.is_empty() {
            let message = "a variant with fields is no text and no number; send the enum as JSON";
            return Err(Error::new(variant.ident.span(), message));
        }
        let of_variant = Attributes::read(&variant.attrs, &["rename"], "a variant")?;
        if let (Some(rename), Some(_)) = (&of_variant.rename, &attributes.repr) {
            return Err(Error::new(rename.span(), NUMBERS_HAVE_NO_NAMES));
        }
        let name = of_variant.name(&variant.ident, attributes.rename_all.map(|(case, _)| case));
        if let Some((first, _)) = names.iter().find(|(_, known)| *known == name) {
            let message = format!("`{first}` has the name \"{name}\" already");
            return Err(Error::new(variant.ident.span(), message));
        }
        names.push((variant.ident.clone(), name));
    }
    match (&attributes.repr, attributes.rename_all) {
        (Some(_), Some((_, span))) => Err(Error::new(span, NUMBERS_HAVE_NO_NAMES)),
        (Some(repr), None) => {
            Ok(Variants::Numbers(repr.clone(), names.into_iter().map(|(ident, _)| ident).collect()))
        }
        (None, _) => Ok(Variants::Names(names)),
    }
}

const NUMBERS_HAVE_NO_NAMES: &str = "with `repr` the variants are numbers and have no names";

/// Code that does not compile when the number of a variant is none of the integer type.
pub(crate) fn check_numbers(name: &Ident, repr: &Ident, variants: &[Ident]) -> TokenStream {
    let message = format!("the number of a variant is out of the range of {repr}");
    let checks = variants.iter().map(|variant| {
        quote_spanned! {variant.span()=>
            const _: () = ::core::assert!(
                #name::#variant as i128 == (#name::#variant as #repr) as i128,
                #message,
            );
        }
    });
    checks.collect()
}
