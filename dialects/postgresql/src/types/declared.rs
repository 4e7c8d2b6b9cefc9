//! The types to declare for parameters when their statement is parsed.

use aludel::dbapi::{Params, SqlType, TypeKind};

use super::builtin::{array_of, by_name};
use super::encode::declared_type;
use super::pg_type::Oid;

/// The type to declare for the parameter at this place: the one that the program says, else
/// [what its value needs](declared_type); 0 leaves it to the server.
#[inline]
pub(crate) fn declared_at(params: Params<'_>, index: usize) -> Oid {
    match params.sql_type(index).and_then(|said| number(&said)) {
        Some(oid) => oid,
        None => declared_type(params.get(index)),
    }
}

/// The number of the builtin type that is meant: by the server's own name, or by its kind. Types of
/// the database's own have numbers that only it knows.
fn number(said: &SqlType) -> Option<Oid> {
    if said.kind == TypeKind::Other {
        return None;
    }
    if !said.vendor_name.is_empty() {
        return by_name(&said.vendor_name);
    }
    Some(match (said.kind, said.unsigned) {
        (TypeKind::Boolean, _) => 16,
        (TypeKind::TinyInteger, _) | (TypeKind::SmallInteger, false) => 21,
        (TypeKind::SmallInteger, true) | (TypeKind::Integer, false) => 23,
        (TypeKind::Integer, true) | (TypeKind::BigInteger, false) => 20,
        (TypeKind::BigInteger, true) | (TypeKind::HugeInteger | TypeKind::Numeric, _) => 1700,
        (TypeKind::Real, _) => 700,
        (TypeKind::Double, _) => 701,
        (TypeKind::Char, _) => 1042,
        (TypeKind::Varchar, _) => 1043,
        (TypeKind::Text, _) => 25,
        (TypeKind::Binary | TypeKind::Varbinary | TypeKind::Blob, _) => 17,
        (TypeKind::Date, _) => 1082,
        (TypeKind::Time, _) => 1083,
        (TypeKind::TimeTz, _) => 1266,
        (TypeKind::Timestamp, _) => 1114,
        (TypeKind::TimestampTz, _) => 1184,
        (TypeKind::Interval, _) => 1186,
        (TypeKind::Uuid, _) => 2950,
        (TypeKind::Json, _) => 3802,
        (TypeKind::Bit, _) => 1562,
        (TypeKind::Xml, _) => 142,
        (TypeKind::Array, _) => return array_of(number(said.element.as_deref()?)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::number;
    use crate::types::builtin;
    use aludel::dbapi::{SqlType, TypeKind};

    fn name(said: &SqlType) -> Option<String> {
        number(said).map(|oid| builtin(oid).expect("a builtin type").name.into_owned())
    }

    #[test]
    fn kinds_and_names_mean_types_of_the_server() {
        let of = |kind, vendor: &'static str| name(&SqlType::new(kind, vendor));
        assert_eq!(of(TypeKind::Integer, "").as_deref(), Some("integer"));
        assert_eq!(of(TypeKind::Varchar, "").as_deref(), Some("character varying"));
        assert_eq!(of(TypeKind::Json, "").as_deref(), Some("jsonb"));
        assert_eq!(of(TypeKind::Json, "json").as_deref(), Some("json"));
        assert_eq!(of(TypeKind::Integer, "INT4").as_deref(), Some("integer"));
        assert_eq!(of(TypeKind::Timestamp, "timestamp without time zone").as_deref(), {
            Some("timestamp without time zone")
        });
        let mut unsigned = SqlType::new(TypeKind::Integer, "");
        unsigned.unsigned = true;
        assert_eq!(name(&unsigned).as_deref(), Some("bigint"));
        let mut list = SqlType::new(TypeKind::Array, "");
        assert_eq!(name(&list), None, "of what?");
        list.element = Some(Box::new(SqlType::new(TypeKind::Text, "")));
        assert_eq!(name(&list).as_deref(), Some("text[]"));
    }

    #[test]
    fn what_only_the_database_knows_is_left_to_it() {
        for kind in [TypeKind::Unknown, TypeKind::Null, TypeKind::Enum, TypeKind::Struct] {
            assert_eq!(number(&SqlType::new(kind, "")), None, "{kind:?}");
        }
        assert_eq!(number(&SqlType::new(TypeKind::Text, "mood")), None);
        assert_eq!(number(&SqlType::new(TypeKind::Other, "inet")), None, "what a value is called");
    }
}
