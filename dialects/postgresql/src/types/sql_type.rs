//! What the host is told about a type: its neutral kind, and what its modifier says.

use std::borrow::Cow;

use aludel::dbapi::{SqlType, TypeKind};

use super::pg_type::{Kind, Oid, PgType};

const BPCHAR: Oid = 1042;
const VARCHAR: Oid = 1043;
const NAME: Oid = 19;
const BIT: Oid = 1560;
const VARBIT: Oid = 1562;

/// Bytes that a modifier counts in beside what it tells (the server's VARHDRSZ).
const HEADER: i32 = 4;

/// Types within types that are described; a described type further down is named only.
const MAX_DEPTH: u32 = 8;

/// The neutral description of a type with the modifier of a column (`atttypmod`; -1 for none).
pub(crate) fn sql_type(ty: &PgType, modifier: i32) -> SqlType {
    describe(ty, modifier, 0)
}

fn describe(ty: &PgType, modifier: i32, depth: u32) -> SqlType {
    let mut sql_type = SqlType::new(type_kind(ty), ty.name.clone());
    set_modifier(&mut sql_type, ty, modifier);
    if depth == MAX_DEPTH {
        return sql_type;
    }
    match &ty.kind {
        Kind::Char => sql_type.length = Some(1),
        Kind::UInt4 | Kind::UInt8 => sql_type.unsigned = true,
        Kind::Enum(labels) => sql_type.labels.clone_from(labels),
        // The modifier of an array is that of its elements.
        Kind::Array(element) => {
            sql_type.element = Some(Box::new(describe(element, modifier, depth + 1)));
        }
        Kind::Composite(fields) => {
            let field = |field: &super::pg_type::Field| {
                (field.name.clone(), describe(&field.ty, field.modifier, depth + 1))
            };
            sql_type.fields = fields.iter().map(field).collect();
        }
        Kind::Domain(base) => {
            let base = describe(&base.ty, base.modifier, depth + 1);
            sql_type = of_domain(base, ty.name.clone());
        }
        _ => {}
    }
    sql_type
}

/// A domain is what its base is, under a name of its own. Its element is the base, unless that has
/// elements itself.
fn of_domain(base: SqlType, name: Cow<'static, str>) -> SqlType {
    let mut sql_type = base.clone();
    sql_type.vendor_name = name;
    sql_type.element.get_or_insert_with(|| Box::new(base));
    sql_type
}

fn type_kind(ty: &PgType) -> TypeKind {
    match &ty.kind {
        Kind::Bool => TypeKind::Boolean,
        Kind::Bytea => TypeKind::Blob,
        Kind::Char => TypeKind::Char,
        Kind::Int2 => TypeKind::SmallInteger,
        Kind::Int4 | Kind::UInt4 => TypeKind::Integer,
        Kind::Int8 | Kind::UInt8 => TypeKind::BigInteger,
        Kind::Float4 => TypeKind::Real,
        Kind::Float8 => TypeKind::Double,
        Kind::Numeric => TypeKind::Numeric,
        Kind::Text => match ty.oid {
            BPCHAR => TypeKind::Char,
            VARCHAR => TypeKind::Varchar,
            _ => TypeKind::Text,
        },
        Kind::String => TypeKind::Text,
        Kind::Date => TypeKind::Date,
        Kind::Time => TypeKind::Time,
        Kind::TimeTz => TypeKind::TimeTz,
        Kind::Timestamp => TypeKind::Timestamp,
        Kind::TimestampTz => TypeKind::TimestampTz,
        Kind::Interval => TypeKind::Interval,
        Kind::Uuid => TypeKind::Uuid,
        Kind::Json | Kind::Jsonb => TypeKind::Json,
        Kind::Bit => TypeKind::Bit,
        Kind::Xml => TypeKind::Xml,
        Kind::Enum(_) => TypeKind::Enum,
        Kind::Domain(base) => type_kind(&base.ty),
        Kind::Array(_) => TypeKind::Array,
        Kind::Composite(_) | Kind::Record => TypeKind::Struct,
        Kind::Network | Kind::MacAddress | Kind::Void | Kind::Range | Kind::Other => {
            TypeKind::Other
        }
    }
}

fn set_modifier(sql_type: &mut SqlType, ty: &PgType, modifier: i32) {
    if ty.oid == NAME {
        // NAMEDATALEN less one, unless the server was built with another.
        sql_type.length = Some(63);
    }
    if modifier < 0 {
        return;
    }
    match ty.oid {
        BPCHAR | VARCHAR => sql_type.length = u64::try_from(modifier - HEADER).ok(),
        BIT | VARBIT => sql_type.length = u64::try_from(modifier).ok(),
        _ => {}
    }
    match ty.kind {
        Kind::Numeric if modifier >= HEADER => {
            let modifier = modifier - HEADER;
            // Eleven bits with a sign, since scales may be negative.
            let scale = ((modifier & 0x7FF) ^ 0x400) - 0x400;
            sql_type.precision = Some((modifier >> 16) as u32 & 0xFFFF);
            sql_type.scale = Some(scale);
        }
        Kind::Time | Kind::TimeTz | Kind::Timestamp | Kind::TimestampTz => {
            sql_type.precision = Some(modifier as u32);
        }
        // The upper half says which fields there are, the lower one how many digits, if that is said.
        Kind::Interval if modifier & 0xFFFF != 0xFFFF => {
            sql_type.precision = Some(modifier as u32 & 0xFFFF);
        }
        _ => {}
    }
}
