//! From the fields of an ErrorResponse to an error.

use aludel::{Error, ErrorKind};

use super::class::class;
use super::{constraint, help, outcome, position};
use crate::wire::ErrorFields;

/// The error that the server reports; `sql` is the text exactly as it was sent, where there is one
/// and its positions are those of the program's statement.
///
/// `transaction_aborted` is set for statements that came too late (25P02). Whether this very error
/// aborted a transaction stands in the ReadyForQuery that follows; the connection adds it then.
#[cold]
pub(crate) fn from_server(fields: &ErrorFields, sql: Option<&str>) -> Error {
    of_kind(class(&fields.code), fields, sql)
}

/// The error that the server reports instead of a session. An unknown database is one too: PEP 249
/// counts a data source that is not found among the operational errors, whatever its SQLSTATE.
#[cold]
pub(crate) fn from_startup(fields: &ErrorFields) -> Error {
    let kind = match class(&fields.code) {
        ErrorKind::Programming | ErrorKind::Data => ErrorKind::Operational,
        kind => kind,
    };
    of_kind(kind, fields, None)
}

fn of_kind(kind: ErrorKind, fields: &ErrorFields, sql: Option<&str>) -> Error {
    let mut error = Error::new(kind, message(fields)).with_sqlstate(&fields.code);
    if let Some(detail) = &fields.detail {
        error = error.with_detail(detail);
    }
    if let Some(hint) = &fields.hint {
        error = error.with_hint(hint);
    }
    if let Some(context) = &fields.context {
        error = error.with_context(context);
    }
    if let Some(data_type) = &fields.data_type {
        error = error.with_data_type(data_type);
    }
    if let Some(constraint) = constraint::constraint(fields) {
        error = error.with_constraint(constraint);
    } else {
        error = with_object(error, fields);
    }
    if let Some(help) = help::help(fields) {
        error = error.with_help(help);
    }
    with_outcome(with_position(error, fields, sql), fields)
}

/// A lying server may leave the message out.
fn message(fields: &ErrorFields) -> &str {
    match fields.message.as_str() {
        "" => "the server reports an error without a message",
        message => message,
    }
}

fn with_position(mut error: Error, fields: &ErrorFields, sql: Option<&str>) -> Error {
    let character = sql.zip(fields.position);
    if let Some(byte) = character.and_then(|(sql, character)| position::byte_of(sql, character)) {
        error = error.with_position(byte);
    }
    let Some(query) = &fields.internal_query else { return error };
    let query = match fields.internal_position {
        Some(at) => format!("{query} (character {at})"),
        None => query.clone(),
    };
    error.with_note("internal query", query)
}

/// Objects that an error names without being about a constraint, as RAISE … USING may.
fn with_object(mut error: Error, fields: &ErrorFields) -> Error {
    let parts = [("schema", &fields.schema), ("table", &fields.table), ("column", &fields.column)];
    for (label, name) in parts {
        if let Some(name) = name {
            error = error.with_note(label, name);
        }
    }
    error
}

fn with_outcome(mut error: Error, fields: &ErrorFields) -> Error {
    if outcome::is_disconnect(fields) {
        error = error.disconnected();
    }
    if outcome::is_retryable(&fields.code) {
        error = error.retryable();
    }
    if fields.code == "25P02" {
        error = error.transaction_aborted();
    }
    error
}

#[cfg(test)]
mod tests {
    use aludel::{ConstraintKind, ErrorKind};

    use super::*;

    fn error(body: &[u8], sql: Option<&str>) -> Error {
        from_server(&ErrorFields::parse(body), sql)
    }

    #[test]
    fn every_field_of_a_unique_violation_arrives() {
        let error = error(
            b"SFEHLER\0VERROR\0C23505\0MSchl\xc3\xbcssel doppelt\0DKey (a, \"B\")=(1, 2) exists.\0\
              sshop\0torders\0norders_a_B_key\0Fnbtinsert.c\0L1\0R_bt_check_unique\0\0",
            None,
        );
        assert_eq!((error.kind(), error.sqlstate()), (ErrorKind::Integrity, Some("23505")));
        assert_eq!(error.message(), "Schlüssel doppelt");
        assert_eq!(error.detail(), Some("Key (a, \"B\")=(1, 2) exists."));
        let constraint = error.constraint().unwrap();
        assert_eq!(constraint.kind, ConstraintKind::Unique);
        assert_eq!(constraint.name.as_deref(), Some("orders_a_B_key"));
        assert_eq!(constraint.schema.as_deref(), Some("shop"));
        assert_eq!(constraint.table.as_deref(), Some("orders"));
        assert_eq!(constraint.columns, ["a", "B"]);
        assert!(!error.is_disconnect() && !error.is_retryable());
    }

    #[test]
    fn a_position_counts_the_bytes_of_the_statement() {
        let sql = "select 'ä', missing";
        let body = b"VERROR\0C42703\0Mcolumn \"missing\" does not exist\0Hcheck\0P13\0\0";
        let found = error(body, Some(sql));
        assert_eq!(found.kind(), ErrorKind::Programming);
        assert_eq!(found.position(), Some(sql.find("missing").unwrap() as u64));
        assert_eq!(found.hint(), Some("check"));
        assert_eq!(error(body, None).position(), None);
    }

    #[test]
    fn context_internal_query_and_named_objects_are_kept() {
        let error = error(
            b"VERROR\0CP0001\0Mno\0WPL/pgSQL function f() line 3 at RAISE\0qselect x\0p8\0\
              tthings\0cx\0dpositive\0\0",
            Some("select f()"),
        );
        assert_eq!(error.kind(), ErrorKind::Database);
        assert_eq!(error.context(), Some("PL/pgSQL function f() line 3 at RAISE"));
        assert_eq!(error.data_type(), Some("positive"));
        assert_eq!(error.position(), None);
        assert_eq!(
            error.notes().collect::<Vec<_>>(),
            [("table", "things"), ("column", "x"), ("internal query", "select x (character 8)"),]
        );
    }

    #[test]
    fn what_the_error_means_for_session_and_transaction_is_told() {
        let deadlock = error(b"VERROR\0C40P01\0Mdeadlock detected\0\0", None);
        assert!(deadlock.is_retryable() && !deadlock.is_disconnect());
        assert!(error(b"VERROR\0C25P02\0Maborted\0\0", None).is_transaction_aborted());
        let ended = error(b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0", None);
        assert!(ended.is_disconnect());
        assert_eq!(ended.sqlstate(), Some("57P01"));
    }

    #[test]
    fn a_lying_server_gives_an_error_too() {
        for body in [&b""[..], b"\0", b"C\0\0", b"P-1\0M\0", b"C\xff\xff\xff\xff\xff\0\0"] {
            let found = error(body, Some("select 1"));
            assert_eq!(found.message(), "the server reports an error without a message");
            assert_eq!((found.kind(), found.sqlstate()), (ErrorKind::Database, None));
        }
        assert_eq!(error(b"P4294967295\0Mx\0\0", Some("x")).position(), None);
    }

    #[test]
    fn errors_of_the_usual_mistakes_say_what_to_do() {
        for (code, help) in [
            ("28P01", "PGPASSWORD"),
            ("3D000", "create the database"),
            ("53300", "max_connections"),
            ("57P03", "try again"),
            ("25P02", "roll back"),
            ("42P18", "$1::integer"),
            ("54023", "any($1)"),
            ("26000", "prepared_statements=off"),
        ] {
            let body = format!("VERROR\0C{code}\0Mx\0\0");
            let found = error(body.as_bytes(), None);
            assert!(found.help().unwrap().contains(help), "{code}");
        }
        let bind = error(b"VERROR\0C08P01\0Mx\0Rexec_bind_message\0\0", None);
        assert!(bind.help().unwrap().contains("one value for each"));
        assert!(!bind.is_disconnect());
    }
}
