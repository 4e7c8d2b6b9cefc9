//! `ToValue`: structs of one field and enums without fields.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Ident, Index, Member, Result};

use crate::attributes::Attributes;
use crate::enumeration::{Variants, allowed, check_numbers, variants};
use crate::input::{bound, no_union, only_field, place};

/// The implementation.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::read(&input.attrs, allowed(input), "a type that is a value")?;
    let krate = attributes.krate();
    let mut generics = input.generics.clone();
    let body = match &input.data {
        Data::Enum(data) => variant_value(&krate, &input.ident, &variants(data, &attributes)?),
        Data::Struct(data) => {
            let field = only_field(input, data, "ToValue")?;
            let bound = bound(input, &field.ty, quote!(#krate::ToValue));
            generics.make_where_clause().predicates.extend(bound);
            let member = field.ident.clone().map_or_else(|| Index::from(0).into(), Member::Named);
            let ty = &field.ty;
            quote_spanned!(place(ty)=> <#ty as #krate::ToValue>::to_value(&self.#member, scratch))
        }
        Data::Union(_) => return Err(no_union(input, "ToValue")),
    };
    let (parameters, ty, predicates) = generics.split_for_impl();
    let name = &input.ident;
    Ok(quote! {
        #[automatically_derived]
        impl #parameters #krate::ToValue for #name #ty #predicates {
            fn to_value<'__value>(
                &'__value self,
                scratch: &'__value #krate::value::Scratch,
            ) -> ::core::result::Result<#krate::ValueRef<'__value>, #krate::value::ConversionError>
            {
                #body
            }
        }
    })
}

fn variant_value(krate: &TokenStream, name: &Ident, variants: &Variants) -> TokenStream {
    match variants {
        Variants::Names(names) => {
            let arms = names.iter().map(|(ident, name)| quote!(Self::#ident => #name,));
            quote! {
                let _ = scratch;
                ::core::result::Result::Ok(#krate::ValueRef::Text(match *self { #(#arms)* }))
            }
        }
        Variants::Numbers(repr, idents) => {
            let checks = check_numbers(name, repr, idents);
            let arms = idents.iter().map(|ident| quote!(Self::#ident => Self::#ident as #repr,));
            let (variant, wide) = match repr.to_string().starts_with('u') {
                true => (quote!(U64), quote!(u64)),
                false => (quote!(I64), quote!(i64)),
            };
            quote! {
                #checks
                let _ = scratch;
                let number = match *self { #(#arms)* };
                ::core::result::Result::Ok(#krate::ValueRef::#variant(number as #wide))
            }
        }
    }
}
