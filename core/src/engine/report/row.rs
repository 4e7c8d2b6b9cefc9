//! What is told of the columns and rows of a statement.

use std::fmt;

use super::statement::Statement;
use super::voice::Detail;
use crate::abi::host::Row;
use crate::dbapi::Column;
use crate::value::{Shown, ValueRef};

impl Statement {
    /// True when somebody may want the names of the columns.
    pub(crate) fn wants_columns(&self) -> bool {
        self.voice().may_be_heard(Detail::Rows)
    }

    pub(crate) fn columns(&self, columns: &[Column]) {
        let name = |index: usize| ValueRef::Text(&columns[index].name);
        let names = Tuple { len: columns.len(), value: name };
        let _entered = self.span.enter();
        self.voice().tell(Detail::Rows, format_args!("Col {names}"));
    }

    /// The database has delivered a row, to which the program has come.
    pub(crate) fn row(&mut self, row: &Row<'_>) {
        self.rows += 1;
        let voice = self.voice();
        if voice.may_be_heard(Detail::Rows) {
            // What cannot be read is told by the error that the program gets for it.
            let value = |index: usize| row.value(index).unwrap_or(ValueRef::Null);
            let values = Tuple { len: row.len(), value };
            let _entered = self.span.enter();
            voice.tell(Detail::Rows, format_args!("Row {values}"));
        }
    }
}

/// Values as the parameters of a statement are shown, all of them.
struct Tuple<F> {
    len: usize,
    value: F,
}

impl<'v, F: Fn(usize) -> ValueRef<'v>> fmt::Display for Tuple<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for index in 0..self.len {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", Shown((self.value)(index)))?;
        }
        f.write_str(if self.len == 1 { ",)" } else { ")" })
    }
}
