//! What an error means for the connection and for the transaction.

use crate::wire::ErrorFields;

/// True when the session is over.
///
/// FATAL and PANIC end it. So do shutdowns and the timeouts of sessions, and class 08, unless the
/// error comes out of a function of the server that goes on: `postgres_fdw` and `dblink` report
/// the loss of *their* connections with codes of class 08, and a malformed message of ours (08P01)
/// is survived too. Errors of the server itself name the routine that reports them, those that a
/// proxy makes up do not.
pub(super) fn is_disconnect(fields: &ErrorFields) -> bool {
    fields.is_fatal()
        || matches!(fields.code.as_str(), "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04")
        || fields.code.starts_with("08") && fields.routine.is_none()
}

/// True when the same transaction may succeed if it is run again: serialization failure, deadlock,
/// a lock that somebody else holds, a snapshot that got too old.
pub(super) fn is_retryable(sqlstate: &str) -> bool {
    matches!(sqlstate, "40001" | "40P01" | "55P03" | "72000")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(severity: &str, code: &str, routine: Option<&str>) -> ErrorFields {
        ErrorFields {
            severity: severity.to_owned(),
            code: code.to_owned(),
            routine: routine.map(str::to_owned),
            ..ErrorFields::default()
        }
    }

    #[test]
    fn fatal_errors_shutdowns_and_session_timeouts_end_the_session() {
        for (severity, code) in [
            ("FATAL", "28P01"),
            ("PANIC", "XX000"),
            ("FATAL", ""),
            ("ERROR", "57P01"),
            ("ERROR", "57P02"),
            ("ERROR", "57P03"),
            ("ERROR", "57P05"),
            ("ERROR", "25P03"),
            ("ERROR", "25P04"),
        ] {
            assert!(is_disconnect(&fields(severity, code, Some("ProcessInterrupts"))), "{code}");
        }
        for code in ["23505", "40001", "57014", "25P02", "25006", "XX000"] {
            assert!(!is_disconnect(&fields("ERROR", code, None)), "{code}");
        }
    }

    #[test]
    fn a_connection_that_a_function_of_the_server_lost_is_not_ours() {
        assert!(!is_disconnect(&fields("ERROR", "08006", Some("pgfdw_report_error"))));
        assert!(!is_disconnect(&fields("ERROR", "08P01", Some("exec_bind_message"))));
        assert!(is_disconnect(&fields("ERROR", "08006", None)));
        assert!(is_disconnect(&fields("FATAL", "08P01", Some("ProcessStartupPacket"))));
    }

    #[test]
    fn transactions_that_others_got_in_the_way_of_are_worth_another_try() {
        for code in ["40001", "40P01", "55P03", "72000"] {
            assert!(is_retryable(code));
        }
        // 40003 (completion unknown) may have been committed.
        for code in ["40003", "23505", "57014", "57P01", "53300"] {
            assert!(!is_retryable(code));
        }
    }
}
