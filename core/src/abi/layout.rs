//! Descriptions of the ABI's structs and tables, made by the macros that define them.
//!
//! One definition serves four readers: the Rust struct, the layout hash that host and plugin
//! compare, the abi_stable witness, and the generated C header.

/// A field of a struct.
#[derive(Debug, Clone, Copy)]
pub struct FieldLayout {
    /// Name of the field.
    pub name: &'static str,
    /// Rust type as written.
    pub ty: &'static str,
    /// Documentation, one entry a line.
    pub docs: &'static [&'static str],
    /// Bytes from the start of the struct.
    pub offset: usize,
    /// Size in bytes.
    pub size: usize,
}

/// A struct.
#[derive(Debug, Clone, Copy)]
pub struct StructLayout {
    /// Name of the struct.
    pub name: &'static str,
    /// Documentation, one entry a line.
    pub docs: &'static [&'static str],
    /// Size in bytes.
    pub size: usize,
    /// Alignment in bytes.
    pub align: usize,
    /// Fields in memory order.
    pub fields: &'static [FieldLayout],
}

/// One entry of a table.
#[derive(Debug, Clone, Copy)]
pub struct EntryLayout {
    /// Name of the entry.
    pub name: &'static str,
    /// Documentation, one entry a line.
    pub docs: &'static [&'static str],
    /// Parameters: name and Rust type.
    pub params: &'static [(&'static str, &'static str)],
    /// Rust type of the result.
    pub result: &'static str,
    /// Bytes from the start of the table.
    pub offset: usize,
}

/// A table of functions: `size` first, entries appended and never moved.
#[derive(Debug, Clone, Copy)]
pub struct TableLayout {
    /// Name of the table.
    pub name: &'static str,
    /// Documentation, one entry a line.
    pub docs: &'static [&'static str],
    /// Entries in memory order.
    pub entries: &'static [EntryLayout],
}

/// A named number that crosses the boundary.
#[derive(Debug, Clone, Copy)]
pub struct Constant {
    /// Name of the constant, without the prefix of its group.
    pub name: &'static str,
    /// Value.
    pub value: u64,
    /// Documentation, one entry a line.
    pub docs: &'static [&'static str],
}

/// Defines a `#[repr(C)]` struct whose layout is frozen within an ABI version.
macro_rules! frozen {
    ($(
        $(#[doc = $sdoc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $fdoc:literal])* pub $field:ident : $ty:ty, )*
        }
    )*) => {$(
        $(#[doc = $sdoc])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        #[cfg_attr(feature = "abi-witness", derive(abi_stable::StableAbi))]
        pub struct $name {
            $( $(#[doc = $fdoc])* pub $field: $ty, )*
        }

        $crate::abi::layout::describe! {
            $name, [$($sdoc),*], $( $field: $ty = [$($fdoc),*], )*
        }
    )*};
}

/// Defines a `#[repr(C)]` struct that says how large it is and may grow, so that it stays outside the
/// layout hash: what a plugin file exports, and what the host hands to it.
macro_rules! growing {
    ($(
        $(#[doc = $sdoc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $fdoc:literal])* pub $field:ident : $ty:ty, )*
        }
    )*) => {$(
        $(#[doc = $sdoc])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name {
            $( $(#[doc = $fdoc])* pub $field: $ty, )*
        }

        $crate::abi::layout::describe! {
            $name, [$($sdoc),*], $( $field: $ty = [$($fdoc),*], )*
        }
    )*};
}

/// The `LAYOUT` of a struct.
macro_rules! describe {
    ($name:ident, [$($sdoc:literal),*], $( $field:ident : $ty:ty = [$($fdoc:literal),*], )*) => {
        impl $name {
            /// How this struct lies in memory.
            pub const LAYOUT: $crate::abi::layout::StructLayout = $crate::abi::layout::StructLayout {
                name: stringify!($name),
                docs: &[$($sdoc),*],
                size: size_of::<$name>(),
                align: align_of::<$name>(),
                fields: &[$( $crate::abi::layout::FieldLayout {
                    name: stringify!($field),
                    ty: stringify!($ty),
                    docs: &[$($fdoc),*],
                    offset: core::mem::offset_of!($name, $field),
                    size: size_of::<$ty>(),
                } ),*],
            };
        }
    };
}

/// Defines a table of nullable functions, `size` first.
macro_rules! table {
    ($(
        $(#[doc = $tdoc:literal])*
        pub struct $name:ident {
            $( $(#[doc = $edoc:literal])* $entry:ident : fn($($param:ident : $pty:ty),* $(,)?) -> $ret:ty, )*
        }
    )*) => {$(
        $(#[doc = $tdoc])*
        #[repr(C)]
        #[derive(Clone, Copy)]
        pub struct $name {
            /// Bytes of this table that its maker knows; entries beyond are absent.
            pub size: usize,
            $( $(#[doc = $edoc])* pub $entry: Option<unsafe extern "C" fn($($param: $pty),*) -> $ret>, )*
        }

        impl $name {
            /// A table without any entry.
            pub const EMPTY: $name = $name { size: size_of::<$name>(), $($entry: None),* };
            /// Entries of this table.
            pub const LAYOUT: $crate::abi::layout::TableLayout = $crate::abi::layout::TableLayout {
                name: stringify!($name),
                docs: &[$($tdoc),*],
                entries: &[$( $crate::abi::layout::EntryLayout {
                    name: stringify!($entry),
                    docs: &[$($edoc),*],
                    params: &[$((stringify!($param), stringify!($pty))),*],
                    result: stringify!($ret),
                    offset: core::mem::offset_of!($name, $entry),
                } ),*],
            };
        }
    )*};
}

/// Defines a module of named numbers and the list of them.
macro_rules! constants {
    ($(#[doc = $mdoc:literal])* pub mod $module:ident : $ty:ty {
        $( $(#[doc = $cdoc:literal])* $name:ident = $value:expr; )*
    }) => {
        $(#[doc = $mdoc])*
        pub mod $module {
            $( $(#[doc = $cdoc])* pub const $name: $ty = $value; )*
            /// All of them, for the layout hash and the C header.
            pub const ALL: &[$crate::abi::layout::Constant] = &[$( $crate::abi::layout::Constant {
                name: stringify!($name),
                value: $name as u64,
                docs: &[$($cdoc),*],
            } ),*];
        }
    };
}

/// Defines an enumeration whose numbers cross the boundary and whose list grows.
macro_rules! numbered {
    ($(#[$meta:meta])* pub enum $name:ident {
        $( $(#[doc = $vdoc:literal])* $variant:ident = $code:literal, )*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum $name {
            $( $(#[doc = $vdoc])* $variant = $code, )*
        }

        impl $name {
            /// Every value with its number, for the C header.
            pub const CODES: &'static [$crate::abi::layout::Constant] =
                &[$( $crate::abi::layout::Constant {
                    name: stringify!($variant),
                    value: $code,
                    docs: &[$($vdoc),*],
                } ),*];

            /// The number in the ABI.
            pub const fn code(self) -> u32 {
                self as u32
            }

            /// The value of a number of the ABI, where it is known here.
            pub(crate) const fn known(code: u32) -> Option<Self> {
                match code {
                    $( $code => Some($name::$variant), )*
                    _ => None,
                }
            }
        }
    };
}

pub(crate) use {constants, describe, frozen, growing, numbered, table};

const fn mix(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    hash
}

const fn mix_number(hash: u64, number: usize) -> u64 {
    mix(hash, &(number as u64).to_le_bytes())
}

/// FNV-1a over names, types, offsets and sizes of the structs, the constants, pointer width and
/// byte order: equal hashes mean that both sides read the same bytes in the same way.
pub const fn hash(structs: &[StructLayout], constants: &[(&str, &[Constant])]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < structs.len() {
        hash = mix(hash, structs[i].name.as_bytes());
        hash = mix_number(hash, structs[i].size);
        hash = mix_number(hash, structs[i].align);
        let fields = structs[i].fields;
        let mut f = 0;
        while f < fields.len() {
            hash = mix(hash, fields[f].name.as_bytes());
            hash = mix_number(hash, fields[f].offset);
            hash = mix_number(hash, fields[f].size);
            f += 1;
        }
        i += 1;
    }
    let mut g = 0;
    while g < constants.len() {
        let (group, list) = constants[g];
        hash = mix(hash, group.as_bytes());
        let mut c = 0;
        while c < list.len() {
            hash = mix(hash, list[c].name.as_bytes());
            hash = mix(hash, &list[c].value.to_le_bytes());
            c += 1;
        }
        g += 1;
    }
    hash = mix_number(hash, size_of::<usize>());
    mix_number(hash, cfg!(target_endian = "big") as usize)
}
