//! Types and columns: one description for results, parameters and reflection.

use std::borrow::Cow;

use crate::abi::layout::numbered;

numbered! {
    /// The neutral kind of a type, the same for every database (ISO/IEC 9075-2 where it has one).
    #[non_exhaustive]
    pub enum TypeKind {
        /// Not known; SQLite's expressions have no type.
        Unknown = 0,
        /// The type of a bare NULL.
        Null = 1,
        /// BOOLEAN.
        Boolean = 2,
        /// Integer of 8 bits.
        TinyInteger = 3,
        /// SMALLINT, 16 bits.
        SmallInteger = 4,
        /// INTEGER, 32 bits.
        Integer = 5,
        /// BIGINT, 64 bits.
        BigInteger = 6,
        /// Integer of 128 bits.
        HugeInteger = 7,
        /// REAL, IEEE 754 binary32.
        Real = 8,
        /// DOUBLE PRECISION, IEEE 754 binary64.
        Double = 9,
        /// NUMERIC, DECIMAL.
        Numeric = 10,
        /// CHARACTER(n).
        Char = 11,
        /// CHARACTER VARYING(n).
        Varchar = 12,
        /// Text without a length.
        Text = 13,
        /// BINARY(n).
        Binary = 14,
        /// BINARY VARYING(n).
        Varbinary = 15,
        /// Bytes without a length.
        Blob = 16,
        /// DATE.
        Date = 17,
        /// TIME.
        Time = 18,
        /// TIME WITH TIME ZONE.
        TimeTz = 19,
        /// TIMESTAMP.
        Timestamp = 20,
        /// TIMESTAMP WITH TIME ZONE.
        TimestampTz = 21,
        /// INTERVAL.
        Interval = 22,
        /// UUID.
        Uuid = 23,
        /// JSON.
        Json = 24,
        /// ARRAY; the element type tells of what.
        Array = 25,
        /// Composite, row type.
        Struct = 26,
        /// Map; the element type is that of the values.
        Map = 27,
        /// Enumeration; the labels tell which.
        Enum = 28,
        /// BIT, BIT VARYING.
        Bit = 29,
        /// XML.
        Xml = 30,
        /// Any other type; the vendor name tells which.
        Other = 31,
    }
}

impl TypeKind {
    /// The kind of an ABI number; numbers not known here are [`TypeKind::Unknown`].
    pub fn from_code(code: u32) -> Self {
        Self::known(code).unwrap_or(TypeKind::Unknown)
    }
}

#[allow(clippy::derivable_impls)] // the enumeration comes from a macro that has no attribute for a default
impl Default for TypeKind {
    fn default() -> Self {
        TypeKind::Unknown
    }
}

/// A type: what every database means by it, and what this one calls it.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct SqlType {
    /// Neutral kind.
    pub kind: TypeKind,
    /// The database's own name; empty when it has none.
    pub vendor_name: Cow<'static, str>,
    /// Length in characters or bytes.
    pub length: Option<u64>,
    /// Precision in digits.
    pub precision: Option<u32>,
    /// Scale in digits; may be negative.
    pub scale: Option<i32>,
    /// True for unsigned numbers.
    pub unsigned: bool,
    /// Collation.
    pub collation: Option<String>,
    /// Character set.
    pub charset: Option<String>,
    /// Dimensions of an array; 0 when unknown.
    pub array_dimensions: u32,
    /// Element type of an array, value type of a map, base of a domain.
    pub element: Option<Box<SqlType>>,
    /// Names and types of a composite's fields.
    pub fields: Vec<(String, SqlType)>,
    /// Labels of an enumeration.
    pub labels: Vec<String>,
}

impl SqlType {
    /// A type of this kind and vendor name without further parameters.
    pub fn new(kind: TypeKind, vendor_name: impl Into<Cow<'static, str>>) -> Self {
        SqlType { kind, vendor_name: vendor_name.into(), ..SqlType::default() }
    }
}

/// Where a result column comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Catalog; SQLite's attached database.
    pub catalog: String,
    /// Schema.
    pub schema: String,
    /// Table.
    pub table: String,
    /// Column.
    pub column: String,
}

/// A column of a result or of a table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Column {
    /// Name as the result shows it.
    pub name: String,
    /// Type.
    pub sql_type: SqlType,
    /// Whether it may be NULL; `None` when the database does not tell.
    pub nullable: Option<bool>,
    /// Width in characters for display.
    pub display_size: Option<u32>,
    /// Table and column that it comes from.
    pub origin: Option<Origin>,
}

impl Column {
    /// A column of this name and type; the rest is unknown.
    pub fn new(name: impl Into<String>, sql_type: SqlType) -> Self {
        Column { name: name.into(), sql_type, nullable: None, display_size: None, origin: None }
    }
}

/// A parameter of a prepared statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parameter {
    /// Name with its prefix as written in the statement (`:name`, `?2`); `None` for positional ones.
    pub name: Option<String>,
    /// Type, as far as the database tells.
    pub sql_type: SqlType,
}
