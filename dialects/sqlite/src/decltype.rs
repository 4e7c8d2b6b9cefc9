//! Declared types of columns, as neutral types.
//!
//! SQLite stores any value in any column; the declared type decides only what is preferred. So the
//! kind is what the declaration means, read by name, and by the rules of
//! [column affinity](https://www.sqlite.org/datatype3.html#determination_of_column_affinity) for
//! names that are not known.

use aludel::dbapi::{SqlType, TypeKind};

/// The type of a declaration such as `VARCHAR(20)` or `UNSIGNED BIG INT`.
pub(crate) fn declared_type(declared: &str) -> SqlType {
    let (name, arguments) = split(declared);
    let upper = name.to_ascii_uppercase();
    let words: Vec<&str> = upper.split_ascii_whitespace().collect();
    let kind = by_name(&words.join(" ")).unwrap_or_else(|| by_affinity(&upper));
    let mut sql_type = SqlType::new(kind, declared.to_owned());
    sql_type.unsigned = words.contains(&"UNSIGNED");
    match kind {
        TypeKind::Numeric => {
            sql_type.precision = arguments.first().and_then(|digits| u32::try_from(*digits).ok());
            sql_type.scale = arguments.get(1).and_then(|digits| i32::try_from(*digits).ok());
        }
        TypeKind::Char | TypeKind::Varchar | TypeKind::Binary | TypeKind::Varbinary => {
            sql_type.length = arguments.first().and_then(|length| u64::try_from(*length).ok());
        }
        _ => {}
    }
    sql_type
}

/// The name without what stands in parentheses, and the numbers there.
fn split(declared: &str) -> (String, Vec<i64>) {
    let Some((name, rest)) = declared.split_once('(') else { return (declared.to_owned(), vec![]) };
    let (arguments, after) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = arguments.split(',').map_while(|number| number.trim().parse().ok()).collect();
    (format!("{name}{after}"), numbers)
}

fn by_name(name: &str) -> Option<TypeKind> {
    Some(match name {
        "BOOLEAN" | "BOOL" => TypeKind::Boolean,
        "TINYINT" => TypeKind::TinyInteger,
        "SMALLINT" | "INT2" => TypeKind::SmallInteger,
        "MEDIUMINT" | "INT4" => TypeKind::Integer,
        "DATE" => TypeKind::Date,
        "TIME" => TypeKind::Time,
        "DATETIME" | "TIMESTAMP" => TypeKind::Timestamp,
        "TIMESTAMPTZ" | "TIMESTAMP WITH TIME ZONE" => TypeKind::TimestampTz,
        "JSON" => TypeKind::Json,
        "UUID" => TypeKind::Uuid,
        "CHAR" | "CHARACTER" | "NCHAR" | "NATIVE CHARACTER" => TypeKind::Char,
        "VARCHAR" | "NVARCHAR" | "CHARACTER VARYING" | "VARYING CHARACTER" => TypeKind::Varchar,
        "BINARY" => TypeKind::Binary,
        "VARBINARY" => TypeKind::Varbinary,
        // The empty declaration has the affinity of BLOB, but says nothing.
        "" | "ANY" => TypeKind::Unknown,
        _ => return None,
    })
}

fn by_affinity(upper: &str) -> TypeKind {
    let has = |part: &str| upper.contains(part);
    if has("INT") {
        // INTEGER too: SQLite's have 64 bits.
        TypeKind::BigInteger
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        TypeKind::Text
    } else if has("BLOB") {
        TypeKind::Blob
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        // REAL too: SQLite's have 64 bits.
        TypeKind::Double
    } else {
        TypeKind::Numeric
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_have_the_kind_that_they_mean() {
        for (declared, kind) in [
            ("INTEGER", TypeKind::BigInteger),
            ("int", TypeKind::BigInteger),
            ("UNSIGNED BIG INT", TypeKind::BigInteger),
            ("smallint", TypeKind::SmallInteger),
            ("TEXT", TypeKind::Text),
            ("VARCHAR(20)", TypeKind::Varchar),
            ("Varying  Character (255)", TypeKind::Varchar),
            ("CLOB", TypeKind::Text),
            ("BLOB", TypeKind::Blob),
            ("REAL", TypeKind::Double),
            ("DOUBLE PRECISION", TypeKind::Double),
            ("DECIMAL(10,2)", TypeKind::Numeric),
            ("money", TypeKind::Numeric),
            ("DATETIME", TypeKind::Timestamp),
            ("BOOLEAN", TypeKind::Boolean),
            ("", TypeKind::Unknown),
        ] {
            assert_eq!(declared_type(declared).kind, kind, "{declared}");
        }
    }

    #[test]
    fn numbers_in_parentheses_are_length_or_precision_and_scale() {
        assert_eq!(declared_type("NVARCHAR(120)").length, Some(120));
        let decimal = declared_type("NUMERIC( 10 , 2 )");
        assert_eq!((decimal.precision, decimal.scale), (Some(10), Some(2)));
        assert_eq!(declared_type("NUMERIC").precision, None);
        assert_eq!(declared_type("VARCHAR(max").length, None);
        assert!(declared_type("INT(10) UNSIGNED").unsigned);
        assert_eq!(declared_type("INT(10) UNSIGNED").vendor_name, "INT(10) UNSIGNED");
    }
}
