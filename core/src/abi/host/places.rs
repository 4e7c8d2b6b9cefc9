//! Where the columns that a type names stand in a result: looked up once, not for every row.

use std::cell::RefCell;

use super::row::{Described, Row, column_index};
use crate::dbapi::Column;
use crate::error::{Error, Result};

/// The place of a column that a result need not have and does not have.
pub const MISSING: usize = usize::MAX;

/// A column that a type reads by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedColumn {
    name: &'static str,
    required: bool,
}

impl NamedColumn {
    /// A column that every result must have.
    pub const fn required(name: &'static str) -> Self {
        NamedColumn { name, required: true }
    }

    /// A column that may be left out.
    pub const fn optional(name: &'static str) -> Self {
        NamedColumn { name, required: false }
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The places of the named columns, from 0; [`MISSING`] for optional ones that are not there.
    ///
    /// # Errors
    /// `NoSuchColumn` with all names that a column is missing for, or for an ambiguous one.
    pub fn find<const N: usize>(
        wanted: &[NamedColumn; N],
        columns: &[Column],
    ) -> Result<[usize; N]> {
        let mut places = [MISSING; N];
        for (place, wanted) in places.iter_mut().zip(wanted) {
            if columns.iter().any(|column| column.name == wanted.name) {
                *place = column_index(columns, wanted.name)?;
            }
        }
        let lacks =
            |(wanted, place): &(&NamedColumn, &usize)| wanted.required && **place == MISSING;
        if wanted.iter().zip(&places).any(|both| lacks(&both)) {
            let missing = wanted.iter().zip(&places).filter(lacks).map(|(wanted, _)| wanted.name);
            return Err(no_columns(missing.collect(), columns));
        }
        Ok(places)
    }
}

#[cold]
fn no_columns(missing: Vec<&str>, columns: &[Column]) -> Error {
    let there: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    Error::no_such_column(format!("no column `{}`", missing.join("`, `")))
        .with_help(format!("the result has: {}", there.join(", ")))
}

/// Places that were looked up for the columns of a statement.
#[derive(Default)]
pub(super) struct Places(RefCell<Vec<Known>>);

struct Known {
    /// A static is one place in memory: its address stands for what it says.
    wanted: *const NamedColumn,
    places: Box<[usize]>,
}

impl Places {
    #[inline]
    fn known<const N: usize>(&self, wanted: &'static [NamedColumn; N]) -> Option<[usize; N]> {
        let known = self.0.borrow();
        let known = known.iter().find(|known| known.wanted == wanted.as_ptr())?;
        known.places.first_chunk().copied()
    }

    fn remember<const N: usize>(&self, wanted: &'static [NamedColumn; N], places: [usize; N]) {
        let known = Known { wanted: wanted.as_ptr(), places: Box::new(places) };
        self.0.borrow_mut().push(known);
    }
}

impl Row<'_> {
    /// As [`NamedColumn::find`], remembered for the statement as long as its columns stay the same:
    /// what `#[derive(FromRow)]` reads by. Allocates the first time alone.
    ///
    /// # Errors
    /// As [`NamedColumn::find`], and when the dialect cannot tell the columns.
    #[inline]
    pub fn places<const N: usize>(&self, wanted: &'static [NamedColumn; N]) -> Result<[usize; N]> {
        let Described::ByStatement(connection, statement) = self.described() else {
            return NamedColumn::find(wanted, &self.columns()?);
        };
        let memory = connection.places(&statement)?;
        if let Some(places) = memory.known(wanted) {
            return Ok(places);
        }
        let places = NamedColumn::find(wanted, &self.columns()?)?;
        memory.remember(wanted, places);
        Ok(places)
    }
}
