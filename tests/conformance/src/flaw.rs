//! Why a case does not pass.

use aludel::{Error, ErrorKind};

/// What a step of a case gives.
pub type Step<T> = Result<T, Flaw>;

/// Why a case ends before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The rule does not hold.
    Failed(Box<Failure>),
    /// The case cannot be made against this database, which is no fault: nothing is known of how it
    /// does this, or it does not have it.
    Unsupported(String),
}

/// A rule that does not hold, with what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// What was being done when there was no SQL (`commit`), or what is wrong with the answer.
    pub what: String,
    /// The statement, as it was sent.
    pub sql: String,
    /// Its parameters, as SQL literals.
    pub params: Vec<String>,
    /// What the rule demands.
    pub expected: String,
    /// What came instead.
    pub got: String,
    /// What the case had done before, oldest first.
    pub history: Vec<String>,
    /// The dialect says that it does not have it.
    pub absent: bool,
}

impl Flaw {
    /// An answer that is not the one that the rule demands.
    pub fn mismatch(
        what: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Flaw {
        Flaw::Failed(Box::new(Failure {
            what: what.into(),
            expected: expected.into(),
            got: got.into(),
            ..Failure::default()
        }))
    }

    /// An answer that shows that something declared is not there.
    pub fn absent(
        what: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> Flaw {
        let flaw = Flaw::mismatch(what, expected, got);
        let Flaw::Failed(mut failure) = flaw else { return flaw };
        failure.absent = true;
        Flaw::Failed(failure)
    }

    /// An error where there should be none.
    pub fn error(what: impl Into<String>, expected: impl Into<String>, error: &Error) -> Flaw {
        Flaw::Failed(Box::new(Failure {
            what: what.into(),
            expected: expected.into(),
            got: crate::show::error(error),
            absent: error.kind() == ErrorKind::NotSupported,
            ..Failure::default()
        }))
    }

    /// The same flaw, about this statement unless it names one.
    #[must_use]
    pub fn of_statement(mut self, sql: &str, params: &[String]) -> Flaw {
        if let Flaw::Failed(failure) = &mut self
            && failure.sql.is_empty()
        {
            failure.sql = sql.to_owned();
            failure.params = params.to_vec();
        }
        self
    }
}

/// Fails unless the condition holds.
///
/// # Errors
/// A [`Failure`] that says what was expected and what came.
pub fn ensure(
    holds: bool,
    what: impl Into<String>,
    expected: impl Into<String>,
    got: impl Into<String>,
) -> Step<()> {
    if holds { Ok(()) } else { Err(Flaw::mismatch(what, expected, got)) }
}
