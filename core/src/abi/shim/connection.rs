//! The connection's table: preparing, transactions, life and death.

use core::ffi::c_void;

use super::arguments::{directions, text, transaction_options};
use super::guard::{ConnectionBox, StatementBox, drop_quietly, guard, quietly};
use super::{session, statement};
use crate::abi::constants::{prepare_flag, status};
use crate::abi::data::{CallOptions, RawStatement, Str, TransactionArgs};
use crate::abi::failure::ErrorOut;
use crate::abi::tables::{ConnectionVt, Sink};
use crate::dbapi::{
    Call, Connection, PrepareOptions, Savepoint, ScriptOutcome, TransactionState, TwoPhase,
};
use crate::error::{Error, Result};

struct Table<C>(core::marker::PhantomData<C>);

impl<C: Connection> Table<C> {
    const TABLE: ConnectionVt = ConnectionVt {
        size: size_of::<ConnectionVt>(),
        free: Some(free::<C>),
        close: Some(close::<C>),
        prepare: Some(prepare::<C>),
        prepare_call: Some(prepare_call::<C>),
        execute_script: Some(execute_script::<C>),
        begin: Some(begin::<C>),
        commit: Some(commit::<C>),
        rollback: Some(rollback::<C>),
        savepoint: Some(savepoint::<C>),
        two_phase: Some(two_phase::<C>),
        recover: Some(recover::<C>),
        ping: Some(ping::<C>),
        reset_session: Some(reset_session::<C>),
        is_alive: Some(is_alive::<C>),
        transaction_state: Some(transaction_state::<C>),
        cancel_handle: Some(session::cancel_handle::<C>),
        get_option: Some(session::get_option::<C>),
        set_option: Some(session::set_option::<C>),
        next_notice: Some(session::next_notice::<C>),
        next_notification: Some(session::next_notification::<C>),
        bulk_begin: Some(session::bulk_begin::<C>),
        bulk_write: Some(session::bulk_write::<C>),
        bulk_read: Some(session::bulk_read::<C>),
        bulk_end: Some(session::bulk_end::<C>),
        reflect: Some(session::reflect::<C>),
        server_info: Some(session::server_info::<C>),
    };
}

/// The table of a connection type.
pub(super) const fn table<C: Connection>() -> &'static ConnectionVt {
    &Table::<C>::TABLE
}

/// The handle of a new statement.
pub(super) fn raw_statement<C: Connection>(new: C::Statement) -> RawStatement {
    RawStatement {
        data: StatementBox::into_raw(new),
        vt: (&raw const *statement::table::<C::Statement>()).cast(),
    }
}

unsafe extern "C" fn free<C: Connection>(connection: *mut c_void) {
    // SAFETY: the host frees a connection once, after its statements.
    drop_quietly(unsafe { Box::from_raw(connection.cast::<ConnectionBox<C>>()) });
}

/// Functions that take a connection, what the macro names, a call, and an error.
macro_rules! calls {
    ($($name:ident($connection:ident, $call:ident $(, $arg:ident: $ty:ty)*) $body:block)*) => {$(
        unsafe extern "C" fn $name<C: Connection>(
            connection: *mut c_void,
            $($arg: $ty,)*
            call: *const CallOptions,
            error: *mut ErrorOut,
        ) -> i32 {
            // SAFETY: the host passes valid pointers that live for the call, and never makes two
            // calls at once on a connection.
            unsafe {
                guard::<C>(stringify!($name), connection, error, |boxed| {
                    let $connection = &mut boxed.connection;
                    let $call = &Call::new(CallOptions::read(call));
                    let result: Result<()> = $body;
                    result.map(|()| status::OK)
                })
            }
        }
    )*};
}

calls! {
    close(connection, call) { connection.close(call) }
    begin(connection, call, args: *const TransactionArgs) {
        connection.begin(&transaction_options(args)?, call)
    }
    commit(connection, call) { connection.commit(call) }
    rollback(connection, call) { connection.rollback(call) }
    savepoint(connection, call, operation: u32, name: Str) {
        let operation = Savepoint::from_code(operation).ok_or_else(|| unknown("savepoint"))?;
        connection.savepoint(operation, text(name)?, call)
    }
    two_phase(connection, call, operation: u32, xid: Str) {
        let operation = TwoPhase::from_code(operation).ok_or_else(|| unknown("two-phase"))?;
        connection.two_phase(operation, text(xid)?, call)
    }
    ping(connection, call) { connection.ping(call) }
    reset_session(connection, call) { connection.reset_session(call) }
}

#[cold]
fn unknown(what: &str) -> Error {
    Error::not_supported(format!("this {what} operation of a newer host is not known here"))
}

unsafe extern "C" fn prepare<C: Connection>(
    connection: *mut c_void,
    sql: Str,
    flags: u32,
    call: *const CallOptions,
    out: *mut RawStatement,
    consumed: *mut usize,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: as for `calls!`.
    unsafe {
        guard::<C>("prepare", connection, error, |boxed| {
            let sql = text(sql)?;
            let options = PrepareOptions { one_shot: flags & prepare_flag::ONE_SHOT != 0 };
            let prepared =
                boxed.connection.prepare(sql, options, &Call::new(CallOptions::read(call)))?;
            *consumed = prepared.consumed.min(sql.len());
            let Some(new) = prepared.statement else { return Ok(status::NOTHING) };
            *out = raw_statement::<C>(new);
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn prepare_call<C: Connection>(
    connection: *mut c_void,
    procedure: Str,
    direction_bytes: Str,
    call: *const CallOptions,
    out: *mut RawStatement,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: as for `calls!`.
    unsafe {
        guard::<C>("prepare_call", connection, error, |boxed| {
            let directions = directions(direction_bytes);
            let procedure = text(procedure)?;
            let new = boxed.connection.prepare_call(
                procedure,
                &directions,
                &Call::new(CallOptions::read(call)),
            )?;
            *out = raw_statement::<C>(new);
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn execute_script<C: Connection>(
    connection: *mut c_void,
    sql: Str,
    call: *const CallOptions,
    consumed: *mut usize,
    affected: *mut u64,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: as for `calls!`.
    unsafe {
        guard::<C>("execute_script", connection, error, |boxed| {
            let mut outcome = ScriptOutcome::default();
            let result = boxed.connection.execute_script(
                text(sql)?,
                &mut outcome,
                &Call::new(CallOptions::read(call)),
            );
            *consumed = outcome.consumed;
            *affected = outcome.affected;
            result.map(|()| status::OK)
        })
    }
}

unsafe extern "C" fn recover<C: Connection>(
    connection: *mut c_void,
    sink: Sink,
    context: *mut c_void,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: as for `calls!`; the sink copies.
    unsafe {
        guard::<C>("recover", connection, error, |boxed| {
            for xid in boxed.connection.recover(&Call::new(CallOptions::read(call)))? {
                sink(context, Str::new(&xid), Str::EMPTY);
            }
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn is_alive<C: Connection>(connection: *mut c_void) -> u32 {
    // SAFETY: the host passes a live connection and makes no other call on it.
    let boxed = unsafe { &mut *connection.cast::<ConnectionBox<C>>() };
    if boxed.poisoned {
        return 0;
    }
    let alive = quietly("is_alive", || boxed.connection.is_alive());
    boxed.poisoned = alive.is_none();
    u32::from(alive == Some(true))
}

unsafe extern "C" fn transaction_state<C: Connection>(connection: *mut c_void) -> u32 {
    // SAFETY: as for `is_alive`.
    let boxed = unsafe { &mut *connection.cast::<ConnectionBox<C>>() };
    if boxed.poisoned {
        return TransactionState::Unknown.code();
    }
    let state = quietly("transaction_state", || boxed.connection.transaction_state());
    boxed.poisoned = state.is_none();
    state.unwrap_or(TransactionState::Unknown).code()
}
