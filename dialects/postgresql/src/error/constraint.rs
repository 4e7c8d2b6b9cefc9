//! Which constraint refused a change, from the fields of the error.

use aludel::{Constraint, ConstraintKind};

use crate::wire::ErrorFields;

/// The constraint, for errors that are about one.
///
/// A primary key and a unique constraint have the same SQLSTATE: what has the name that PostgreSQL
/// gives to primary keys (`…_pkey`) is taken for one. Columns come from the field for NOT NULL, and
/// for unique and exclusion constraints from the detail, whose form `(columns)=(values)` every
/// translation keeps. Those of foreign keys are left out: the detail names the columns of the
/// table that was changed, and does not say which of the two it is.
pub(super) fn constraint(fields: &ErrorFields) -> Option<Constraint> {
    let kind = kind(fields)?;
    let mut constraint = Constraint::new(kind);
    constraint.name = fields.constraint.clone();
    constraint.schema = fields.schema.clone();
    constraint.table = fields.table.clone();
    constraint.columns = match kind {
        ConstraintKind::Unique | ConstraintKind::PrimaryKey | ConstraintKind::Exclusion => {
            fields.detail.as_deref().and_then(key_columns).unwrap_or_default()
        }
        _ => fields.column.iter().cloned().collect(),
    };
    Some(constraint)
}

fn kind(fields: &ErrorFields) -> Option<ConstraintKind> {
    Some(match fields.code.as_str() {
        "23502" => ConstraintKind::NotNull,
        "23001" | "23503" => ConstraintKind::ForeignKey,
        "23505" if fields.constraint.as_deref().is_some_and(is_primary_key) => {
            ConstraintKind::PrimaryKey
        }
        "23505" => ConstraintKind::Unique,
        "23514" => ConstraintKind::Check,
        "23P01" => ConstraintKind::Exclusion,
        code if code.starts_with("23") => ConstraintKind::Other,
        // RAISE … USING CONSTRAINT.
        _ if fields.constraint.is_some() => ConstraintKind::Other,
        _ => return None,
    })
}

/// `t_pkey`, and `t_pkey1` where that was taken.
fn is_primary_key(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_pkey")
}

/// The columns of `… (a, "B c")=(1, 2) …`; none when one of them is an expression.
fn key_columns(detail: &str) -> Option<Vec<String>> {
    let mut rest = &detail[detail.find('(')? + 1..];
    let mut columns = Vec::new();
    loop {
        let (column, after) = identifier(rest)?;
        columns.push(column);
        match after.strip_prefix(", ") {
            Some(next) => rest = next,
            None => return after.starts_with(")=(").then_some(columns),
        }
    }
}

/// An identifier as the server writes it, quoted where it has to be.
fn identifier(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let mut name = String::new();
    loop {
        let quote = rest.find('"')?;
        name.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        let Some(doubled) = rest.strip_prefix('"') else { return Some((name, rest)) };
        name.push('"');
        rest = doubled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(code: &str, name: Option<&str>, detail: Option<&str>) -> ErrorFields {
        ErrorFields {
            code: code.to_owned(),
            constraint: name.map(str::to_owned),
            detail: detail.map(str::to_owned),
            ..ErrorFields::default()
        }
    }

    fn columns(detail: &str) -> Vec<String> {
        constraint(&fields("23505", Some("t_key"), Some(detail))).unwrap().columns
    }

    #[test]
    fn each_integrity_error_names_its_kind_of_constraint() {
        for (code, name, kind) in [
            ("23502", None, ConstraintKind::NotNull),
            ("23503", Some("t_a_fkey"), ConstraintKind::ForeignKey),
            ("23001", Some("t_a_fkey"), ConstraintKind::ForeignKey),
            ("23505", Some("t_pkey"), ConstraintKind::PrimaryKey),
            ("23505", Some("t_pkey1"), ConstraintKind::PrimaryKey),
            ("23505", Some("t_a_key"), ConstraintKind::Unique),
            ("23505", None, ConstraintKind::Unique),
            ("23514", Some("t_check"), ConstraintKind::Check),
            ("23P01", Some("t_excl"), ConstraintKind::Exclusion),
            ("23000", None, ConstraintKind::Other),
            ("P0001", Some("mine"), ConstraintKind::Other),
        ] {
            let found = constraint(&fields(code, name, None)).unwrap();
            assert_eq!((found.kind, found.name.as_deref()), (kind, name), "{code}");
        }
        assert_eq!(constraint(&fields("42P01", None, None)), None);
    }

    #[test]
    fn the_columns_of_a_key_come_from_the_detail_in_any_language() {
        assert_eq!(columns("Key (a)=(1) already exists."), ["a"]);
        assert_eq!(columns("Schlüssel »(a, b)=(1, ')=(')« existiert bereits."), ["a", "b"]);
        assert_eq!(
            columns("キー (\"Ärger, \"\"x\"\"\", ö)=(1, 2) はすでに存在します。"),
            ["Ärger, \"x\"", "ö"]
        );
    }

    #[test]
    fn details_that_are_something_else_give_no_columns() {
        for detail in [
            "Key (lower(name))=(x) already exists.",
            "Key ((a + b))=(1) already exists.",
            "Key (",
            "Key (\"never closed",
            "Key ()=(1)",
            "Key (a, )=(1)",
            "nothing",
            "",
        ] {
            assert_eq!(columns(detail), [""; 0], "{detail}");
        }
    }
}
