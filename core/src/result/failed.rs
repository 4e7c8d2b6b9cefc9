//! Errors of executions: with the text that was sent, and its parameters.

use super::bound::Named;
use super::given::Given;
use super::params::Shape;
use crate::abi::host::{BindRow, copied};
use crate::engine::Connection;
use crate::error::Error;
use crate::value::{ParameterSet, Parameters};

/// The error with the values that were sent.
#[cold]
pub(super) fn with_parameters<R: BindRow + ?Sized>(error: Error, row: &R) -> Error {
    match copied(row) {
        Some(set) => error.with_parameters(Parameters::one(set)),
        None => error,
    }
}

/// The same for an executemany.
#[cold]
pub(super) fn with_many_parameters<R: BindRow>(error: Error, rows: &[R]) -> Error {
    error.with_parameters(Parameters::excerpt(rows.len(), |row| copied_or_empty(&rows[row])))
}

/// The values of a row; none when they cannot be sent, of which the error tells.
pub(super) fn copied_or_empty<R: BindRow + ?Sized>(row: &R) -> ParameterSet {
    copied(row).unwrap_or_else(|| ParameterSet::Positional(Vec::new()))
}

/// What the program gets for the error of an execution.
#[cold]
pub(super) fn failed(
    connection: &mut Connection,
    error: Error,
    given: Given<'_>,
    shape: &Shape<'_>,
) -> Error {
    // Without a statement nothing was about to be sent.
    let error = match error.statement() {
        Some(_) if error.parameters().is_none() => {
            error.with_parameters(sent(connection, given, shape))
        }
        _ => error,
    };
    connection.failed(error)
}

/// The parameters that are sent: those of binds in the order of the placeholders.
fn sent(connection: &Connection, given: Given<'_>, shape: &Shape<'_>) -> Parameters {
    let compiled = match shape {
        Shape::Positional(row) => return Parameters::one(copied_or_empty(*row)),
        Shape::ManyPositional(rows) => {
            return Parameters::excerpt(rows.len(), |row| copied_or_empty(rows[row]));
        }
        _ if given.is_drivers_own => return as_given(shape),
        _ => connection.compile(given.sql, given.declared.unwrap_or_default()),
    };
    let binds = Named { compiled: &compiled, declared: given.declared.unwrap_or_default() };
    // Where a value is missing, what the program gave tells more than what would be sent.
    if binds.check(shape).is_err() {
        return as_given(shape);
    }
    let set = |named| match compiled.fixed() {
        Some(fixed) => copied_or_empty(&binds.row(named, &fixed.slots)),
        None => match compiled.assemble(&binds.row(named, &[]).values()) {
            Ok(assembled) => copied_or_empty(&binds.row(named, &assembled.slots)),
            Err(_) => {
                named.map_or_else(|| ParameterSet::Positional(Vec::new()), |row| row.copied())
            }
        },
    };
    match shape {
        Shape::ManyNamed(rows) => Parameters::excerpt(rows.len(), |row| set(Some(&rows[row]))),
        Shape::Named(row) => Parameters::one(set(Some(row))),
        _ => Parameters::one(set(None)),
    }
}

/// The parameters as the program gave them.
fn as_given(shape: &Shape<'_>) -> Parameters {
    match shape {
        Shape::Named(row) => Parameters::one(row.copied()),
        Shape::ManyNamed(rows) => Parameters::excerpt(rows.len(), |row| rows[row].copied()),
        _ => Parameters::none(),
    }
}
