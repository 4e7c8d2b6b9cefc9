//! What neutral types are called in DDL.

use aludel::dbapi::TypeKind;
use aludel::dialect::TypeName;

const fn type_name(kind: TypeKind, name: &'static str) -> TypeName {
    TypeName { kind, name }
}

/// The smallest type of PostgreSQL that holds all values of the neutral one.
pub(crate) const TYPE_NAMES: &[TypeName] = &[
    type_name(TypeKind::Boolean, "BOOLEAN"),
    type_name(TypeKind::TinyInteger, "SMALLINT"),
    type_name(TypeKind::SmallInteger, "SMALLINT"),
    type_name(TypeKind::Integer, "INTEGER"),
    type_name(TypeKind::BigInteger, "BIGINT"),
    type_name(TypeKind::HugeInteger, "NUMERIC(39)"),
    type_name(TypeKind::Real, "REAL"),
    type_name(TypeKind::Double, "DOUBLE PRECISION"),
    type_name(TypeKind::Numeric, "NUMERIC({precision}, {scale})"),
    type_name(TypeKind::Char, "CHAR({length})"),
    type_name(TypeKind::Varchar, "VARCHAR({length})"),
    type_name(TypeKind::Text, "TEXT"),
    type_name(TypeKind::Binary, "BYTEA"),
    type_name(TypeKind::Varbinary, "BYTEA"),
    type_name(TypeKind::Blob, "BYTEA"),
    type_name(TypeKind::Date, "DATE"),
    type_name(TypeKind::Time, "TIME"),
    type_name(TypeKind::TimeTz, "TIME WITH TIME ZONE"),
    type_name(TypeKind::Timestamp, "TIMESTAMP"),
    type_name(TypeKind::TimestampTz, "TIMESTAMP WITH TIME ZONE"),
    type_name(TypeKind::Interval, "INTERVAL"),
    type_name(TypeKind::Uuid, "UUID"),
    type_name(TypeKind::Json, "JSON"),
    type_name(TypeKind::Bit, "BIT({length})"),
    type_name(TypeKind::Xml, "XML"),
];
