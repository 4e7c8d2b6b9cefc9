//! What all macros do with a type: its lifetime, its type parameters, its only field.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{
    DataStruct, DeriveInput, Error, Field, Fields, GenericParam, Lifetime, LifetimeParam, Result,
    Type, WherePredicate, parse_quote,
};

use crate::attributes::Attributes;

/// Parses the input and makes compile errors of errors.
pub(crate) fn expand(
    input: TokenStream,
    derive: fn(&DeriveInput) -> Result<TokenStream>,
) -> TokenStream {
    syn::parse2(input).and_then(|input| derive(&input)).unwrap_or_else(Error::into_compile_error)
}

/// The parts of `impl<…> Trait<'row> for Type<…> where …`.
pub(crate) struct Head {
    pub(crate) generics: TokenStream,
    pub(crate) lifetime: Lifetime,
    pub(crate) ty: TokenStream,
    pub(crate) predicates: TokenStream,
}

/// The head of an implementation that lends for one lifetime: the type's own, where it has one.
pub(crate) fn lending(input: &DeriveInput, bounds: Vec<WherePredicate>) -> Result<Head> {
    let mut lifetimes = input.generics.lifetimes();
    let own = lifetimes.next().map(|parameter| parameter.lifetime.clone());
    if let Some(second) = lifetimes.next() {
        let message = "a row lends for one lifetime: give the type no second one";
        return Err(Error::new(second.span(), message));
    }
    let lifetime = lifetime(input);
    let mut generics = input.generics.clone();
    if own.is_none() {
        let parameter = LifetimeParam::new(lifetime.clone());
        generics.params.insert(0, GenericParam::Lifetime(parameter));
    }
    generics.make_where_clause().predicates.extend(bounds);
    let (_, ty, _) = input.generics.split_for_impl();
    let (parameters, _, predicates) = generics.split_for_impl();
    let name = &input.ident;
    Ok(Head {
        generics: parameters.to_token_stream(),
        lifetime,
        ty: quote!(#name #ty),
        predicates: predicates.to_token_stream(),
    })
}

/// The lifetime for which the type is lent.
pub(crate) fn lifetime(input: &DeriveInput) -> Lifetime {
    let own = input.generics.lifetimes().next();
    own.map_or_else(
        || Lifetime::new("'__row", Span::mixed_site()),
        |parameter| parameter.lifetime.clone(),
    )
}

/// True when the type mentions one of the type parameters, so that it needs a bound.
pub(crate) fn is_generic(input: &DeriveInput, ty: &Type) -> bool {
    mentions(input, ty.to_token_stream())
}

fn mentions(input: &DeriveInput, tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => {
            input.generics.type_params().any(|parameter| parameter.ident == ident)
        }
        TokenTree::Group(group) => mentions(input, group.stream()),
        _ => false,
    })
}

/// A bound for a field whose type depends on a parameter.
pub(crate) fn bound(input: &DeriveInput, ty: &Type, bound: TokenStream) -> Option<WherePredicate> {
    is_generic(input, ty).then(|| parse_quote!(#ty: #bound))
}

/// The only field of a struct that stands for it.
pub(crate) fn only_field<'d>(
    input: &DeriveInput,
    data: &'d DataStruct,
    trait_name: &str,
) -> Result<&'d Field> {
    let mut fields = data.fields.iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        let message = format!(
            "{trait_name} is for structs of one field and for enums without fields; a struct of \
             several is a row, or JSON"
        );
        return Err(Error::new(input.ident.span(), message));
    };
    Attributes::read(&field.attrs, &[], "the field of a struct that is a value")?;
    Ok(field)
}

/// Where errors about the code that is made for `of` are shown.
pub(crate) fn place(of: &impl Spanned) -> Span {
    Span::call_site().located_at(of.span())
}

/// `Self { field: value }` or `Self(value)`.
pub(crate) fn construct(fields: &Fields, value: &TokenStream) -> TokenStream {
    match fields.iter().next().and_then(|field| field.ident.as_ref()) {
        Some(name) => quote!(Self { #name: #value }),
        None => quote!(Self(#value)),
    }
}

/// The error for unions.
pub(crate) fn no_union(input: &DeriveInput, trait_name: &str) -> Error {
    Error::new(input.ident.span(), format!("{trait_name} is not for unions"))
}
