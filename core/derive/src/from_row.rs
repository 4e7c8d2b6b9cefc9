//! `FromRow`: structs by the names of their fields, tuple structs by place.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Error, Field, Fields, Ident, Result, WherePredicate};

use crate::attributes::Attributes;
use crate::case::Case;
use crate::input::{Head, bound, lending, lifetime, place};

/// What an implementation is put together from.
#[derive(Default)]
struct Parts {
    /// `NamedColumn`s to look up.
    columns: Vec<TokenStream>,
    /// Initializers of the fields.
    fields: Vec<TokenStream>,
    bounds: Vec<WherePredicate>,
}

/// The implementation.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::read(&input.attrs, &["rename_all", "crate"], "a row")?;
    let krate = attributes.krate();
    let Data::Struct(data) = &input.data else {
        let message = "FromRow is for structs: a row has the same columns each time";
        return Err(Error::new(input.ident.span(), message));
    };
    let mut parts = Parts::default();
    let body = match &data.fields {
        Fields::Named(fields) => {
            let case = attributes.rename_all.map(|(case, _)| case);
            for field in &fields.named {
                parts.named(input, &krate, field, case)?;
            }
            by_name(&krate, &parts)
        }
        Fields::Unnamed(fields) => {
            if let Some((_, span)) = attributes.rename_all {
                return Err(Error::new(span, "fields of a tuple struct are read by place"));
            }
            for (at, field) in fields.unnamed.iter().enumerate() {
                parts.by_place(input, &krate, field, at)?;
            }
            let (width, fields) = (fields.unnamed.len(), &parts.fields);
            quote! {
                #krate::result::check_width(#krate::result::AnyRow::width(row), #width)?;
                ::core::result::Result::Ok(Self(#(#fields),*))
            }
        }
        Fields::Unit => {
            return Err(Error::new(input.ident.span(), "a struct without fields reads no row"));
        }
    };
    let Head { generics, lifetime, ty, predicates } = lending(input, parts.bounds)?;
    Ok(quote! {
        #[automatically_derived]
        impl #generics #krate::FromRow<#lifetime> for #ty #predicates {
            fn from_row<__Row: #krate::result::AnyRow<#lifetime>>(
                row: &__Row,
            ) -> #krate::Result<Self> {
                #body
            }
        }
    })
}

fn by_name(krate: &TokenStream, parts: &Parts) -> TokenStream {
    let Parts { columns, fields, .. } = parts;
    let count = columns.len();
    let places = (count > 0).then(|| {
        quote! {
            static COLUMNS: [#krate::result::NamedColumn; #count] = [#(#columns),*];
            let places = #krate::result::AnyRow::places(row, &COLUMNS)?;
        }
    });
    quote! {
        #places
        ::core::result::Result::Ok(Self { #(#fields),* })
    }
}

impl Parts {
    fn named(
        &mut self,
        input: &DeriveInput,
        krate: &TokenStream,
        field: &Field,
        case: Option<Case>,
    ) -> Result<()> {
        const ALLOWED: [&str; 5] = ["rename", "default", "skip", "flatten", "try_from"];
        let attributes = Attributes::read(&field.attrs, &ALLOWED, "a field of a row")?;
        check_together(&attributes)?;
        let Some(name) = &field.ident else { return Ok(()) };
        let (ty, lifetime) = (&field.ty, lifetime(input));
        let value = if attributes.skip.is_some() {
            self.bounds.extend(bound(input, ty, quote!(::core::default::Default)));
            quote_spanned!(place(ty)=> <#ty as ::core::default::Default>::default())
        } else if attributes.flatten.is_some() {
            self.bounds.extend(bound(input, ty, quote!(#krate::FromRow<#lifetime>)));
            quote_spanned!(place(ty)=> <#ty as #krate::FromRow<#lifetime>>::from_row(row)?)
        } else {
            let at = self.column(krate, name, &attributes, case);
            self.bounds.extend(read_bound(input, krate, field, &attributes));
            read(krate, field, &attributes, &at)
        };
        self.fields.push(quote!(#name: #value));
        Ok(())
    }

    /// Has the column of a field looked up; returns the place of its place.
    fn column(
        &mut self,
        krate: &TokenStream,
        field: &Ident,
        attributes: &Attributes,
        case: Option<Case>,
    ) -> TokenStream {
        let (name, index) = (attributes.name(field, case), self.columns.len());
        let make = match attributes.default {
            Some(_) => quote!(optional),
            None => quote!(required),
        };
        self.columns.push(quote!(#krate::result::NamedColumn::#make(#name)));
        quote!(places[#index])
    }

    fn by_place(
        &mut self,
        input: &DeriveInput,
        krate: &TokenStream,
        field: &Field,
        at: usize,
    ) -> Result<()> {
        let attributes =
            Attributes::read(&field.attrs, &["try_from"], "a field that is read by place")?;
        self.bounds.extend(read_bound(input, krate, field, &attributes));
        self.fields.push(read(krate, field, &attributes, &quote!(#at)));
        Ok(())
    }
}

/// Reads the value at a place.
fn read(
    krate: &TokenStream,
    field: &Field,
    attributes: &Attributes,
    at: &TokenStream,
) -> TokenStream {
    let ty = &field.ty;
    let row = quote!(#krate::result::AnyRow);
    let read = match &attributes.try_from {
        Some(source) => quote_spanned!(place(source)=> #row::get_try::<#source, #ty>(row, #at)?),
        None => quote_spanned!(place(ty)=> #row::get_at::<#ty>(row, #at)?),
    };
    let Some((path, _)) = &attributes.default else { return read };
    let default = match path {
        Some(path) => quote_spanned!(place(path)=> #path()),
        None => quote_spanned!(place(ty)=> <#ty as ::core::default::Default>::default()),
    };
    quote!(if #at == #krate::result::MISSING { #default } else { #read })
}

fn read_bound(
    input: &DeriveInput,
    krate: &TokenStream,
    field: &Field,
    attributes: &Attributes,
) -> Option<WherePredicate> {
    let lifetime = lifetime(input);
    match attributes.try_from {
        Some(_) => None,
        None => bound(input, &field.ty, quote!(#krate::FromValue<#lifetime>)),
    }
}

/// Attributes that do not go together.
fn check_together(attributes: &Attributes) -> Result<()> {
    let Attributes { rename, default, try_from, skip, flatten, .. } = attributes;
    let alone = skip.map(|span| ("skip", span)).or(flatten.map(|span| ("flatten", span)));
    let Some((name, span)) = alone else { return Ok(()) };
    let both = skip.is_some() && flatten.is_some();
    if both || rename.is_some() || default.is_some() || try_from.is_some() {
        let message = format!("`{name}` stands alone: the field reads no column of its own");
        return Err(Error::new(span, message));
    }
    Ok(())
}
