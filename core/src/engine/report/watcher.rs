//! Who watches the rows of a statement, and a build in which nobody can.

use super::rows::RowWatch;

/// Who watches the rows of a statement.
#[cfg(not(aludel_without_echo))]
pub(crate) type Watcher = Box<RowWatch>;

#[cfg(not(aludel_without_echo))]
pub(super) fn of(watch: RowWatch) -> Option<Watcher> {
    Some(Box::new(watch))
}

/// Nobody: what would be told of rows is compiled out.
#[cfg(aludel_without_echo)]
pub(crate) enum Watcher {}

#[cfg(aludel_without_echo)]
pub(super) fn of(_: RowWatch) -> Option<Watcher> {
    None
}

#[cfg(aludel_without_echo)]
impl std::ops::Deref for Watcher {
    type Target = RowWatch;

    fn deref(&self) -> &RowWatch {
        match *self {}
    }
}

#[cfg(aludel_without_echo)]
impl std::ops::DerefMut for Watcher {
    fn deref_mut(&mut self) -> &mut RowWatch {
        match *self {}
    }
}
