//! Statements of a connection, kept in slots so that none outlives it.

use core::ffi::c_void;
use std::cell::OnceCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::adopt::adopt;
use super::connection::DriverConnection;
use super::describe::{read_column, read_parameter};
use super::errors::ErrorBuffer;
use super::places::Places;
use crate::abi::constants::status;
use crate::abi::data::RawStatement;
use crate::abi::describe::{ColumnSet, ParameterSet};
use crate::abi::tables::StatementVt;
use crate::dbapi::{Column, Parameter};
use crate::error::{Error, Result};

/// Names a statement of a connection. Used with another connection, or after
/// [`close_statement`](DriverConnection::close_statement), it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriverStatement {
    index: u32,
    serial: u64,
}

/// A statement and what is known of it.
pub(super) struct Slot {
    pub(super) data: *mut c_void,
    pub(super) table: StatementVt,
    serial: u64,
    epoch: u32,
    n_columns: u32,
    columns: OnceCell<Arc<[Column]>>,
    /// Where named columns stand among these.
    places: Places,
    parameters: OnceCell<Option<Arc<[Parameter]>>>,
}

impl Slot {
    /// # Safety
    /// The statement is live, belongs to `connection`, and is not used again.
    pub(super) unsafe fn free(self, connection: *mut c_void) {
        if let Some(free) = self.table.free {
            // SAFETY: passed on to the caller.
            unsafe { free(connection, self.data) };
        }
    }

    /// Forgets the columns when they have changed.
    #[inline]
    pub(super) fn note_columns(&mut self, epoch: u32, n_columns: u32) {
        if self.epoch != epoch || self.n_columns != n_columns {
            self.epoch = epoch;
            self.n_columns = n_columns;
            self.forget_columns();
        }
    }

    /// Forgets the columns: another result follows.
    pub(super) fn forget_columns(&mut self) {
        self.columns = OnceCell::new();
        self.places = Places::default();
    }
}

/// The statements of a connection.
#[derive(Default)]
pub(super) struct Slots {
    slots: Vec<Option<Slot>>,
    free: Vec<u32>,
}

/// Numbers of statements, one for each that the process ever prepares, so that a statement is never
/// taken for one of another connection.
static SERIALS: AtomicU64 = AtomicU64::new(1);

impl Slots {
    /// # Safety
    /// `raw` is a new statement of the connection, and its table follows the ABI.
    pub(super) unsafe fn insert(&mut self, raw: RawStatement) -> DriverStatement {
        let serial = SERIALS.fetch_add(1, Ordering::Relaxed);
        let slot = Slot {
            data: raw.data,
            // SAFETY: passed on to the caller.
            table: unsafe { adopt(raw.vt.cast::<StatementVt>()) },
            serial,
            epoch: 0,
            n_columns: 0,
            columns: OnceCell::new(),
            places: Places::default(),
            parameters: OnceCell::new(),
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() as u32 - 1
        });
        self.slots[index as usize] = Some(slot);
        DriverStatement { index, serial }
    }

    pub(super) fn remove(&mut self, statement: &DriverStatement) -> Option<Slot> {
        self.get(statement).ok()?;
        self.free.push(statement.index);
        self.slots[statement.index as usize].take()
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = Slot> + '_ {
        self.free.clear();
        self.slots.drain(..).flatten()
    }

    #[inline]
    pub(super) fn get(&self, statement: &DriverStatement) -> Result<&Slot> {
        match self.slots.get(statement.index as usize) {
            Some(Some(slot)) if slot.serial == statement.serial => Ok(slot),
            _ => Err(closed()),
        }
    }

    #[inline]
    pub(super) fn get_mut(&mut self, statement: &DriverStatement) -> Result<&mut Slot> {
        match self.slots.get_mut(statement.index as usize) {
            Some(Some(slot)) if slot.serial == statement.serial => Ok(slot),
            _ => Err(closed()),
        }
    }
}

#[cold]
fn closed() -> Error {
    Error::resource_closed("this statement is closed or belongs to another connection")
        .with_help("prepare it on the connection that executes it")
}

impl DriverConnection {
    /// The columns of the statement's current result. Asked of the dialect once, then remembered
    /// until they change.
    ///
    /// # Errors
    /// `NotSupported` when the dialect cannot tell; `ResourceClosed` for a closed statement.
    pub fn columns(&self, statement: &DriverStatement) -> Result<Arc<[Column]>> {
        let slot = self.slots.get(statement)?;
        if let Some(columns) = slot.columns.get() {
            return Ok(Arc::clone(columns));
        }
        let describe = slot.table.columns.ok_or_else(|| self.missing("describing columns"))?;
        let mut errors = ErrorBuffer::new();
        let mut error = errors.out();
        let mut set = ColumnSet { columns: core::ptr::null(), n_columns: 0 };
        // SAFETY: live handles and valid pointers; the call leaves lent memory alone, so that it
        // may come while rows are read, and `&self` keeps every other call away.
        let status = unsafe { describe(self.data, slot.data, &raw mut set, &raw mut error) };
        if status != status::OK {
            return Err(errors.read(&error, self.info().name));
        }
        let columns = (0..if set.columns.is_null() { 0 } else { set.n_columns })
            // SAFETY: the dialect promises this many columns until the next call.
            .map(|index| unsafe { read_column(&*set.columns.add(index)) })
            .collect();
        Ok(Arc::clone(slot.columns.get_or_init(|| columns)))
    }

    pub(super) fn places(&self, statement: &DriverStatement) -> Result<&Places> {
        Ok(&self.slots.get(statement)?.places)
    }

    /// The parameters of the statement; `None` when the dialect does not know them.
    ///
    /// # Errors
    /// As [`columns`](Self::columns), save that a dialect without this is `None`.
    pub fn parameters(&self, statement: &DriverStatement) -> Result<Option<Arc<[Parameter]>>> {
        let slot = self.slots.get(statement)?;
        if let Some(parameters) = slot.parameters.get() {
            return Ok(parameters.clone());
        }
        let Some(describe) = slot.table.parameters else { return Ok(None) };
        let mut errors = ErrorBuffer::new();
        let mut error = errors.out();
        let mut set = ParameterSet { parameters: core::ptr::null(), n_parameters: 0 };
        // SAFETY: as for `columns`.
        let status = unsafe { describe(self.data, slot.data, &raw mut set, &raw mut error) };
        if status == status::NOTHING {
            // Not known yet; after the first execution it may be.
            return Ok(None);
        }
        if status != status::OK {
            return Err(errors.read(&error, self.info().name));
        }
        let parameters = (0..if set.parameters.is_null() { 0 } else { set.n_parameters })
            // SAFETY: as for `columns`.
            .map(|index| unsafe { read_parameter(&*set.parameters.add(index)) })
            .collect();
        Ok(slot.parameters.get_or_init(|| Some(parameters)).clone())
    }
}
