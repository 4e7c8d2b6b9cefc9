//! The frozen structs that describe types, columns and parameters.

use super::data::Str;
use super::layout::{constants, frozen};

frozen! {
    /// A type: neutral kind, the database's own name, and its parameters.
    pub struct TypeDesc {
        /// See the type kinds.
        pub kind: u32,
        /// See the type flags.
        pub flags: u32,
        /// The database's own name of the type.
        pub vendor_name: Str,
        /// Length in characters or bytes; -1 when there is none.
        pub length: i64,
        /// Precision in digits; -1 when there is none.
        pub precision: i32,
        /// Scale in digits; `INT32_MIN` when there is none.
        pub scale: i32,
        /// Collation, or empty.
        pub collation: Str,
        /// Character set, or empty.
        pub charset: Str,
        /// Dimensions of an array; 0 when unknown or no array.
        pub array_dimensions: u32,
        /// Number of fields of a composite.
        pub n_fields: u32,
        /// Element type of an array, value type of a map, base of a domain; or null.
        pub element: *const TypeDesc,
        /// Fields of a composite, or null.
        pub fields: *const FieldDesc,
        /// Labels of an enumeration, or null.
        pub labels: *const Str,
        /// Number of labels.
        pub n_labels: u64,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// A field of a composite type.
    pub struct FieldDesc {
        /// Name.
        pub name: Str,
        /// Type.
        pub sql_type: TypeDesc,
    }

    /// A column of a result or of a table.
    pub struct ColumnDesc {
        /// Name as the result shows it.
        pub name: Str,
        /// Type.
        pub sql_type: TypeDesc,
        /// 0 not null, 1 nullable, 2 unknown.
        pub nullable: u32,
        /// Width in characters for display; 0 when unknown.
        pub display_size: u32,
        /// Catalog of the table it comes from, or empty.
        pub origin_catalog: Str,
        /// Schema of the table it comes from, or empty.
        pub origin_schema: Str,
        /// Table it comes from, or empty.
        pub origin_table: Str,
        /// Column it comes from, or empty.
        pub origin_column: Str,
        /// Zero.
        pub reserved: [u64; 2],
    }

    /// A parameter of a prepared statement.
    pub struct ParameterDesc {
        /// Name with its prefix as written (`:name`), or empty for positional ones.
        pub name: Str,
        /// Type, kind 0 when unknown.
        pub sql_type: TypeDesc,
    }

    /// Columns, in memory of the plugin that lives until the next call on the connection.
    pub struct ColumnSet {
        /// First column.
        pub columns: *const ColumnDesc,
        /// Number of columns.
        pub n_columns: usize,
    }

    /// Parameters, in memory of the plugin that lives until the next call on the connection.
    pub struct ParameterSet {
        /// First parameter.
        pub parameters: *const ParameterDesc,
        /// Number of parameters.
        pub n_parameters: usize,
    }
}

constants! {
    /// Flags of a type.
    pub mod type_flag: u32 {
        /// A number without sign.
        UNSIGNED = 1;
    }
}

impl TypeDesc {
    /// A type about which nothing is known.
    pub const UNKNOWN: TypeDesc = TypeDesc {
        kind: 0,
        flags: 0,
        vendor_name: Str::EMPTY,
        length: -1,
        precision: -1,
        scale: i32::MIN,
        collation: Str::EMPTY,
        charset: Str::EMPTY,
        array_dimensions: 0,
        n_fields: 0,
        element: core::ptr::null(),
        fields: core::ptr::null(),
        labels: core::ptr::null(),
        n_labels: 0,
        reserved: [0; 2],
    };
}
