//! A connection of a dialect: its life, and preparing statements.

use core::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::adopt::adopt;
use super::dialect::DriverDialect;
use super::errors::ErrorBuffer;
use super::limits::Limits;
use super::params::ParamStore;
use super::statement::{DriverStatement, Slots};
use crate::abi::constants::{prepare_flag, status};
use crate::abi::data::{Batch, CallOptions, RawConnection, RawStatement, Str};
use crate::abi::failure::ErrorOut;
use crate::abi::room::Room;
use crate::abi::tables::ConnectionVt;
use crate::dbapi::{ParamDirection, PrepareOptions, TransactionState};
use crate::dialect::{Capability, DialectInfo};
use crate::error::{Error, ErrorKind, Result};

/// Cells of a batch: 256 rows of eight columns, fewer of wider ones.
const CELLS: usize = 2048;
/// Bytes of a batch's arena; with the cells it stays in the second-level cache.
const ARENA_BYTES: usize = 32 * 1024;

/// A connection. Dropping it frees it without waiting for the server; [`close`](Self::close) says
/// goodbye first.
///
/// It may move between threads and is used by one at a time. Its statements belong to it and are
/// freed with it.
pub struct DriverConnection {
    pub(super) data: *mut c_void,
    pub(super) table: Box<ConnectionVt>,
    pub(super) dialect: DriverDialect,
    pub(super) errors: ErrorBuffer,
    pub(super) room: Room,
    pub(super) batch: Batch,
    pub(super) slots: Slots,
    pub(super) params: ParamStore,
    pub(super) generation: Arc<AtomicU64>,
    /// The statement whose result is open, on a connection that can have but one.
    pub(super) active: Option<DriverStatement>,
    pub(super) multiple_active: bool,
    broken: bool,
}

// SAFETY: dialects promise that connections and statements may move between threads
// (`Threading::Connection`; others are refused); the raw pointers in here are theirs, or lead into
// boxes that this value owns.
unsafe impl Send for DriverConnection {}

impl DriverConnection {
    /// # Safety
    /// `raw` is a new connection of this dialect, which follows the ABI.
    pub(super) unsafe fn new(
        raw: RawConnection,
        dialect: DriverDialect,
        errors: ErrorBuffer,
    ) -> Self {
        let mut room = Room::with_sizes(CELLS, ARENA_BYTES);
        let batch = room.batch(0, 0);
        DriverConnection {
            data: raw.data,
            // SAFETY: passed on to the caller.
            table: Box::new(unsafe { adopt(raw.vt.cast::<ConnectionVt>()) }),
            dialect,
            errors,
            room,
            batch,
            slots: Slots::default(),
            params: ParamStore::default(),
            generation: Arc::new(AtomicU64::new(1)),
            active: None,
            multiple_active: dialect.info().has(Capability::MultipleActive),
            broken: false,
        }
    }

    /// What the dialect says about itself.
    pub fn info(&self) -> &'static DialectInfo {
        self.dialect.info()
    }

    /// False when the connection is known to be unusable: its driver says so, it panicked, or an
    /// error said that it is [gone](crate::Error::is_disconnect). Never waits.
    pub fn is_alive(&self) -> bool {
        // SAFETY: the connection is live, and `&self` makes no call at once with another: every
        // other call needs `&mut self`.
        !self.broken
            && self.table.is_alive.is_none_or(|is_alive| unsafe { is_alive(self.data) } != 0)
    }

    /// Says whether the connection is gone, for somebody who knows it better than its driver.
    #[cfg(feature = "engine")]
    pub(crate) fn set_broken(&mut self, is_broken: bool) {
        self.broken = is_broken;
    }

    /// True when an error has said that the connection is gone, or its driver has panicked. Asks
    /// nobody.
    #[inline]
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// True while a result is open that keeps other calls from the connection.
    #[cfg(feature = "engine")]
    #[inline]
    pub(crate) fn has_active(&self) -> bool {
        self.active.is_some()
    }

    /// Ends the result that is open: its cursor was forgotten.
    #[cfg(feature = "engine")]
    pub(crate) fn end_active(&mut self, limits: Limits) -> Result<()> {
        self.reset_active(limits)
    }

    /// What the driver knows of the transaction. Never waits.
    pub fn transaction_state(&self) -> TransactionState {
        self.table
            .transaction_state
            // SAFETY: as for `is_alive`.
            .and_then(|state| TransactionState::from_code(unsafe { state(self.data) }))
            .unwrap_or(TransactionState::Unknown)
    }

    /// Prepares the first statement of the text. Returns it with the number of bytes that it took,
    /// separator included; no statement when the text holds none.
    ///
    /// # Errors
    /// `Programming` when the database refuses the statement.
    pub fn prepare(
        &mut self,
        sql: &str,
        options: PrepareOptions,
        limits: Limits,
    ) -> Result<(Option<DriverStatement>, usize)> {
        let prepare = self.table.prepare.ok_or_else(|| self.missing("preparing statements"))?;
        let flags = if options.one_shot { prepare_flag::ONE_SHOT } else { 0 };
        let mut raw = RawStatement { data: core::ptr::null_mut(), vt: core::ptr::null() };
        let mut consumed = sql.len();
        let there = self.call(limits, |data, call, error| {
            // SAFETY: all pointers are valid for the call; the table follows the ABI.
            unsafe {
                prepare(data, Str::new(sql), flags, call, &raw mut raw, &raw mut consumed, error)
            }
        });
        let statement = match there.map_err(|error| error.with_statement(sql))? {
            false => None,
            true => Some(self.adopt_statement(raw)?),
        };
        // Beyond the text means to its end; inside a character means nothing.
        let consumed = consumed.min(sql.len());
        if !sql.is_char_boundary(consumed) {
            if let Some(statement) = statement {
                self.close_statement(statement);
            }
            return Err(self.lie("says that a statement ends inside a character"));
        }
        Ok((statement, consumed))
    }

    /// Prepares the call of a stored procedure.
    ///
    /// # Errors
    /// `NotSupported` when the dialect has none.
    pub fn prepare_call(
        &mut self,
        procedure: &str,
        directions: &[ParamDirection],
        limits: Limits,
    ) -> Result<DriverStatement> {
        let prepare = self.table.prepare_call.ok_or_else(|| self.missing("calling procedures"))?;
        let directions: Vec<u8> = directions
            .iter()
            .map(|direction| match direction {
                ParamDirection::In => 1,
                ParamDirection::Out => 2,
                ParamDirection::InOut => 3,
            })
            .collect();
        let mut raw = RawStatement { data: core::ptr::null_mut(), vt: core::ptr::null() };
        self.call(limits, |data, call, error| {
            let directions = Str::from_bytes(&directions);
            // SAFETY: as for `prepare`.
            unsafe { prepare(data, Str::new(procedure), directions, call, &raw mut raw, error) }
        })?;
        self.adopt_statement(raw)
    }

    pub(super) fn adopt_statement(&mut self, raw: RawStatement) -> Result<DriverStatement> {
        if raw.vt.is_null() {
            return Err(Error::interface(format!(
                "dialect `{}` returned a statement without a table",
                self.info().name
            )));
        }
        // SAFETY: the dialect has just made this statement, and its table follows the ABI.
        Ok(unsafe { self.slots.insert(raw) })
    }

    /// Frees a statement. Statements that are not freed are freed with the connection.
    pub fn close_statement(&mut self, statement: DriverStatement) {
        if let Some(slot) = self.slots.remove(&statement) {
            // SAFETY: the slot was taken out, so that it is freed once.
            unsafe { slot.free(self.data) };
        }
    }

    /// Says goodbye to the server and frees the connection. Blocks until the deadline, as far as
    /// the dialect honours it.
    ///
    /// # Errors
    /// When the server could not be told; the connection is freed all the same.
    pub fn close(mut self, limits: Limits) -> Result<()> {
        self.free_statements();
        let Some(close) = self.table.close else { return Ok(()) };
        // SAFETY: all pointers are valid for the call; the table follows the ABI.
        self.call(limits, |data, call, error| unsafe { close(data, call, error) }).map(drop)
    }

    fn free_statements(&mut self) {
        for slot in self.slots.drain() {
            // SAFETY: the slots were taken out, so that each is freed once.
            unsafe { slot.free(self.data) };
        }
    }

    /// Makes a call and turns its status into a result: true for OK, false for NOTHING.
    #[inline]
    pub(super) fn call(
        &mut self,
        limits: Limits,
        call: impl FnOnce(*mut c_void, *const CallOptions, *mut ErrorOut) -> i32,
    ) -> Result<bool> {
        if self.active.is_some() {
            self.reset_active(limits)?;
        }
        let options = limits.options(self.next_generation());
        let mut error = self.errors.out();
        match call(self.data, &raw const options, &raw mut error) {
            status::OK => Ok(true),
            status::NOTHING => Ok(false),
            _ => Err(self.failure(&error)),
        }
    }

    #[inline]
    pub(super) fn next_generation(&mut self) -> u64 {
        // Only this thread writes; cancel handles read.
        let next = self.generation.load(Ordering::Relaxed) + 1;
        self.generation.store(next, Ordering::Release);
        next
    }

    #[cold]
    pub(super) fn failure(&mut self, out: &ErrorOut) -> Error {
        let error = self.errors.read(out, self.dialect.info().name);
        self.broken |= error.is_disconnect() || error.kind() == ErrorKind::Panic;
        error
    }

    #[cold]
    pub(super) fn missing(&self, what: &str) -> Error {
        Error::not_supported(format!("{what} is not supported by this dialect"))
            .with_dialect(self.info().name)
    }
}

impl Drop for DriverConnection {
    fn drop(&mut self) {
        self.free_statements();
        if let Some(free) = self.table.free {
            // SAFETY: the connection is live and freed once, after its statements.
            unsafe { free(self.data) };
        }
    }
}

impl std::fmt::Debug for DriverConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DriverConnection")
            .field("dialect", &self.info().name)
            .field("is_alive", &self.is_alive())
            .finish_non_exhaustive()
    }
}
