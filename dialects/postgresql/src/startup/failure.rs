//! An attempt that failed, and whether another one is worth while.

use aludel::Error;

/// Why one attempt to connect failed, and what may be tried after it.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) then: Then,
}

/// What may be tried after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// The same server with or without TLS, where `sslmode` leaves the choice, else the next one.
    OtherWay,
    /// The same server with or without TLS, where `sslmode` leaves the choice; but no other server,
    /// because this one has refused us.
    OtherWayOnly,
    /// The next server.
    NextServer,
    /// Nothing: the answer of the next server would be the same.
    Stop,
}

impl Failure {
    #[cold]
    pub(super) fn new(error: impl Into<Error>, then: Then) -> Self {
        Failure { error: error.into(), then }
    }

    /// The same when there is no other way to this server.
    pub(super) fn final_one(self) -> Self {
        let then = match self.then {
            Then::OtherWay => Then::NextServer,
            Then::OtherWayOnly => Then::Stop,
            then => then,
        };
        Failure { then, ..self }
    }
}

/// Most failures are of this server alone.
impl From<Error> for Failure {
    #[cold]
    fn from(error: Error) -> Self {
        Failure { error, then: Then::NextServer }
    }
}
