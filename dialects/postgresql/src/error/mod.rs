//! What the server reports, as an error of PEP 249.

use aludel::error::Error;

use crate::wire::ErrorFields;

/// The error that an ErrorResponse stands for.
#[cold]
pub(crate) fn from_server(fields: &ErrorFields, sql: Option<&str>) -> Error {
    let error = match fields.code.get(..2) {
        Some("23") => Error::integrity(fields.message.clone()),
        Some("22") => Error::data(fields.message.clone()),
        Some("42") => Error::programming(fields.message.clone()),
        _ => Error::operational(fields.message.clone()),
    };
    let error = error.with_sqlstate(&fields.code);
    let error = if fields.is_fatal() { error.disconnected() } else { error };
    match sql {
        Some(sql) => error.with_statement(sql),
        None => error,
    }
}
