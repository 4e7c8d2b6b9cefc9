//! A value that goes in as a parameter and comes back in a row.

use aludel::{Engine, FromValue, Result, ToValue};

fn engine() -> Engine {
    // Tests of one process register it once; the others find it there.
    let _ = aludel::register(aludel_dialect_sqlite::dialect());
    aludel::create_engine("sqlite:///:memory:").expect("SQLite is linked")
}

/// What SQLite gives back for this parameter, read as `T`.
///
/// # Errors
/// What the parameter's or the result's type refuses.
pub fn through<P: ToValue, T: for<'r> FromValue<'r>>(value: P) -> Result<T> {
    engine().execute("select ?", (value,))?.scalar()
}

/// What SQLite stores of this parameter: the value as text and the storage class.
///
/// # Panics
/// When the parameter is refused.
pub fn stored<P: ToValue>(value: P) -> (String, String) {
    let sql = "select cast(?1 as text), typeof(?1)";
    engine().execute(sql, (value,)).and_then(|mut result| result.one()).expect("it can be stored")
}

/// The value of an expression, read as `T`.
///
/// # Errors
/// What the type refuses.
pub fn selected<T: for<'r> FromValue<'r>>(expression: &str) -> Result<T> {
    engine().execute(format!("select {expression}"), ())?.scalar()
}

/// Why the value of an expression cannot be read as `T`.
///
/// # Panics
/// When it can.
pub fn refused<T: for<'r> FromValue<'r> + std::fmt::Debug>(expression: &str) -> String {
    selected::<T>(expression).expect_err("it is refused").to_string()
}
