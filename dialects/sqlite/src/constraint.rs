//! Which constraint refused a row, read from SQLite's message.

use std::ffi::c_int;

use aludel::error::{Constraint, ConstraintKind};
use rusqlite::ffi;

/// The constraint that a message names; `None` for codes that are about something else.
pub(crate) fn parse(code: c_int, message: &str) -> Option<Constraint> {
    let kind = kind(code)?;
    let mut constraint = Constraint::new(kind);
    let Some((_, subject)) = message.split_once(" constraint failed: ") else {
        return Some(constraint);
    };
    match kind {
        ConstraintKind::Check => constraint.name = Some(subject.to_owned()),
        ConstraintKind::Unique if subject.starts_with("index '") => {
            let name = subject.trim_start_matches("index '").trim_end_matches('\'');
            constraint.name = Some(name.to_owned());
        }
        _ => columns(subject, &mut constraint),
    }
    Some(constraint)
}

fn kind(code: c_int) -> Option<ConstraintKind> {
    Some(match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE => ConstraintKind::Unique,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            ConstraintKind::PrimaryKey
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => ConstraintKind::ForeignKey,
        ffi::SQLITE_CONSTRAINT_NOTNULL => ConstraintKind::NotNull,
        ffi::SQLITE_CONSTRAINT_CHECK => ConstraintKind::Check,
        _ if code & 0xff == ffi::SQLITE_CONSTRAINT => ConstraintKind::Other,
        _ => return None,
    })
}

/// Reads `t.a, t.b`. SQLite does not quote here: a comma or dot in a name makes it ambiguous, and
/// then the shortest table name is taken.
fn columns(subject: &str, constraint: &mut Constraint) {
    let Some((table, _)) = subject.split_once('.') else { return };
    let prefix = format!("{table}.");
    let separator = format!(", {prefix}");
    let Some(rest) = subject.strip_prefix(prefix.as_str()) else { return };
    constraint.columns = rest.split(separator.as_str()).map(str::to_owned).collect();
    constraint.table = Some(table.to_owned());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_and_columns_are_read_from_the_message() {
        let unique =
            parse(ffi::SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: t.a, t.b, c").unwrap();
        assert_eq!(unique.table.as_deref(), Some("t"));
        assert_eq!(unique.columns, ["a", "b, c"]);
        let key =
            parse(ffi::SQLITE_CONSTRAINT_PRIMARYKEY, "UNIQUE constraint failed: t.id").unwrap();
        assert_eq!(key.kind, ConstraintKind::PrimaryKey);
        assert_eq!(key.columns, ["id"]);
    }

    #[test]
    fn names_of_checks_and_indexes_are_names_of_the_constraint() {
        let check =
            parse(ffi::SQLITE_CONSTRAINT_CHECK, "CHECK constraint failed: positive").unwrap();
        assert_eq!(check.name.as_deref(), Some("positive"));
        let index = parse(ffi::SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: index 'lower'")
            .unwrap();
        assert_eq!((index.name.as_deref(), index.table), (Some("lower"), None));
    }

    #[test]
    fn what_the_message_does_not_tell_stays_empty() {
        let foreign =
            parse(ffi::SQLITE_CONSTRAINT_FOREIGNKEY, "FOREIGN KEY constraint failed").unwrap();
        assert_eq!(foreign, Constraint::new(ConstraintKind::ForeignKey));
        let trigger = parse(ffi::SQLITE_CONSTRAINT_TRIGGER, "no deletes here").unwrap();
        assert_eq!(trigger.kind, ConstraintKind::Other);
        assert!(parse(ffi::SQLITE_BUSY, "database is locked").is_none());
    }
}
