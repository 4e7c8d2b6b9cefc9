//! A server that lost its role while the connection lived.

use aludel::Error;

/// Marks the connection as gone when the server turns out to be the wrong one.
///
/// `must_write` is true for a connection whose URL demands a server that takes writes
/// (`target_session_attrs=read-write` or `primary`) while the program has not asked for read only
/// itself, by `begin` or by the session option. If such a connection is told 25006 (cannot execute
/// … in a read-only transaction, or during recovery), a failover has put a standby behind its
/// address (a proxy or a name that moved), or the old primary was fenced with
/// `default_transaction_read_only`. Every further statement would fail like this one, so the
/// connection counts as lost: the next one is opened by the rules of the URL and finds the new
/// primary.
///
/// Without such a URL the error is what it is: the server was never promised to take writes, and a
/// new connection would lead to the same one. A program that makes its transaction read only by SQL
/// text of its own and then writes loses a good connection; that is the cheaper mistake.
pub(crate) fn judge_role(error: Error, must_write: bool) -> Error {
    if !must_write || error.sqlstate() != Some("25006") {
        return error;
    }
    error
        .with_help(
            "the server no longer takes writes, as after a failover; connect again to reach the \
             one that does",
        )
        .disconnected()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_primary_that_became_read_only_is_left() {
        let read_only = || Error::operational("cannot execute INSERT").with_sqlstate("25006");
        assert!(judge_role(read_only(), true).is_disconnect());
        assert!(!judge_role(read_only(), false).is_disconnect());
        let other = Error::operational("aborted").with_sqlstate("25P02");
        assert!(!judge_role(other, true).is_disconnect());
    }
}
