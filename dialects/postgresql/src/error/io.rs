//! Errors of the operating system on the way to the server.

use std::io::{Error as IoError, ErrorKind};

use aludel::Error;

/// The error of an established connection. Only a deadline that passed leaves the connection as it
/// was.
#[cold]
pub(crate) fn from_io(error: IoError) -> Error {
    if error.kind() == ErrorKind::TimedOut {
        return Error::operational("the server did not answer within the deadline")
            .with_sqlstate("HYT00")
            .with_source(error);
    }
    let message = match error.kind() {
        ErrorKind::UnexpectedEof => {
            "the server closed the connection without saying why".to_owned()
        }
        _ => format!("the connection to the server is lost: {error}"),
    };
    Error::operational(message)
        .with_sqlstate("08006")
        .with_help("the log of the server tells more; connect again")
        .with_source(error)
        .disconnected()
}

/// The error of a server that could not be reached at `place`, for example `db.example.org:5432`
/// or the path of a socket.
#[cold]
pub(crate) fn unreachable(place: &str, error: IoError) -> Error {
    let is_socket = place.starts_with(['/', '@']);
    let help = match error.kind() {
        ErrorKind::TimedOut => {
            "nothing answered within the time; check the host, firewalls between, and \
             connect_timeout"
        }
        ErrorKind::ConnectionRefused | ErrorKind::NotFound if is_socket => {
            "check that the server runs and has its socket in this directory \
             (unix_socket_directories), or name a host"
        }
        ErrorKind::ConnectionRefused => {
            "check that the server runs and listens on this address and port (listen_addresses)"
        }
        ErrorKind::PermissionDenied if is_socket => {
            "let the user of this program into the directory of the socket"
        }
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            "check that it is PostgreSQL that listens there; its log tells why it hung up"
        }
        _ => "check host, port and network",
    };
    Error::operational(format!("no connection to PostgreSQL at {place}: {error}"))
        .with_sqlstate("08001")
        .with_help(help)
        .with_source(error)
        .disconnected()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_connection_is_a_disconnect_and_a_deadline_is_none() {
        let reset = from_io(ErrorKind::ConnectionReset.into());
        assert!(reset.is_disconnect());
        assert_eq!(reset.sqlstate(), Some("08006"));
        let late = from_io(ErrorKind::TimedOut.into());
        assert!(!late.is_disconnect());
        assert_eq!(late.sqlstate(), Some("HYT00"));
    }

    #[test]
    fn a_server_that_is_not_there_is_named_with_what_to_check() {
        let refused = unreachable("db:5432", ErrorKind::ConnectionRefused.into());
        assert_eq!(
            refused.to_string(),
            "OperationalError: no connection to PostgreSQL at db:5432: connection refused\n  \
             help: check that the server runs and listens on this address and port \
             (listen_addresses)"
        );
        assert_eq!(refused.sqlstate(), Some("08001"));
        assert!(refused.is_disconnect());
        let socket = unreachable("/run/postgresql/.s.PGSQL.5432", ErrorKind::NotFound.into());
        assert!(socket.help().unwrap().contains("unix_socket_directories"));
    }
}
