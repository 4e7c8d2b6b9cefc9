//! Where panics stop and errors are written.

use core::any::Any;
use core::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::abi::constants::status;
use crate::abi::data::Cell;
use crate::abi::describe::{ColumnDesc, ParameterDesc};
use crate::abi::encode::Blocks;
use crate::abi::failure::{self, ErrorOut};
use crate::abi::log::take_panic_place;
use crate::abi::type_desc::Described;
use crate::abi::writer::Kept;
use crate::dbapi::{Column, Notice, Notification, Parameter};
use crate::error::{Error, ErrorKind, Result, panic_text};
use crate::value::Value;

/// What a connection handle points to.
pub(super) struct ConnectionBox<C> {
    pub(super) connection: C,
    pub(super) poisoned: bool,
    pub(super) lent: Lent,
}

/// What the last call has lent to the host.
#[derive(Default)]
pub(super) struct Lent {
    pub(super) value: Value,
    pub(super) blocks: Blocks,
    pub(super) notice: Notice,
    pub(super) notification: Notification,
}

/// What a statement handle points to.
pub(super) struct StatementBox<S> {
    pub(super) statement: S,
    /// An error that came after rows: delivered by the next call.
    pub(super) deferred: Option<Error>,
    /// What the last call lent, and the columns that the dialect described.
    pub(super) kept: Kept,
    pub(super) columns: Option<(Vec<Column>, Described<ColumnDesc>)>,
    pub(super) parameters: Option<(Vec<Parameter>, Described<ParameterDesc>)>,
}

impl<C> ConnectionBox<C> {
    pub(super) fn into_raw(connection: C) -> *mut c_void {
        let boxed = ConnectionBox { connection, poisoned: false, lent: Lent::default() };
        Box::into_raw(Box::new(boxed)).cast()
    }
}

impl<S> StatementBox<S> {
    pub(super) fn into_raw(statement: S) -> *mut c_void {
        let boxed = StatementBox {
            statement,
            deferred: None,
            kept: Kept::default(),
            columns: None,
            parameters: None,
        };
        Box::into_raw(Box::new(boxed)).cast()
    }
}

impl Lent {
    /// Keeps a value and makes a cell that borrows it.
    pub(super) fn cell(&mut self, value: Value) -> Option<Cell> {
        self.blocks.clear();
        self.value = value;
        crate::abi::encode::encode(self.value.as_ref(), &mut self.blocks)
    }
}

/// Runs `call` on the connection; a panic in it poisons the connection.
///
/// # Safety
/// `connection` points to a `ConnectionBox<C>` that nothing else uses; `error` is null or valid.
#[inline(always)]
pub(super) unsafe fn guard<C>(
    name: &'static str,
    connection: *mut c_void,
    error: *mut ErrorOut,
    call: impl FnOnce(&mut ConnectionBox<C>) -> Result<i32>,
) -> i32 {
    // SAFETY: the caller vouches for pointer and exclusiveness.
    let boxed = unsafe { &mut *connection.cast::<ConnectionBox<C>>() };
    if boxed.poisoned {
        // SAFETY: as promised for `error`.
        return unsafe { fail(error, &poisoned(name)) };
    }
    match catch_unwind(AssertUnwindSafe(|| call(boxed))) {
        Ok(Ok(status)) => status,
        // SAFETY: as above.
        Ok(Err(failure)) => unsafe { fail(error, &failure) },
        Err(payload) => {
            // SAFETY: the closure that borrowed the box has ended.
            unsafe { (*connection.cast::<ConnectionBox<C>>()).poisoned = true };
            // SAFETY: as above.
            unsafe { fail(error, &panicked(name, payload)) }
        }
    }
}

/// Runs `call`, which touches no connection.
///
/// # Safety
/// `error` is null or valid.
pub(crate) unsafe fn guard_free(
    name: &'static str,
    error: *mut ErrorOut,
    call: impl FnOnce() -> Result<i32>,
) -> i32 {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(status)) => status,
        // SAFETY: as promised.
        Ok(Err(failure)) => unsafe { fail(error, &failure) },
        // SAFETY: as promised.
        Err(payload) => unsafe { fail(error, &panicked(name, payload)) },
    }
}

/// Drops a value whose destructor may panic.
pub(super) fn drop_quietly<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(move || drop(value))) {
        log_panic("drop", payload);
    }
}

/// Runs a call that has no place for an error.
pub(super) fn quietly<R>(name: &'static str, call: impl FnOnce() -> R) -> Option<R> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => Some(value),
        Err(payload) => {
            log_panic(name, payload);
            None
        }
    }
}

#[cold]
fn log_panic(name: &'static str, payload: Box<dyn Any + Send>) {
    let error = panicked(name, payload);
    tracing::error!("{}", error.message());
}

#[cold]
unsafe fn fail(out: *mut ErrorOut, failure: &Error) -> i32 {
    // SAFETY: passed on to the caller. A panic in here would have to come from `Display` of an
    // integer; it is caught by nobody, so nothing of the author's runs in `write`.
    unsafe { failure::write(out, failure) };
    status::ERROR
}

/// The error of a panic that was caught in this function of a dialect.
#[cold]
pub(crate) fn panicked(name: &'static str, payload: Box<dyn Any + Send>) -> Error {
    let text = panic_text(payload);
    let place = take_panic_place().map_or(String::new(), |place| format!(" ({place})"));
    Error::new(ErrorKind::Panic, format!("panicked in {name}(): {text}{place}")).disconnected()
}

#[cold]
fn poisoned(name: &'static str) -> Error {
    Error::new(
        ErrorKind::Panic,
        format!("{name}() refused: this connection panicked earlier and is not used again"),
    )
    .disconnected()
}
