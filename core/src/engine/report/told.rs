//! A statement whose rows are told of, and a build in which none is.

use super::statement::Statement;

/// A statement whose rows are told of.
#[cfg(not(aludel_without_echo))]
pub(crate) type Told = Box<Statement>;

#[cfg(not(aludel_without_echo))]
pub(super) fn of(statement: Statement) -> Option<Told> {
    Some(Box::new(statement))
}

/// None: what would be told of rows is compiled out.
#[cfg(aludel_without_echo)]
pub(crate) enum Told {}

#[cfg(aludel_without_echo)]
pub(super) fn of(_: Statement) -> Option<Told> {
    None
}

#[cfg(aludel_without_echo)]
impl std::ops::Deref for Told {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        match *self {}
    }
}

#[cfg(aludel_without_echo)]
impl std::ops::DerefMut for Told {
    fn deref_mut(&mut self) -> &mut Statement {
        match *self {}
    }
}
