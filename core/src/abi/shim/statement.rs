//! The statement's table: executing and fetching.

use core::ffi::c_void;

use super::guard::{ConnectionBox, StatementBox, drop_quietly, guard, quietly};
use crate::abi::constants::{batch_state, status};
use crate::abi::data::{Batch, CallOptions, ParamSet};
use crate::abi::describe::{ColumnSet, ParameterSet};
use crate::abi::failure::ErrorOut;
use crate::abi::params::ParamRows;
use crate::abi::tables::StatementVt;
use crate::abi::type_desc::Described;
use crate::abi::writer::RowWriter;
use crate::dbapi::{Call, Column, Statement};
use crate::error::{Error, Result};

struct Table<S>(core::marker::PhantomData<S>);

impl<S: Statement> Table<S> {
    const TABLE: StatementVt = StatementVt {
        size: size_of::<StatementVt>(),
        free: Some(free::<S>),
        execute: Some(execute::<S>),
        fetch: Some(fetch::<S>),
        next_result: Some(next_result::<S>),
        execute_many: Some(execute_many::<S>),
        reset: Some(reset::<S>),
        columns: Some(columns::<S>),
        parameters: Some(parameters::<S>),
    };
}

/// The table of a statement type.
pub(super) const fn table<S: Statement>() -> &'static StatementVt {
    &Table::<S>::TABLE
}

unsafe extern "C" fn free<S: Statement>(connection: *mut c_void, statement: *mut c_void) {
    // SAFETY: the host frees a statement once, before its connection, and makes no other call.
    unsafe {
        let mut boxed = Box::from_raw(statement.cast::<StatementBox<S>>());
        let connection = &mut *connection.cast::<ConnectionBox<S::Connection>>();
        if !connection.poisoned
            && quietly("close", || boxed.statement.close(&mut connection.connection)).is_none()
        {
            connection.poisoned = true;
        }
        drop_quietly(boxed);
    }
}

/// Rows before error: what was written is delivered, and the error waits for the next call.
#[inline(always)]
fn settle<T: Default>(
    result: Result<T>,
    mut rows: RowWriter<'_, '_>,
    deferred: &mut Option<Error>,
) -> Result<T> {
    if result.is_err() {
        rows.not_done();
    }
    let (written, misfit) = rows.finish();
    if misfit {
        return Err(Error::internal(
            "the dialect wrote a row that is none: its number of values differs from its number \
             of columns, an array was lent as bytes, or a value is nested too deeply",
        ));
    }
    match result {
        Err(error) if written > 0 => {
            *deferred = Some(error);
            Ok(T::default())
        }
        result => result,
    }
}

unsafe extern "C" fn execute<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    params: *const ParamSet,
    call: *const CallOptions,
    batch: *mut Batch,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: the host passes live handles and pointers that are valid for the call, and never
    // makes two calls at once on a connection; the same holds for every function below.
    unsafe {
        guard::<S::Connection>("execute", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            own.deferred = None;
            let params = ParamRows::new(&*params).row(0);
            let mut rows = RowWriter::new(&mut *batch, &mut own.kept);
            let call = Call::new(CallOptions::read(call));
            let result = own.statement.execute(&mut boxed.connection, params, &mut rows, &call);
            settle(result, rows, &mut own.deferred).map(|()| status::OK)
        })
    }
}

unsafe extern "C" fn fetch<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    call: *const CallOptions,
    batch: *mut Batch,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`.
    unsafe {
        guard::<S::Connection>("fetch", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            let mut rows = RowWriter::new(&mut *batch, &mut own.kept);
            if let Some(error) = own.deferred.take() {
                rows.finish();
                return Err(error);
            }
            let call = Call::new(CallOptions::read(call));
            let result = own.statement.fetch(&mut boxed.connection, &mut rows, &call);
            settle(result, rows, &mut own.deferred).map(|()| status::OK)
        })
    }
}

unsafe extern "C" fn next_result<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    call: *const CallOptions,
    batch: *mut Batch,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`.
    unsafe {
        guard::<S::Connection>("next_result", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            let mut rows = RowWriter::new(&mut *batch, &mut own.kept);
            if let Some(error) = own.deferred.take() {
                rows.finish();
                return Err(error);
            }
            let call = Call::new(CallOptions::read(call));
            let result = own.statement.next_result(&mut boxed.connection, &mut rows, &call);
            // An error after rows stands for a result that is there.
            let there = match &result {
                Ok(there) => *there,
                Err(_) => true,
            };
            settle(result.map(|_| ()), rows, &mut own.deferred)?;
            if !there {
                (*batch).state |= batch_state::DONE;
                return Ok(status::NOTHING);
            }
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn execute_many<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    params: *const ParamSet,
    call: *const CallOptions,
    batch: *mut Batch,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`.
    unsafe {
        guard::<S::Connection>("execute_many", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            own.deferred = None;
            let params = ParamRows::new(&*params);
            let mut rows = RowWriter::new(&mut *batch, &mut own.kept);
            let call = Call::new(CallOptions::read(call));
            let result =
                own.statement.execute_many(&mut boxed.connection, params, &mut rows, &call);
            settle(result, rows, &mut own.deferred).map(|()| status::OK)
        })
    }
}

unsafe extern "C" fn reset<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    call: *const CallOptions,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`.
    unsafe {
        guard::<S::Connection>("reset", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            own.deferred = None;
            own.kept.spill.clear();
            own.statement.reset(&mut boxed.connection, &Call::new(CallOptions::read(call)))?;
            Ok(status::OK)
        })
    }
}

unsafe extern "C" fn columns<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    out: *mut ColumnSet,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`. When the columns are described, rows may be lent: only fields of the
    // shim's own are touched then, and nothing of the dialect's runs.
    unsafe {
        let own = statement.cast::<StatementBox<S>>();
        let described = (*own).kept.described().map(<[Column]>::to_vec);
        if let Some(columns) = described {
            return describe_columns::<S>(own, columns, out);
        }
        guard::<S::Connection>("columns", connection, error, |boxed| {
            let columns = (*own).statement.columns(&boxed.connection)?;
            Ok(describe_columns::<S>(own, columns, out))
        })
    }
}

/// # Safety
/// `own` is a live statement, of which this touches the description alone.
unsafe fn describe_columns<S>(
    own: *mut StatementBox<S>,
    columns: Vec<Column>,
    out: *mut ColumnSet,
) -> i32 {
    let described = Described::columns(&columns);
    // SAFETY: passed on to the caller.
    unsafe {
        let slot = &mut (*own).columns;
        let (_, described) = slot.insert((columns, described));
        let items = described.items();
        *out = ColumnSet { columns: items.as_ptr(), n_columns: items.len() };
    }
    status::OK
}

unsafe extern "C" fn parameters<S: Statement>(
    connection: *mut c_void,
    statement: *mut c_void,
    out: *mut ParameterSet,
    error: *mut ErrorOut,
) -> i32 {
    // SAFETY: see `execute`.
    unsafe {
        guard::<S::Connection>("parameters", connection, error, |boxed| {
            let own = &mut *statement.cast::<StatementBox<S>>();
            let Some(parameters) = own.statement.parameters(&boxed.connection)? else {
                return Ok(status::NOTHING);
            };
            let described = Described::parameters(&parameters);
            let (_, described) = own.parameters.insert((parameters, described));
            *out = ParameterSet {
                parameters: described.items().as_ptr(),
                n_parameters: described.items().len(),
            };
            Ok(status::OK)
        })
    }
}
