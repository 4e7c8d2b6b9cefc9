//! The statements that every transaction needs, prepared once.

use rusqlite::ffi;

use crate::begin_mode::BeginMode;
use crate::error::Failure;
use crate::handle::Handle;
use crate::raw::RawStatement;
use crate::run::prepare;

/// A statement without parameters and rows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fixed {
    Begin(BeginMode),
    Commit,
    Rollback,
}

impl Fixed {
    const COUNT: usize = 5;

    fn index(self) -> usize {
        match self {
            Fixed::Begin(mode) => mode as usize,
            Fixed::Commit => 3,
            Fixed::Rollback => 4,
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Fixed::Begin(BeginMode::Deferred) => "BEGIN DEFERRED",
            Fixed::Begin(BeginMode::Immediate) => "BEGIN IMMEDIATE",
            Fixed::Begin(BeginMode::Exclusive) => "BEGIN EXCLUSIVE",
            Fixed::Commit => "COMMIT",
            Fixed::Rollback => "ROLLBACK",
        }
    }
}

/// The statements, as far as they were needed. The connection finalizes them.
#[derive(Debug, Default)]
pub(crate) struct FixedStatements([Option<RawStatement>; Fixed::COUNT]);

impl FixedStatements {
    pub(crate) fn run(&mut self, db: Handle, which: Fixed) -> Result<(), Failure> {
        let slot = &mut self.0[which.index()];
        let statement = match slot {
            Some(statement) => statement,
            None => slot.insert(prepare(db, which.sql(), ffi::SQLITE_PREPARE_PERSISTENT)?),
        };
        let code = statement.step();
        let result = if code == ffi::SQLITE_DONE { Ok(()) } else { Err(db.failure(code)) };
        statement.reset();
        result
    }

    /// # Safety
    /// The caller uses the connection alone.
    pub(crate) unsafe fn finalize(&mut self) {
        for statement in self.0.iter_mut().filter_map(Option::take) {
            // SAFETY: passed on to the caller.
            unsafe { statement.finalize() };
        }
    }
}
