//! Why bytes no longer come from a server, or cannot be understood.

use std::io;

use aludel::error::Error;

use crate::error::from_io;

/// The end of a conversation. Only a read that timed out leaves the connection as it was.
#[derive(Debug)]
pub(crate) enum WireError {
    /// The operating system refused to read or write.
    Io(io::Error),
    /// The server closed the connection.
    Closed,
    /// The server sent what the protocol does not allow.
    Protocol(String),
}

impl WireError {
    /// A breach of the protocol.
    #[cold]
    pub(crate) fn protocol(what: impl Into<String>) -> Self {
        WireError::Protocol(what.into())
    }

    /// True when nothing is wrong but the time.
    pub(crate) fn is_timeout(&self) -> bool {
        matches!(self, WireError::Io(error) if error.kind() == io::ErrorKind::TimedOut)
    }
}

impl From<io::Error> for WireError {
    #[cold]
    fn from(error: io::Error) -> Self {
        WireError::Io(error)
    }
}

impl From<WireError> for Error {
    #[cold]
    fn from(error: WireError) -> Self {
        match error {
            WireError::Io(error) => from_io(error),
            WireError::Closed => from_io(io::ErrorKind::UnexpectedEof.into()),
            WireError::Protocol(what) => {
                Error::operational(format!("the server does not keep to the protocol: {what}"))
                    .with_sqlstate("08P01")
                    .with_help(
                        "check that it is PostgreSQL, and what stands between it and this program",
                    )
                    .disconnected()
            }
        }
    }
}
