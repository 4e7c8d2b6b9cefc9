//! A whole result, as the inner connection gave it.

use std::collections::VecDeque;

use aludel::abi::host::{DriverConnection, DriverStatement, ExecuteOptions, Limits};
use aludel::dbapi::Column;
use aludel::error::{Error, Result};
use aludel::value::Value;

/// The rows and numbers of an execution.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// The columns; `None` for a statement that returns no rows.
    pub(crate) columns: Option<Vec<Column>>,
    pub(crate) rows: VecDeque<Vec<Value>>,
    pub(crate) affected: Option<u64>,
    pub(crate) last_insert_id: Option<i64>,
    /// The row holds the out parameters of a procedure.
    pub(crate) out_parameters: bool,
    /// The error after the rows.
    pub(crate) error: Option<Error>,
}

/// Executes and reads everything.
///
/// # Errors
/// That of the execution itself; one that comes after rows stands in the answer.
pub(crate) fn execute(
    connection: &mut DriverConnection,
    statement: &DriverStatement,
    params: &[Value],
    limits: Limits,
) -> Result<Answer> {
    let options = ExecuteOptions::default().limits(limits);
    let mut cursor = connection.execute(statement, params, options)?;
    let mut answer = Answer::default();
    if cursor.returns_rows() {
        answer.columns = Some(cursor.columns()?.to_vec());
    }
    loop {
        match cursor.next() {
            Ok(Some(row)) => {
                let values: Result<Vec<Value>> =
                    (0..row.len()).map(|index| row.owned_value(index)).collect();
                answer.rows.push_back(values?);
            }
            Ok(None) => break,
            Err(error) => {
                answer.error = Some(error);
                break;
            }
        }
    }
    answer.affected = cursor.affected();
    answer.last_insert_id = cursor.last_insert_id();
    Ok(answer)
}
