//! `FromValue`: structs of one field, enums without fields, and types that are made from others.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DataStruct, DeriveInput, Ident, Result, Type};

use crate::attributes::Attributes;
use crate::enumeration::{Variants, allowed, check_numbers, variants};
use crate::input::{Head, bound, construct, lending, lifetime, no_union, only_field, place};

/// The two functions of the trait.
struct Functions {
    from_value: TokenStream,
    from_cell: TokenStream,
}

/// The implementation.
pub(crate) fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::read(&input.attrs, allowed(input), "a type that is a value")?;
    let krate = attributes.krate();
    let mut bounds = Vec::new();
    let functions = match (&input.data, &attributes.try_from) {
        (Data::Union(_), _) => return Err(no_union(input, "FromValue")),
        (_, Some(source)) => converted(&krate, input, source),
        (Data::Enum(data), None) => match variants(data, &attributes)? {
            Variants::Names(names) => named(&krate, input, &names),
            Variants::Numbers(repr, idents) => numbered(&krate, input, &repr, &idents),
        },
        (Data::Struct(data), None) => {
            let field = only_field(input, data, "FromValue")?;
            let lifetime = lifetime(input);
            bounds.extend(bound(input, &field.ty, quote!(#krate::FromValue<#lifetime>)));
            transparent(&krate, input, data, &field.ty)
        }
    };
    let Head { generics, lifetime, ty, predicates } = lending(input, bounds)?;
    let Functions { from_value, from_cell } = functions;
    Ok(quote! {
        #[automatically_derived]
        impl #generics #krate::FromValue<#lifetime> for #ty #predicates {
            fn from_value(
                value: #krate::ValueRef<#lifetime>,
            ) -> ::core::result::Result<Self, #krate::value::ConversionError> {
                #from_value
            }

            #[inline(always)]
            fn from_cell(
                cell: #krate::value::CellRef<#lifetime>,
            ) -> ::core::option::Option<Self> {
                #from_cell
            }
        }
    })
}

fn transparent(
    krate: &TokenStream,
    input: &DeriveInput,
    data: &DataStruct,
    ty: &Type,
) -> Functions {
    let lifetime = lifetime(input);
    let inner = quote_spanned!(place(ty)=> <#ty as #krate::FromValue<#lifetime>>);
    let this = construct(&data.fields, &quote!(inner));
    let name = input.ident.to_string();
    Functions {
        from_value: quote! {
            match #inner::from_value(value) {
                ::core::result::Result::Ok(inner) => ::core::result::Result::Ok(#this),
                ::core::result::Result::Err(error) => {
                    ::core::result::Result::Err(error.for_type(#name))
                }
            }
        },
        from_cell: quote!(#inner::from_cell(cell).map(|inner| #this)),
    }
}

fn converted(krate: &TokenStream, input: &DeriveInput, source: &Type) -> Functions {
    let lifetime = lifetime(input);
    let name = input.ident.to_string();
    let from_value = quote_spanned! {place(source)=>
        let kind = value.kind_name();
        let source = <#source as #krate::FromValue<#lifetime>>::from_value(value)
            .map_err(|error| error.for_type(#name))?;
        <Self as ::core::convert::TryFrom<#source>>::try_from(source)
            .map_err(|error| #krate::value::ConversionError::because(#name, kind, error))
    };
    // The way over a value.
    let from_cell = quote! {
        let _ = cell;
        ::core::option::Option::None
    };
    Functions { from_value, from_cell }
}

fn named(krate: &TokenStream, input: &DeriveInput, names: &[(Ident, String)]) -> Functions {
    let lifetime = lifetime(input);
    let wanted = input.ident.to_string();
    let arms = |wrap: &TokenStream| {
        let arms = names.iter().map(|(ident, name)| quote!(#name => #wrap(Self::#ident)));
        arms.collect::<Vec<_>>()
    };
    let (by_value, by_cell) =
        (arms(&quote!(::core::result::Result::Ok)), arms(&quote!(::core::option::Option::Some)));
    let list: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
    let reason = format!(" is none of {}", list.join(", "));
    Functions {
        from_value: quote! {
            let text = <&#lifetime str as #krate::FromValue<#lifetime>>::from_value(value)
                .map_err(|error| error.for_type(#wanted))?;
            match text {
                #(#by_value,)*
                other => ::core::result::Result::Err(#krate::value::ConversionError::because(
                    #wanted,
                    value.kind_name(),
                    ::core::format_args!("{:?}{}", other, #reason),
                )),
            }
        },
        from_cell: quote! {
            match cell.as_text()? {
                #(#by_cell,)*
                _ => ::core::option::Option::None,
            }
        },
    }
}

fn numbered(krate: &TokenStream, input: &DeriveInput, repr: &Ident, idents: &[Ident]) -> Functions {
    let lifetime = lifetime(input);
    let wanted = input.ident.to_string();
    let ranges = check_numbers(&input.ident, repr, idents);
    let found = |wrap: TokenStream| {
        let checks = idents.iter().map(|ident| {
            quote! {
                if number == Self::#ident as #repr {
                    return #wrap(Self::#ident);
                }
            }
        });
        checks.collect::<TokenStream>()
    };
    let by_value = found(quote!(::core::result::Result::Ok));
    let by_cell = found(quote!(::core::option::Option::Some));
    Functions {
        from_value: quote! {
            #ranges
            let number = <#repr as #krate::FromValue<#lifetime>>::from_value(value)
                .map_err(|error| error.for_type(#wanted))?;
            #by_value
            ::core::result::Result::Err(#krate::value::ConversionError::because(
                #wanted,
                value.kind_name(),
                ::core::format_args!("{} is the number of no variant", number),
            ))
        },
        from_cell: quote! {
            let number = <#repr as #krate::FromValue<#lifetime>>::from_cell(cell)?;
            #by_cell
            ::core::option::Option::None
        },
    }
}
