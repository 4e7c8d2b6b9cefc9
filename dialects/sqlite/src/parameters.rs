//! Describing the parameters of a statement.

use aludel::dbapi::{Parameter, SqlType};

use crate::statement::SqliteStatement;

impl SqliteStatement {
    /// Names as written, with their prefix; SQLite's parameters have no type.
    pub(crate) fn describe_parameters(&self) -> Vec<Parameter> {
        (0..self.parameter_count())
            .map(|index| Parameter {
                name: self.raw().parameter_name(index),
                sql_type: SqlType::default(),
            })
            .collect()
    }
}
